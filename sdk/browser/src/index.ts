/**
 * The script that a survey page loads.
 *
 * It starts by itself when its tag names a key and a survey. Without a window, or
 * when it is loaded twice, it does nothing.
 */
import { startClient, type Bonafide } from "./client";
import { guarded } from "./collector";
import type { PageWindow } from "./types";

declare global {
  interface Window {
    bonafide?: Bonafide;
  }
}

const SELECTOR = "script[data-key][data-survey]";

function autoStart(target: PageWindow): void {
  const { document } = target;
  // Modules and scripts that were added by a script are not "current".
  const script = (document.currentScript || document.querySelector(SELECTOR)) as HTMLScriptElement | null;
  const { key, survey, respondent, api, page, flushMs } = script?.dataset || {};
  if (!script || !key || !survey || target.bonafide || typeof target.fetch !== "function") {
    return;
  }
  target.bonafide = startClient(target, {
    key,
    survey,
    respondent,
    page,
    api: api || new URL(script.src || document.baseURI).origin,
    flushMs: Number(flushMs) || undefined,
  });
}

if (typeof window !== "undefined" && typeof document !== "undefined") {
  guarded(autoStart)(window as PageWindow);
}
