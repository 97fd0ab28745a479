/** What the probes find, and that they change nothing. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { fnv1a } from "../src/probes/machine";
import { consoleTrace } from "../src/probes/protocol";
import { askWorker } from "../src/probes/worker";
import type { PageWindow } from "../src/types";
import { events, pass, setUp, show, start, tearDown } from "./page";

vi.mock("../src/trust", () => ({ isReal: () => true }));
beforeEach(setUp);
afterEach(tearDown);

const target = window as PageWindow;
const device = async (): Promise<Record<string, unknown>> => {
  start();
  await pass(5_000);
  return events("device")[0]!;
};

test("without probes the rest is told", async () => {
  const client = start({ probes: () => Promise.reject(new Error("blocked")) });
  await pass(5_000);
  await client.flush();
  expect(events("device")).toHaveLength(0);
  expect(events("page")).toHaveLength(1);
});

test.each(["webdriver", "platform"])("a %s that a script gives is named", async (name) => {
  // jsdom's own getters are scripts as well: what is new is what counts.
  const before = (await device()).tampered as string[];
  expect(before).not.toContain("vendor");
  Object.defineProperty(navigator, name, { get: () => "x", configurable: true });
  tearDown();
  setUp();
  expect((await device()).tampered).toContain(name);
  delete (navigator as never)[name];
});

test("two clocks of one browser agree", async () => {
  const { timezone_offset_min: clock, zone_offset_min: zone } = await device();
  expect(zone).toBe(clock === 0 ? 0 : clock);
});

test("a user agent's hash is FNV-1a", () => {
  // The test vectors of the algorithm's authors.
  expect(fnv1a("")).toBe(0x811c9dc5);
  expect(fnv1a("a")).toBe(0xe40c292c);
  expect(fnv1a("foobar")).toBe(0xbf9cf968);
});

function consoleThat(formats: boolean): PageWindow {
  const groupEnd = (error: Error): void => {
    if (formats) {
      (target.Error as never as { prepareStackTrace(): void }).prepareStackTrace();
    }
    void error;
  };
  return { Error, console: { context: () => ({ groupEnd }) } } as never;
}

test("a console that formats errors has a listener", () => {
  expect(consoleTrace(consoleThat(true))).toBe(true);
  expect(consoleTrace(consoleThat(false))).toBe(false);
  expect(consoleTrace({ Error, console: {} } as never)).toBeUndefined();
});

test("the page's way to print stacks is left as it was", () => {
  const mine = (): string => "mine";
  const errors = Error as never as { prepareStackTrace?: unknown };
  errors.prepareStackTrace = mine;
  consoleTrace(consoleThat(true));
  expect(errors.prepareStackTrace).toBe(mine);
  delete errors.prepareStackTrace;
  consoleTrace(consoleThat(true));
  expect("prepareStackTrace" in Error).toBe(false);
});

test("a driver is named when its code gives the focus, once", async () => {
  // jsdom dispatches with more frames than browsers, which have none.
  (Error as never as { stackTraceLimit: number }).stackTraceLimit = 100;
  const field = show<HTMLInputElement>("<input>");
  await device();
  const UtilityScript = (): void => {
    field.focus();
    field.blur();
  };
  field.focus();
  field.blur();
  UtilityScript();
  UtilityScript();
  await pass(5_000);
  const traces = events("device").flatMap((event) => event.protocol_traces || []);
  expect(traces).toEqual(["UtilityScript"]);
});

class FakeWorker {
  static started: string[] = [];
  static answers: (Record<string, unknown> | string)[] = [];
  onmessage?: (event: unknown) => void;
  onerror?: () => void;
  terminate = vi.fn();
  constructor(url: string, { name }: { name: string }) {
    FakeWorker.started.push(name ? `${url} ${name}` : url);
    setTimeout(() => {
      FakeWorker.answers.forEach((data) => this.onmessage?.({ data }));
      if (!FakeWorker.answers.length) {
        this.onerror?.();
      }
    }, 10);
  }
}

function pageWith(origin: string): PageWindow {
  FakeWorker.started = [];
  const { navigator, Blob } = window;
  class Address extends URL {
    override get origin(): string {
      return "https://bonafide.test";
    }
  }
  Object.assign(Address, { createObjectURL: () => "blob:x", revokeObjectURL: () => {} });
  return { Worker: FakeWorker, navigator, location: { origin }, URL: Address, Blob } as never;
}

const differs = vi.fn();
const renderer = vi.fn();
const failed = vi.fn();
beforeEach(() => vi.clearAllMocks());

async function ask(blob: boolean, origin: string, ...answers: typeof FakeWorker.answers): Promise<void> {
  FakeWorker.answers = answers;
  askWorker(pageWith(origin), { blob, differs, renderer, failed });
  await pass(100);
}

test("a worker is asked where the policy surely allows it", async () => {
  await ask(false, "https://survey.test", "a chip");
  expect(FakeWorker.started).toEqual([]);
  expect(failed).toHaveBeenCalledOnce();
  await ask(true, "https://survey.test", "a chip");
  expect(FakeWorker.started).toEqual(["blob:x graphics"]);
  await ask(false, "https://bonafide.test", "a chip");
  expect(FakeWorker.started[0]).toMatch(/worker/);
});

test("what a worker says otherwise is named, what it does not say is not", async () => {
  const facts = { user_agent: "another", platform: navigator.platform, memory: 8 };
  await ask(false, "https://bonafide.test", facts, "a chip");
  expect(differs).toHaveBeenCalledExactlyOnceWith({
    worker_differs: ["user_agent"],
    worker_platform: navigator.platform,
  });
  expect(renderer).toHaveBeenCalledExactlyOnceWith("a chip");
  expect(failed).not.toHaveBeenCalled();
});

test("a worker that may not start is told of", async () => {
  await ask(false, "https://bonafide.test");
  expect(failed).toHaveBeenCalledOnce();
  expect(differs).not.toHaveBeenCalled();
});

test("a page whose chip is known starts no worker for it", () => {
  FakeWorker.answers = [{}];
  askWorker(pageWith("https://bonafide.test"), { blob: false, differs, failed });
  expect(FakeWorker.started[0]).not.toMatch(/ graphics$/);
});
