/** The same questions to a worker: whoever changes the page's answers forgets it. */
import { guarded } from "../collector";
import type { Device, PageWindow } from "../types";
import { label, labels } from "../values";

type Facts = Record<string, unknown>;

const ANSWER_WITHIN_MS = 5_000;

/** What the navigators of pages and workers have in common. */
type AnyNavigator = Pick<Navigator, "userAgent" | "platform" | "language" | "languages" | "hardwareConcurrency"> & {
  deviceMemory?: number;
};

// Not `webdriver`: workers of Chromium 156 have none. Not graphics: too slow to ask.
function factsOf(navigator: AnyNavigator): Facts {
  const { userAgent, platform, language, languages, hardwareConcurrency, deviceMemory } = navigator;
  return {
    user_agent: userAgent,
    platform,
    language,
    languages: String(languages),
    cores: hardwareConcurrency,
    memory: deviceMemory,
    timezone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  };
}

function differences(page: Facts, worker: Facts): Partial<Device> {
  // What one of the two does not tell is no contradiction.
  const told = Object.keys(page).filter((name) => page[name] !== undefined && worker[name] !== undefined);
  return {
    worker_differs: labels(told.filter((name) => page[name] !== worker[name])),
    worker_platform: label(worker.platform),
  };
}

/**
 * Ask a worker, and report where it disagrees.
 *
 * A page may start workers from its own origin only; elsewhere it takes a blob, which
 * the page's policy has to allow. So it is asked for, lest the page sees a violation.
 */
export function askWorker(
  target: PageWindow,
  allowsBlob: boolean,
  report: (answers: Partial<Device>) => void,
): void {
  const { Worker, location, URL, Blob } = target;
  const file = import.meta.url;
  const isOurs = new URL(file).origin === location.origin;
  if (!Worker || !(isOurs || allowsBlob)) {
    return;
  }
  const url = isOurs
    ? file
    : // Called, not declared: Chromium lets no module of a blob's worker declare an import.
      URL.createObjectURL(new Blob([`import(${JSON.stringify(file)})`], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  const end = guarded(() => {
    worker.terminate();
    if (!isOurs) {
      URL.revokeObjectURL(url);
    }
  });
  setTimeout(end, ANSWER_WITHIN_MS);
  worker.onmessage = guarded(({ data }: MessageEvent<Facts>) => {
    end();
    report(differences(factsOf(target.navigator), data));
  });
}

/** In a worker: answer, and that is all. */
export function answerAsWorker(): void {
  if (typeof document === "undefined" && typeof self !== "undefined" && typeof postMessage === "function") {
    postMessage(factsOf(self.navigator));
  }
}
