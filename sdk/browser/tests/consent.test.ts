/** Nothing happens before it may, and nothing is left when it may not any more. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { batches, nextPage, pass, press, sent, setUp, start, startAndSettle, tearDown } from "./page";

vi.mock("../src/trust", () => ({ isReal: () => true }));
beforeEach(setUp);
afterEach(tearDown);

function say(signals: object): void {
  for (const [name, value] of Object.entries(signals)) {
    Object.defineProperty(navigator, name, { value, configurable: true });
  }
}
afterEach(() => {
  delete (navigator as never)["globalPrivacyControl"];
  delete (navigator as never)["doNotTrack"];
});

test("where consent is required, nothing is heard, stored or sent before it", async () => {
  const add = vi.spyOn(EventTarget.prototype, "addEventListener");
  const read = vi.spyOn(Storage.prototype, "getItem");
  const client = start({ consent: "required" });
  press(document.body, "a", "KeyA");
  await client.flush();
  await client.complete();
  client.track("early");
  client.page("early");
  await pass(10_000);
  expect([sent.length, sessionStorage.length, add.mock.calls.length]).toEqual([0, 0, 0]);
  expect(read).not.toHaveBeenCalled();
  expect([client.sessionId(), await client.status()]).toEqual([null, {}]);
  client.consent(true);
  press(document.body, "b", "KeyB");
  await pass(3_000);
  expect(client.sessionId()).toBe("id-1");
  const keys = batches().flatMap(({ events }) => events.filter(({ type }) => type === "keydown"));
  expect(keys).toHaveLength(1);
});

test("consent that is taken back leaves nothing in the tab", async () => {
  const client = await startAndSettle({ consent: "required" });
  client.consent(true);
  await pass(1_000);
  expect(sessionStorage.length).toBeGreaterThan(0);
  sent.length = 0;
  press(document.body, "a", "KeyA");
  client.consent(false);
  document.querySelectorAll("*").forEach((element) => press(element, "b", "KeyB"));
  await nextPage();
  await pass(10_000);
  expect([sent.length, sessionStorage.length, client.sessionId()]).toEqual([0, 0, null]);
});

test("consent that is given again begins another session", async () => {
  const client = start();
  await pass(1_000);
  client.consent(false);
  client.consent(true);
  await pass(1_000);
  expect(client.sessionId()).toBe("id-2");
});

test.each([
  ["gpc", { globalPrivacyControl: true }, 0],
  ["gpc dnt", { doNotTrack: "1" }, 0],
  ["dnt", { globalPrivacyControl: true }, 1],
  ["gpc", { doNotTrack: "1" }, 1],
  ["gpc dnt", { globalPrivacyControl: false, doNotTrack: "0" }, 1],
  ["", { globalPrivacyControl: true, doNotTrack: "1" }, 1],
])("obeying %j, a browser that says %j opens %i sessions", async (obey, signals, opened) => {
  say(signals);
  const client = start({ obey });
  await pass(1_000);
  expect(sent.filter(({ path }) => path.endsWith("/sessions"))).toHaveLength(opened);
  client.consent(true);
  await pass(1_000);
  expect(client.sessionId()).toBe("id-1");
});
