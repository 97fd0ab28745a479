/** A page to test on: a server that answers as told, and time that is turned by hand. */
import { vi } from "vitest";
import { startClient, type Bonafide, type Options } from "../src/client";
import * as probes from "../src/probes";
import type { PageWindow, WireEvent } from "../src/types";

export interface Sent {
  path: string;
  token: string;
  keepalive: boolean;
  text: string;
  seq: number;
  events: WireEvent[];
}

export interface Reply {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

export const sent: Sent[] = [];
const replies: (Reply | "lost")[] = [];
const listeners: [EventTarget, string, EventListenerOrEventListenerObject, unknown][] = [];
// The test window's own methods are bound to another object than its prototype's.
const add = EventTarget.prototype.addEventListener;
const addToWindow = window.addEventListener;

/** Say what the next batches are answered; after that they are accepted. */
export function reply(...next: (Reply | "lost")[]): void {
  replies.push(...next);
}

/** Get the batches that were sent, in order. */
export function batches(): Sent[] {
  return sent.filter(({ path }) => path.endsWith("/data"));
}

/** Get all events of a type that were sent. */
export function events(type: string): Record<string, unknown>[] {
  return batches().flatMap((batch) =>
    batch.events.filter((event) => event.type === type),
  ) as unknown as Record<string, unknown>[];
}

let opened = 0;

function answer(path: string): Reply | "lost" {
  if (path.endsWith("/sessions")) {
    opened++;
    return { status: 201, body: { id: `id-${opened}`, token: `token-${opened}`, status: "active" } };
  }
  if (path.endsWith("/data")) {
    return replies.shift() || { status: 200, body: { accepted: true } };
  }
  return { status: 200, body: { status: "active" } };
}

async function fetch(url: string, init: RequestInit): Promise<Response> {
  const path = new URL(url).pathname;
  const text = String(init.body || "");
  const { seq, events: list } = JSON.parse(text || "{}") as { seq: number; events: WireEvent[] };
  sent.push({
    path,
    text,
    seq,
    events: list,
    keepalive: !!init.keepalive,
    token: (init.headers as Record<string, string>).Authorization || "",
  });
  const how = answer(path);
  if (how === "lost") {
    throw new TypeError("network");
  }
  return new Response(JSON.stringify(how.body || {}), { status: how.status, headers: how.headers });
}

/** Make a fresh page and a fresh tab. */
export function setUp(): void {
  vi.useFakeTimers();
  vi.setSystemTime(new Date("2026-01-01T12:00:00Z"));
  vi.stubGlobal("CompressionStream", undefined);
  vi.stubGlobal("PointerEvent", MouseEvent);
  window.fetch = vi.fn(fetch) as unknown as typeof window.fetch;
  HTMLCanvasElement.prototype.getContext = () => null;
  EventTarget.prototype.addEventListener = function (type, listener, options) {
    listeners.push([this, type, listener!, options]);
    add.call(this, type, listener, options);
  };
  window.addEventListener = ((type: string, listener: EventListener, options: unknown) => {
    listeners.push([window, type, listener, options]);
    addToWindow(type, listener, options as EventListenerOptions);
  }) as typeof window.addEventListener;
  sent.length = replies.length = opened = 0;
  sessionStorage.clear();
  document.body.innerHTML = "";
}

/** Take the page away, as far as the client is concerned. */
export function tearDown(): void {
  for (const [target, type, listener, options] of listeners.splice(0)) {
    target.removeEventListener(type, listener, options as EventListenerOptions);
  }
  EventTarget.prototype.addEventListener = add;
  window.addEventListener = addToWindow;
  vi.useRealTimers();
  vi.unstubAllGlobals();
}

/** Start a client with the usual options. */
export function start(options: Partial<Options> = {}): Bonafide {
  const client = startClient(window as PageWindow, {
    key: "bf_pk_test",
    survey: "11111111-1111-4111-8111-111111111111",
    api: "https://bonafide.test",
    probes: () => Promise.resolve(probes),
    flushMs: 2_000,
    ...options,
  });
  // It begins in a task of its own.
  vi.advanceTimersByTime(0);
  return client;
}

/** Start, and wait until the session is open and the first batch is gone. */
export async function startAndSettle(options: Partial<Options> = {}): Promise<Bonafide> {
  const client = start(options);
  await vi.advanceTimersByTimeAsync(1_000);
  sent.length = 0;
  return client;
}

/** Go to the next page of the survey. */
export async function nextPage(): Promise<void> {
  window.dispatchEvent(new PageTransitionEvent("pagehide", { persisted: false }));
  await vi.advanceTimersByTimeAsync(0);
  for (const [target, type, listener, options] of listeners.splice(0)) {
    target.removeEventListener(type, listener, options as EventListenerOptions);
  }
}

export const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

/** Put HTML on the page and get its first element. */
export function show<T extends Element = HTMLElement>(html: string): T {
  document.body.innerHTML = html;
  return document.body.firstElementChild as T;
}

/** Dispatch an event that bubbles, with what its constructor does not take. */
export function happen(target: EventTarget, event: Event, more: object = {}): void {
  for (const [name, value] of Object.entries(more)) {
    Object.defineProperty(event, name, { value });
  }
  target.dispatchEvent(event);
}

export function press(target: EventTarget, key: string, code = "", more: KeyboardEventInit = {}): void {
  const init = { key, code, bubbles: true, composed: true, ...more };
  happen(target, new KeyboardEvent("keydown", init));
  happen(target, new KeyboardEvent("keyup", init));
}

export function type(field: HTMLInputElement | HTMLTextAreaElement, text: string): void {
  for (const char of text) {
    press(field, char, "KeyA");
    field.value += char;
    happen(field, new InputEvent("input", { inputType: "insertText", data: char, bubbles: true }));
  }
}
