/** How the client lives on a page that it must not disturb. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { startClient } from "../src/client";
import type { PageWindow } from "../src/types";
import { batches, events, happen, pass, press, sent, setUp, show, start, startAndSettle, tearDown } from "./page";

beforeEach(setUp);
afterEach(tearDown);

test("hidden inputs get the session, also those that come later", async () => {
  show('<form><input type="hidden" data-bonafide="session"><input data-bonafide="token"></form>');
  start();
  await pass(10);
  const [session, visible] = document.querySelectorAll("input");
  expect([session!.value, visible!.value]).toEqual(["id-1", ""]);
  const form = show<HTMLFormElement>('<form><input type="hidden" data-bonafide="token"></form>');
  happen(form, new Event("submit", { bubbles: true, cancelable: true }));
  expect(form.querySelector("input")!.value).toBe("token-1");
});

test("a submitted form sends what there is, so that it outlives the page", async () => {
  await startAndSettle();
  const form = show("<form></form>");
  press(form, "a", "KeyA");
  happen(form, new Event("submit", { bubbles: true }));
  await pass(0);
  expect(batches()).toMatchObject([{ keepalive: true }]);
});

test("a page that is hidden sends what there is", async () => {
  await startAndSettle();
  press(document.body, "a", "KeyA");
  vi.spyOn(document, "visibilityState", "get").mockReturnValue("hidden");
  document.dispatchEvent(new Event("visibilitychange"));
  await pass(0);
  expect(batches()).toMatchObject([{ keepalive: true }]);
});

test("the page is told when the session is open", async () => {
  const told = vi.fn();
  window.addEventListener("bonafide:ready", (event) => told((event as CustomEvent).detail));
  const client = start();
  await pass(10);
  expect(told).toHaveBeenCalledWith({ sessionId: "id-1" });
  expect(await client.ready).toEqual({ sessionId: "id-1" });
});

test("stop() leaves no listener of a collector behind", async () => {
  const counts = new Map<string, number>();
  for (const place of [window, EventTarget.prototype]) {
    const { addEventListener: add, removeEventListener: remove } = place;
    vi.spyOn(place, "addEventListener").mockImplementation(function (this: EventTarget, ...args) {
      counts.set(args[0], (counts.get(args[0]) || 0) + 1);
      add.apply(this, args);
    });
    vi.spyOn(place, "removeEventListener").mockImplementation(function (this: EventTarget, ...args) {
      counts.set(args[0], counts.get(args[0])! - 1);
      remove.apply(this, args);
    });
  }
  const client = start();
  expect(counts.get("keydown")).toBeGreaterThan(0);
  client.stop();
  const left = [...counts].filter(([, number]) => number > 0).map(([type]) => type);
  // What hands the session to forms and ends a page's visit stays.
  expect(left.sort()).toEqual(["pagehide", "pageshow", "submit", "visibilitychange"]);
});

test("a failure of ours is not the page's", async () => {
  await startAndSettle();
  const failed = vi.fn();
  window.addEventListener("error", failed);
  const button = show("<button>x</button>");
  button.getBoundingClientRect = () => {
    throw new Error("ours");
  };
  let heard = 0;
  button.addEventListener("click", () => heard++);
  expect(() => button.click()).not.toThrow();
  expect(heard).toBe(1);
  expect(failed).not.toHaveBeenCalled();
});

test("what a script dispatches draws no path and opens no touch", async () => {
  await startAndSettle();
  happen(document.body, new MouseEvent("pointermove", { bubbles: true }), { pointerType: "mouse" });
  happen(document.body, new Event("touchstart", { bubbles: true }), { changedTouches: [{ identifier: 1 }] });
  press(document.body, "a", "KeyA");
  await pass(3_000);
  expect(batches().flatMap((batch) => batch.events.map((event) => event.type))).toEqual(["keydown", "keyup"]);
});

test("the tag starts the client, with the script's own origin", async () => {
  const script = document.createElement("script");
  Object.assign(script.dataset, { key: "bf_pk_tag", survey: "s", page: "p" });
  script.setAttribute("src", "https://survey.test/static/tracking-client.js");
  script.type = "text/plain";
  document.head.append(script);
  await import("../src/index");
  await pass(1_000);
  expect(window.bonafide!.sessionId()).toBe("id-1");
  expect(sent[0]!.token).toBe("Bearer bf_pk_tag");
  expect(vi.mocked(window.fetch).mock.calls[0]![0]).toBe("https://survey.test/api/v1/sessions");
  const first = window.bonafide;
  vi.resetModules();
  await import("../src/index");
  expect(window.bonafide).toBe(first);
  script.remove();
});

test("what a page asks for before its turn has come is not lost", async () => {
  const client = startClient(window as PageWindow, { key: "k", survey: "s", api: "https://bonafide.test" });
  expect(sent).toHaveLength(0);
  client.track("at once");
  await pass(1_000);
  expect(events("track")).toHaveLength(1);
});

test("a page that takes consent back at once begins nothing", async () => {
  const client = startClient(window as PageWindow, { key: "k", survey: "s", api: "https://bonafide.test" });
  client.consent(false);
  await pass(1_000);
  expect([sent.length, sessionStorage.length]).toEqual([0, 0]);
});
