/** Batches arrive in order, once each, and limits hold. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { batches, events, happen, nextPage, pass, press, reply, sent, setUp, start, startAndSettle, tearDown } from "./page";

vi.mock("../src/trust", () => ({ isReal: () => true }));
beforeEach(setUp);
afterEach(tearDown);

const last = <T>(list: T[]): T => list[list.length - 1]!;
const someone = () => press(document.body, "a", "KeyA");
const stored = () => JSON.parse(sessionStorage.getItem("bonafide:11111111-1111-4111-8111-111111111111")!);
const parked = () =>
  JSON.parse(sessionStorage.getItem("bonafide:11111111-1111-4111-8111-111111111111:unsent") || "[]");
const everywhere = (n: number) => {
  for (let i = 0; i < n; i++) {
    window.document.dispatchEvent(
      Object.assign(new MouseEvent("pointermove", { clientX: i, clientY: i }), { pointerType: "mouse" }),
    );
    press(document.body, "a", "KeyA");
  }
};

test("the session is opened with the publishable key, data sent with the session's token", async () => {
  const client = start({ respondent: "r1" });
  expect(client.sessionId()).toBeNull();
  await pass(1_000);
  expect(sent[0]).toMatchObject({ path: "/api/v1/sessions", token: "Bearer bf_pk_test" });
  expect(JSON.parse(sent[0]!.text)).toEqual({
    survey_id: "11111111-1111-4111-8111-111111111111",
    respondent_id: "r1",
  });
  expect(sent[1]).toMatchObject({ path: "/api/v1/sessions/id-1/data", token: "Bearer token-1", seq: 0 });
  expect(await client.ready).toEqual({ sessionId: "id-1" });
});

test("the first batch goes after half a second, the next after two", async () => {
  start();
  await pass(400);
  expect(batches()).toHaveLength(0);
  // The page is told when there is time: after 200 ms at the latest.
  await pass(400);
  expect(batches()).toHaveLength(1);
  someone();
  await pass(1_900);
  expect(batches()).toHaveLength(1);
  await pass(200);
  expect(batches()).toHaveLength(2);
});

test("nothing is sent while nothing happens", async () => {
  await startAndSettle();
  await pass(60_000);
  expect(sent).toHaveLength(0);
});

test("a full batch does not wait, and holds 400 events at most", async () => {
  await startAndSettle();
  everywhere(250);
  await pass(0);
  expect(batches().length).toBeGreaterThan(0);
  await pass(5_000);
  const sizes = batches().map((batch) => batch.events.length);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(400);
  expect(events("keydown")).toHaveLength(250);
  expect(Math.max(...batches().map((batch) => batch.text.length))).toBeLessThan(50_000);
});

test("time never decreases, and seq has no gaps", async () => {
  start();
  for (let i = 0; i < 20; i++) {
    someone();
    await pass(700);
  }
  const times = batches().flatMap((batch) => batch.events.map((event) => event.t));
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(batches().map(({ seq }) => seq)).toEqual(batches().map((_, index) => index));
});

test("a lost batch is sent again, byte for byte, before any other", async () => {
  await startAndSettle();
  reply("lost", { status: 500 }, { status: 502 });
  someone();
  await pass(2_000);
  someone();
  await pass(20_000);
  const texts = batches().map(({ text }) => text);
  expect(new Set(texts.slice(0, 4)).size).toBe(1);
  expect(batches().map(({ seq }) => seq)).toEqual([1, 1, 1, 1, 2]);
});

test("a refused batch is dropped, the next goes", async () => {
  await startAndSettle();
  reply({ status: 400, body: { code: "invalid" } });
  someone();
  await pass(2_100);
  someone();
  await pass(2_100);
  expect(batches().map(({ seq }) => seq)).toEqual([1, 2]);
});

test("a number that is taken is replaced by the one that the server names", async () => {
  await startAndSettle();
  reply({ status: 409, body: { code: "seq_reused", next_seq: 7 } });
  someone();
  await pass(2_100);
  someone();
  await pass(2_100);
  expect(batches().map(({ seq }) => seq)).toEqual([1, 7, 8]);
  expect(batches()[1]!.events).toEqual(batches()[0]!.events);
});

test("a closed session ends it, here and on the next page", async () => {
  await startAndSettle();
  reply({ status: 409, body: { code: "session_closed", collect: false } });
  someone();
  await pass(2_100);
  sent.length = 0;
  someone();
  await pass(10_000);
  await nextPage();
  start();
  someone();
  await pass(10_000);
  expect(sent).toHaveLength(0);
});

test("the server's off is obeyed and remembered", async () => {
  await startAndSettle();
  reply({ status: 200, body: { accepted: true, collect: false } });
  someone();
  await pass(2_100);
  sent.length = 0;
  await nextPage();
  const client = start();
  someone();
  await pass(10_000);
  expect(sent).toHaveLength(0);
  expect(client.sessionId()).toBe("id-1");
});

test("an expired token opens one new session, and no more than one", async () => {
  await startAndSettle();
  someone();
  reply({ status: 401 });
  await pass(5_000);
  expect(sent.filter(({ path }) => path.endsWith("/sessions"))).toHaveLength(1);
  expect(batches()[1]).toMatchObject({ path: "/api/v1/sessions/id-2/data", seq: 0 });
  expect(batches()[1]!.events.filter(({ type }) => type === "keydown")).toHaveLength(1);
  expect(batches()[1]!.events[0]!.t).toBe(0);
  expect(events("page")).toHaveLength(1);
  reply({ status: 404 });
  someone();
  await pass(60_000);
  expect(sent.filter(({ path }) => path.endsWith("/sessions"))).toHaveLength(1);
});

test("a batch that is too large is halved", async () => {
  await startAndSettle();
  reply({ status: 413 });
  for (let i = 0; i < 10; i++) {
    someone();
  }
  await pass(2_100);
  expect(batches().map((batch) => batch.events.length)).toEqual([20, 10, 10]);
  expect(batches().map(({ seq }) => seq)).toEqual([1, 1, 2]);
});

test.each(["30", () => new Date(Date.now() + 32_000).toUTCString()])(
  "the server is given the time that it asks for: %s", async (when) => {
  const client = await startAndSettle();
  reply({ status: 429, headers: { "Retry-After": typeof when === "string" ? when : when() } });
  someone();
  await pass(2_100);
  await client.flush();
  await pass(27_000);
  expect(batches()).toHaveLength(1);
  await pass(3_100);
  expect(batches().map(({ seq }) => seq)).toEqual([1, 1]);
});

test("a page that is left sends what fits and keeps everything for the next page", async () => {
  start();
  await pass(600);
  everywhere(100);
  for (let i = 0; i < 6; i++) {
    reply("lost");
  }
  await nextPage();
  const leaving = batches().filter(({ keepalive }) => keepalive);
  expect(leaving.length).toBeGreaterThan(0);
  expect(leaving.reduce((bytes, { text }) => bytes + text.length, 0)).toBeLessThan(60_001);
  expect(parked().map(({ seq }: { seq: number }) => seq)).toEqual(leaving.map(({ seq }) => seq));
  sent.length = 0;
  start();
  await pass(70_000);
  expect(batches()[0]).toMatchObject({ text: leaving[0]!.text, path: "/api/v1/sessions/id-1/data" });
  expect(parked()).toEqual([]);
});

test("movements are the first to go when the tab's storage is too small", async () => {
  await startAndSettle();
  window.fetch = (() => Promise.reject(new TypeError("network"))) as typeof window.fetch;
  someone();
  for (let i = 0; i < 3_000; i++) {
    happen(document.body, new MouseEvent("pointermove", { clientX: i, bubbles: true }), {
      pointerType: "mouse",
      timeStamp: i * 20,
    });
  }
  await nextPage();
  const kept = parked().flatMap((batch: { events: { type: string; x: number }[] }) => batch.events);
  expect(JSON.stringify(parked()).length).toBeLessThan(202_000);
  expect(kept.filter(({ type }: { type: string }) => type.startsWith("key"))).toHaveLength(2);
  expect(kept.length).toBeGreaterThan(1_000);
  expect(last(kept)).toMatchObject({ type: "mousemove", x: 2_999 });
});

test("memory is bounded when the server cannot be reached", async () => {
  await startAndSettle();
  for (let i = 0; i < 200; i++) {
    reply("lost");
  }
  everywhere(4_000);
  await pass(0);
  await nextPage();
  expect(parked().flatMap((batch: { events: object[] }) => batch.events).length).toBeLessThan(5_500);
});

test("the next page goes on: same session, later time, higher numbers", async () => {
  await startAndSettle();
  someone();
  await pass(2_100);
  const before = last(batches());
  await nextPage();
  await pass(5_000);
  sent.length = 0;
  start();
  someone();
  await pass(600);
  expect(sent.every(({ path }) => path.endsWith("id-1/data"))).toBe(true);
  expect(batches()[0]!.seq).toBe(before.seq + 1);
  expect(batches()[0]!.events[0]!.t).toBeGreaterThan(last(before.events).t + 4_000);
  expect(stored().seq).toBe(before.seq + 2);
});

test("a clock that is set back does not turn time back", async () => {
  await startAndSettle();
  someone();
  await pass(2_100);
  const before = last(last(batches()).events).t;
  await nextPage();
  vi.setSystemTime(new Date("2026-01-01T11:59:00Z"));
  start();
  someone();
  await pass(600);
  expect(last(batches()).events[0]!.t).toBeGreaterThanOrEqual(before);
});

test("another respondent in the same tab is another session", async () => {
  await startAndSettle({ respondent: "r1" });
  await nextPage();
  start({ respondent: "r2" });
  await pass(800);
  expect(last(sent).path).toBe("/api/v1/sessions/id-2/data");
});

test("a page that comes back from the cache goes on where the tab is now", async () => {
  await startAndSettle();
  window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true }));
  const memory = stored();
  sessionStorage.setItem(
    "bonafide:11111111-1111-4111-8111-111111111111",
    JSON.stringify({ ...memory, seq: 9, t: memory.t + 60_000 }),
  );
  window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
  someone();
  await pass(2_100);
  expect(last(batches()).seq).toBe(9);
  expect(last(batches()).events[0]!.t).toBeGreaterThanOrEqual(memory.t + 60_000);
});

test("complete() sends the rest, ends the session and stops", async () => {
  const client = await startAndSettle();
  someone();
  await client.complete();
  expect(sent.map(({ path }) => path)).toEqual([
    "/api/v1/sessions/id-1/data",
    "/api/v1/sessions/id-1/complete",
  ]);
  someone();
  await pass(10_000);
  expect(sent).toHaveLength(2);
});

test("complete() does not wait for ever for a session that cannot be opened", async () => {
  window.fetch = (() => Promise.reject(new TypeError("network"))) as typeof window.fetch;
  const client = start();
  let done = false;
  void client.complete().then(() => (done = true));
  await pass(6_000);
  expect(done).toBe(true);
});

test("status() answers what the server says, {} when it cannot be asked", async () => {
  const client = start();
  expect(await client.status()).toEqual({});
  await pass(1_000);
  expect(await client.status()).toEqual({ status: "active" });
});

test("a key that is refused ends it without a second try", async () => {
  const refuse = vi.fn(() => Promise.resolve(new Response("{}", { status: 401 })));
  window.fetch = refuse as unknown as typeof window.fetch;
  start();
  someone();
  await pass(120_000);
  expect(refuse).toHaveBeenCalledTimes(1);
});

test("a tab without storage works as long as its page", async () => {
  vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new Error("forbidden");
  });
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new Error("forbidden");
  });
  start();
  someone();
  await pass(1_000);
  expect(events("keydown")).toHaveLength(1);
});
