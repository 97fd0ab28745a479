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
  static answers: Record<string, unknown> = {};
  onmessage?: (event: unknown) => void;
  terminate = vi.fn();
  constructor(url: string) {
    FakeWorker.started.push(url);
    setTimeout(() => this.onmessage?.({ data: FakeWorker.answers }), 10);
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

test("a worker is asked where the policy surely allows it", async () => {
  const report = vi.fn();
  askWorker(pageWith("https://survey.test"), false, report);
  expect(FakeWorker.started).toEqual([]);
  askWorker(pageWith("https://survey.test"), true, report);
  expect(FakeWorker.started).toEqual(["blob:x"]);
  askWorker(pageWith("https://bonafide.test"), false, report);
  expect(FakeWorker.started[0]).toMatch(/worker/);
});

test("what a worker says otherwise is named, what it does not say is not", async () => {
  const report = vi.fn();
  FakeWorker.answers = { user_agent: "another", platform: navigator.platform, memory: 8 };
  askWorker(pageWith("https://bonafide.test"), false, report);
  await pass(100);
  expect(report).toHaveBeenCalledWith({
    worker_differs: ["user_agent"],
    worker_platform: navigator.platform,
  });
});
