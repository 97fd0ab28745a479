/** What a page can ask of the client: one client for one page. */
import { guarded } from "./collector";
import { waitsForConsent, type Options } from "./options";
import type { PageWindow } from "./types";
import { createVisit, type Visit } from "./visit";

export type { Options } from "./options";

/** The client. None of its promises rejects, none of its methods throws. */
export interface Bonafide {
  /** The session's id, null until it is open. */
  sessionId(): string | null;
  /** Fulfilled when the session is open; stays pending when it cannot be. */
  ready: Promise<{ sessionId: string }>;
  /** Send what has been seen so far. */
  flush(): Promise<void>;
  /** End the session: the survey has been submitted. */
  complete(): Promise<void>;
  /** What the server tells a browser about the session; {} when it cannot be asked. */
  status(): Promise<object>;
  /** The page shows something else now, without having been loaded. */
  page(id?: string): void;
  /** Note something of the page's own: a name, and a number if it has one. */
  track(name: string, value?: number): void;
  /** Which variant of an experiment the session has, null while it has none. */
  variant(experiment: string): string | null;
  /** The person agrees, or takes it back: then nothing is kept in this tab. */
  consent(given: boolean): void;
  /** Stop collecting for good in this tab, and drop what has not been sent. */
  stop(): void;
}

declare global {
  interface Window {
    bonafide?: Bonafide;
  }
}

/** Open or continue the tab's session and start to collect, as far as that is agreed to. */
export function startClient(target: PageWindow, options: Options): Bonafide {
  let visit: Visit | null = null;
  let announce: (session: { sessionId: string }) => void;
  const ready = new Promise<{ sessionId: string }>((resolve) => (announce = resolve));

  let timer: ReturnType<typeof setTimeout> | undefined;

  function begin(): void {
    clearTimeout(timer);
    timer = undefined;
    visit ??= createVisit(target, options, (sessionId) => announce({ sessionId }));
  }
  /** Get the visit, also when its turn has not come yet. */
  function current(): Visit | null {
    if (timer !== undefined) {
      guarded(begin)();
    }
    return visit;
  }
  if (!waitsForConsent(target, options)) {
    // In a task of its own: a page's scripts and its first picture do not wait for it.
    timer = setTimeout(guarded(begin));
  }

  return {
    ready,
    sessionId: () => current()?.memory.id || null,
    flush: async () => current()?.flush(),
    complete: async () => current()?.complete(),
    status: async () => current()?.status() || {},
    page: guarded((id) => current()?.page(id)),
    track: guarded((name, value) => current()?.track(name, value)),
    variant: (experiment) => current()?.memory.variants?.[experiment] ?? null,
    consent: guarded((given) => {
      if (given) {
        begin();
      } else {
        clearTimeout(timer);
        timer = undefined;
        visit?.forget();
        visit = null;
      }
    }),
    stop: guarded(() => current()?.stop()),
  };
}
