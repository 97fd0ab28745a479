// @vitest-environment node
/** Where there is no window, and how bodies are compressed. */
import { expect, test, vi } from "vitest";
import { createHttp } from "../src/http";

test("loading does nothing where there is no window", async () => {
  await expect(import("../src/index")).resolves.toBeDefined();
  expect(typeof window).toBe("undefined");
});

const ask = async (json: string, keepalive = false) => {
  const fetch = vi.fn((_url: string, _init: RequestInit) => Promise.resolve(new Response("{}")));
  await createHttp({ fetch } as unknown as Window)({ url: "https://x.test", token: "t", json, keepalive });
  return fetch.mock.calls[0]![1];
};

test("large bodies are compressed", async () => {
  const json = JSON.stringify("x".repeat(5_000));
  const init = await ask(json);
  expect(init.headers).toMatchObject({ "Content-Encoding": "gzip" });
  const plain = new Response(init.body).body!.pipeThrough(new DecompressionStream("gzip"));
  expect(await new Response(plain).text()).toBe(json);
});

test("small bodies and last words are not", async () => {
  expect((await ask('"x"')).body).toBe('"x"');
  const long = JSON.stringify("x".repeat(5_000));
  expect((await ask(long, true)).body).toBe(long);
});

test("a body that is not JSON, or none, is an empty answer", async () => {
  const http = createHttp({ fetch: () => Promise.resolve(new Response("<html>")) } as unknown as Window);
  expect(await http({ url: "https://x.test", token: "t" })).toEqual({ status: 200, body: {}, waitMs: 0 });
});
