/** What a page tells of itself: where it is, what it tracks, which variant it shows. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { batches, events, nextPage, pass, setUp, start, startAndSettle, tearDown } from "./page";

vi.mock("../src/trust", () => ({ isReal: () => true }));
beforeEach(() => {
  setUp();
  history.replaceState(null, "", "/survey");
});
afterEach(() => {
  delete (window as never)["navigation"];
  tearDown();
});

function pages(): unknown[] {
  return events("page").map(({ id, words }) => [id, words]);
}

test("a router's step is a page, where the browser tells of it", async () => {
  const navigation = new EventTarget();
  Object.assign(window, { navigation });
  document.body.innerHTML = "one two";
  const client = await startAndSettle({ page: "first" });
  history.pushState(null, "", "/survey/2");
  navigation.dispatchEvent(new Event("currententrychange"));
  document.body.innerHTML = "one two three";
  await pass(1_000);
  history.replaceState({ scroll: 100 }, "", "/survey/2");
  navigation.dispatchEvent(new Event("currententrychange"));
  await pass(1_000);
  await client.flush();
  expect(pages()).toEqual([["", 3]]);
});

test.each([
  ["#/2", [["", 0]]],
  ["#!2", [["", 0]]],
  ["#question-2", []],
])("without that, going to %s is noticed as %j", async (hash, told) => {
  const client = await startAndSettle();
  history.replaceState(null, "", hash);
  window.dispatchEvent(new Event("hashchange"));
  await pass(1_000);
  await client.flush();
  expect(pages()).toEqual(told);
});

test("a page that tells of itself is believed, and not told twice", async () => {
  const client = await startAndSettle();
  history.pushState(null, "", "/survey/2");
  window.dispatchEvent(new Event("popstate"));
  document.body.innerHTML = "a b c d";
  client.page("income");
  await pass(1_000);
  await client.flush();
  expect(pages()).toEqual([["income", 4]]);
});

test("addresses go nowhere", async () => {
  const client = await startAndSettle();
  history.pushState(null, "", "/survey/anna-schmidt?mail=anna@example.org#/anna");
  window.dispatchEvent(new Event("popstate"));
  await pass(1_000);
  await client.flush();
  expect(JSON.stringify(batches())).not.toMatch(/anna|survey\//);
});

test("what a page tracks is sent with its number, within limits", async () => {
  const client = await startAndSettle();
  client.track("signed-up");
  client.track("basket", 12.5);
  client.track("x".repeat(100), Infinity);
  client.track({} as never, "no number" as never);
  await client.flush();
  expect(events("track").map(({ name, value }) => [name, value])).toEqual([
    ["signed-up", undefined],
    ["basket", 12.5],
    ["x".repeat(64), 1e12],
    ["[object Object]", 0],
  ]);
});

test("variants are known from the session's opening on, on each page", async () => {
  const open = vi.mocked(window.fetch).getMockImplementation()!;
  vi.mocked(window.fetch).mockImplementation(async (url, init) => {
    const answer = await open(url, init);
    const body = (await answer.json()) as object;
    return new Response(JSON.stringify({ ...body, variants: { wording: "short" } }), { status: answer.status });
  });
  const client = start();
  expect(client.variant("wording")).toBeNull();
  await pass(1_000);
  expect([client.variant("wording"), client.variant("other")]).toEqual(["short", null]);
  await nextPage();
  expect(start().variant("wording")).toBe("short");
});

test("the page is told first, as of when it came, however soon something happens", async () => {
  document.body.innerHTML = "one two";
  const client = start();
  await pass(100);
  document.body.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }));
  await client.flush();
  await pass(1_000);
  const [first, second] = batches().flatMap((batch) => batch.events);
  expect([first!.type, second!.type]).toEqual(["page", "mousedown"]);
  expect(second!.t - first!.t).toBeGreaterThanOrEqual(100);
});

test("a page that is left at once is told of", async () => {
  start();
  await pass(50);
  await nextPage();
  expect(events("page")).toHaveLength(1);
});
