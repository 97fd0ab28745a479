/**
 * The script that a survey page loads.
 *
 * It starts by itself when its tag names a key and a survey. Without a window, or
 * when it is loaded twice, it does nothing.
 */
import { startClient } from "./client";
import { guarded } from "./collector";
import type { Options } from "./options";
import type { PageWindow } from "./types";

/** The release, which the build fills in: browsers keep old files for a while. */
declare const VERSION: string;

const SELECTOR = "script[data-key][data-survey]";

function autoStart(target: PageWindow): void {
  const { document } = target;
  // Modules and scripts that were added by a script are not "current".
  const script = (document.currentScript || document.querySelector(SELECTOR)) as HTMLScriptElement | null;
  const { key, survey, api, flushMs, ...more } = script?.dataset || {};
  if (!script || !key || !survey || target.bonafide || typeof target.fetch !== "function") {
    return;
  }
  const source = script.src || document.baseURI;
  target.bonafide = startClient(target, {
    ...more,
    key,
    survey,
    api: api || new URL(source).origin,
    flushMs: Number(flushMs) || undefined,
    probes: () =>
      import(new URL("tracking-probes.js?v=" + VERSION, source).href) as ReturnType<
        NonNullable<Options["probes"]>
      >,
  });
}

if (typeof window !== "undefined" && typeof document !== "undefined") {
  guarded(autoStart)(window as PageWindow);
}
