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
import { label } from "../values";
import { driverGlobals, tampered, webdriverOf } from "./automation";
import { headlessMarks } from "./headless";
import { rendererOf } from "./graphics";
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
  const told = (renderer: string): void => {
    memory.renderer = label(renderer);
    if (renderer) {
      emit({ type: "device", platform: machine.platform, renderer: memory.renderer });
    }
  };
  const askPage = guarded(() => told(rendererOf(target.document.createElement("canvas"))));
  const isKnown = memory.renderer !== undefined;
  const failed = isKnown ? () => {} : askPage;
  if (worker === "off") {
    failed();
    return;
  }
  askWorker(target, {
    blob: worker === "blob",
    differs: (answers) => emit({ type: "device", ...answers }),
    renderer: isKnown ? undefined : (name) => (name ? told(name) : askPage()),
    failed,
  });
});

answerAsWorker();
