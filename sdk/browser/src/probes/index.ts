/**
 * The probes: what a browser answers when it is asked about itself.
 *
 * A file of its own, loaded when the page has nothing better to do. What an answer
 * means is judged by the server; what trips a probe wrongly is written beside it.
 * The same file is the worker that is asked the same questions.
 */
import { guarded, type On } from "../collector";
import type { Memory } from "../session";
import type { Emit, PageWindow } from "../types";
import { driverGlobals, tampered, webdriverOf } from "./automation";
import { headlessMarks } from "./headless";
import { connectionOf, machineOf } from "./machine";
import { consoleTrace, watchStacks } from "./protocol";
import { answerAsWorker, askWorker } from "./worker";

/** What the client lends the probes. */
export interface ProbeTools {
  on: On;
  emit: Emit;
  memory: Memory;
  /** "blob": the page's policy allows workers from blobs; "off": start none. */
  worker?: string;
}

/** Ask everything, once; what comes later is told in further events. */
export const probe = guarded((target: PageWindow, { on, emit, memory, worker }: ProbeTools): void => {
  const machine = machineOf(target, memory);
  const trace = consoleTrace(target);
  emit({
    type: "device",
    webdriver: webdriverOf(target),
    driver_globals: driverGlobals(target),
    headless_marks: headlessMarks(target, machine.brands),
    tampered: tampered(target),
    protocol_traces: trace === undefined ? undefined : trace ? ["console"] : [],
    ...machine,
  });
  const network = connectionOf(target);
  if (network) {
    emit(network);
  }
  watchStacks(on, target, (driver) => emit({ type: "device", protocol_traces: [driver] }));
  if (worker !== "off") {
    askWorker(target, worker === "blob", (answers) => emit({ type: "device", ...answers }));
  }
});

answerAsWorker();
