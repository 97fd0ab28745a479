/** The same questions to a worker: whoever changes the page's answers forgets it. */
import { guarded } from "../collector";
import type { Device, PageWindow } from "../types";
import { label, labels } from "../values";
import { rendererOf } from "./graphics";
import { zoneName } from "./zone";

type Facts = Record<string, unknown>;

const ANSWER_WITHIN_MS = 5_000;
// The name of a worker that is asked for the graphics chip as well.
const GRAPHICS = "graphics";

/** What the navigators of pages and workers have in common. */
type AnyNavigator = Pick<Navigator, "userAgent" | "platform" | "language" | "languages" | "hardwareConcurrency"> & {
  deviceMemory?: number;
};

// Not `webdriver`: workers of Chromium 156 have none.
function factsOf(place: { navigator: AnyNavigator }): Facts {
  const { userAgent, platform, language, languages, hardwareConcurrency, deviceMemory } = place.navigator;
  return {
    user_agent: userAgent,
    platform,
    language,
    languages: String(languages),
    cores: hardwareConcurrency,
    memory: deviceMemory,
    timezone: zoneName(place),
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

/** What the page wants to know. */
interface Questions {
  /** The page's policy allows workers from blobs. */
  blob: boolean;
  /** Is told where the worker disagrees. */
  differs(answers: Partial<Device>): void;
  /** Is told the graphics chip's name; without it a worker is not asked for that. */
  renderer?: (name: string) => void;
  /** There is no worker to ask. */
  failed(): void;
}

/**
 * Ask a worker, and report where it disagrees.
 *
 * A page may start workers from its own origin only; elsewhere it takes a blob, which
 * the page's policy has to allow. So it is asked for, lest the page sees a violation.
 * Graphics are asked for there, because drawing by software holds up a page for 20 ms.
 */
export function askWorker(target: PageWindow, { blob, differs, renderer, failed }: Questions): void {
  const { Worker, location, URL, Blob } = target;
  const file = import.meta.url;
  const isOurs = new URL(file).origin === location.origin;
  if (!Worker || !(isOurs || blob)) {
    failed();
    return;
  }
  const url = isOurs
    ? file
    : // Called, not declared: Chromium lets no module of a blob's worker declare an import.
      URL.createObjectURL(new Blob([`import(${JSON.stringify(file)})`], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module", name: renderer ? GRAPHICS : "" });
  const end = guarded(() => {
    worker.terminate();
    if (!isOurs) {
      URL.revokeObjectURL(url);
    }
  });
  setTimeout(end, ANSWER_WITHIN_MS);
  worker.onerror = guarded(() => {
    end();
    failed();
  });
  worker.onmessage = guarded(({ data }: MessageEvent<Facts | string>) => {
    if (typeof data === "string") {
      renderer?.(data);
    } else {
      differs(differences(factsOf(target), data));
    }
    if (!renderer || typeof data === "string") {
      end();
    }
  });
}

/** In a worker: answer, and that is all. */
export function answerAsWorker(): void {
  if (typeof document === "undefined" && typeof self !== "undefined" && typeof postMessage === "function") {
    postMessage(factsOf(self));
    if (self.name === GRAPHICS) {
      // Safari before 17 has no canvas here.
      postMessage(typeof OffscreenCanvas === "function" ? rendererOf(new OffscreenCanvas(1, 1)) : "");
    }
  }
}
