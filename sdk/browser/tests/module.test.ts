/** The client as a page imports it. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { pass, sent, setUp, tearDown } from "./page";

const OPTIONS = { key: "bf_pk_module", survey: "s", api: "https://bonafide.test" };

beforeEach(() => {
  setUp();
  vi.resetModules();
  delete window.bonafide;
});
afterEach(() => {
  tearDown();
  delete window.bonafide;
});

test("start() begins once, and is the page's client", async () => {
  const { start } = await import("../src/module");
  const client = start(OPTIONS);
  expect(start({ ...OPTIONS, key: "another" })).toBe(client);
  expect(window.bonafide).toBe(client);
  await pass(1_000);
  expect(client!.sessionId()).toBe("id-1");
  expect(sent[0]!.token).toBe("Bearer bf_pk_module");
});

test("before start() nothing is tracked and there is no variant", async () => {
  const { track, variant } = await import("../src/module");
  track("early");
  expect(variant("wording")).toBeNull();
  await pass(1_000);
  expect(sent).toEqual([]);
});

test("a tag's client is taken over", async () => {
  const { start } = await import("../src/module");
  const first = start(OPTIONS);
  vi.resetModules();
  const again = await import("../src/module");
  expect(again.start(OPTIONS)).toBe(first);
});

test("on a server there is no client", async () => {
  const { start, track, variant } = await import("../src/module");
  vi.stubGlobal("window", undefined);
  expect(start(OPTIONS)).toBeNull();
  track("x");
  expect(variant("x")).toBeNull();
  vi.unstubAllGlobals();
});
