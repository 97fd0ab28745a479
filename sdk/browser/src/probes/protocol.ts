/** What a debugging protocol leaves while it drives a browser. */
import type { On } from "../collector";
import type { PageWindow } from "../types";

interface MoreConsole {
  /** Chromium's: a console whose methods no page has wrapped. */
  context?: (name: string) => { groupEnd(error: Error): void };
}
interface MoreError extends ErrorConstructor {
  prepareStackTrace?: unknown;
}

/**
 * Say whether somebody listens to the console, undefined where that cannot be told.
 *
 * With a listener (`Runtime.enable`) V8 formats an error that is logged, and asks the
 * page how. Ending a group that was never begun shows nothing. Tried on Chromium 156:
 * true under Playwright, false without a driver. Wrongly: open developer tools.
 */
export function consoleTrace({ console, Error }: PageWindow): boolean | undefined {
  const errors = Error as MoreError;
  const before = Object.getOwnPropertyDescriptor(errors, "prepareStackTrace");
  const silent = (console as MoreConsole).context?.("");
  if (!silent || before?.configurable === false) {
    return undefined;
  }
  let heard = false;
  try {
    Object.defineProperty(errors, "prepareStackTrace", {
      configurable: true,
      value: () => (heard = true),
    });
    silent.groupEnd(new errors());
  } finally {
    delete errors.prepareStackTrace;
    if (before) {
      Object.defineProperty(errors, "prepareStackTrace", before);
    }
  }
  return heard;
}

// What Playwright's, Puppeteer's, Pyppeteer's evaluated code is called on a stack.
const DRIVERS = /\b(UtilityScript|pptr|__(puppeteer|pyppeteer)_evaluation_script__)/;

/**
 * Report a driver's name when its code stands behind an event.
 *
 * Focusing, clicking and dispatching by script run our listener within the script's
 * call. Wrongly: nothing known; a page would have to use these names.
 */
export function watchStacks(on: On, { document, Error }: PageWindow, report: (driver: string) => void): void {
  const known = new Set<string>();
  const look = (event: Event): void => {
    // Focus is real even when a script gives it; all else would not be trusted.
    if (event.type === "focusin" || !event.isTrusted) {
      const name = DRIVERS.exec(new Error().stack || "")?.[1];
      if (name && !known.has(name)) {
        known.add(name);
        report(name);
      }
    }
  };
  for (const type of ["focusin", "click", "input", "change", "keydown"] as const) {
    on(document, type, look, { anywhere: true });
  }
}
