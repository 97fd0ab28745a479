/** What is remembered of a session from one page to the next, in this tab only. */
import type { WireEvent } from "./types";

/** A sealed batch: its number and content stay as they are, however often it is sent. */
export interface Batch {
  seq: number;
  sent_at: string;
  events: WireEvent[];
}

/** The session's memory. */
export interface Memory {
  id: string | null;
  token: string | null;
  respondent: string;
  /** Wall time of the session's start. */
  epoch: number;
  /** The latest session time that was given out. */
  t: number;
  /** The next batch's number. */
  seq: number;
  /** The next field's number. */
  field: number;
  /** Nothing is collected any more. */
  off: boolean;
  /** The variants that the server gave the session, by experiment. */
  variants?: Record<string, string>;
  /** The name of the graphics chip: asking for it is slow, so it is asked once. */
  renderer?: string;
}

export interface Session {
  /** Always the same object. */
  readonly memory: Memory;
  save(): void;
  /** Read the memory again: another page of the tab may have gone on with it. */
  reload(): void;
  /** Forget the server's session; a new one begins at this wall time. */
  restart(epoch: number): void;
  /** Keep nothing in this tab. */
  forget(): void;
  /** Keep batches for the next page. */
  park(batches: Batch[]): void;
  /** Take the batches that the last page left. */
  unpark(): Batch[];
}

// The server takes a week; a tab opened again after six days is a new visit.
const LONGEST_MS = 6 * 24 * 3600 * 1000;

/** Load the tab's session for a survey, or begin one; storage may be forbidden. */
export function loadSession(target: Window, survey: string, respondent: string): Session {
  const key = "bonafide:" + survey;
  const unsent = key + ":unsent";

  function read<T>(name: string): T | null {
    try {
      return JSON.parse(target.sessionStorage.getItem(name)!) as T | null;
    } catch {
      return null;
    }
  }
  function write(name: string, value: unknown): void {
    try {
      target.sessionStorage.setItem(name, JSON.stringify(value));
    } catch {
      // Forbidden or full: the session then lives as long as the page.
    }
  }
  function remove(name: string): void {
    try {
      target.sessionStorage.removeItem(name);
    } catch {
      // Forbidden: then nothing was kept either.
    }
  }
  const memory: Memory = {
    id: null,
    token: null,
    respondent,
    epoch: Date.now(),
    t: 0,
    seq: 0,
    field: 1,
    off: false,
  };
  const save = (): void => write(key, memory);
  // Storage is slow: what is empty and was empty is not written again.
  let isParked = true;

  const before = read<Memory>(key);
  // Two respondents one after the other in one tab are two sessions.
  const isOther = respondent && before?.respondent && before.respondent !== respondent;
  if (before && !isOther && Date.now() - before.epoch < LONGEST_MS) {
    Object.assign(memory, before, respondent && { respondent });
  } else {
    write(unsent, []);
  }

  return {
    memory,
    save,
    reload: () => void Object.assign(memory, read<Memory>(key)),
    restart(epoch) {
      Object.assign(memory, { id: null, token: null, variants: undefined, epoch, t: 0 });
      save();
    },
    forget: () => [key, unsent].forEach(remove),
    park(batches) {
      if (batches.length || isParked) {
        write(unsent, batches);
      }
      isParked = batches.length > 0;
    },
    unpark() {
      const batches = read<Batch[]>(unsent) || [];
      isParked = batches.length > 0;
      return batches;
    },
  };
}
