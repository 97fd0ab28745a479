/** Events that wait to be sent, within limits. */
import type { WireEvent } from "./types";

/** Most events in a batch; the server takes 2,000. */
export const BATCH_EVENTS = 400;
// The server takes 256 KiB; a page that is being left may send 64 KiB in all.
const BATCH_BYTES = 48_000;
// Several minutes of steady movement while the server cannot be reached.
const WAITING_EVENTS = 5_000;

export interface Queue {
  readonly size: number;
  push(event: WireEvent): void;
  /** Take the oldest events that fit into one batch. */
  take(maxBytes?: number): WireEvent[];
  /** Drop events until the rest fits into `maxBytes`. */
  shrink(maxBytes: number): void;
  clear(): void;
}

/**
 * Say how many bytes an event takes in a batch, its comma included.
 *
 * All but the ids of pages and questions is ASCII, so characters are counted.
 */
function sizeOf(event: WireEvent): number {
  return JSON.stringify(event).length + 1;
}

/** Make a queue. When it is full, the oldest movements go first, then the oldest. */
export function createQueue(): Queue {
  let events: WireEvent[] = [];

  function drop(isEnough: (event: WireEvent) => boolean): void {
    let done = false;
    const keep = (event: WireEvent): boolean => {
      const kept = done;
      done = done || isEnough(event);
      return kept;
    };
    events = events.filter((event) => event.type !== "mousemove" || keep(event)).filter(keep);
  }

  return {
    get size() {
      return events.length;
    },
    push(event) {
      if (events.length >= WAITING_EVENTS) {
        // A tenth at once: dropping one by one would copy the queue each time.
        let excess = WAITING_EVENTS / 10;
        drop(() => --excess <= 0);
      }
      events.push(event);
    },
    take(maxBytes = BATCH_BYTES) {
      const most = events.slice(0, BATCH_EVENTS);
      // The usual case in one go: asking each event costs twice as much.
      if (JSON.stringify(most).length <= maxBytes) {
        return events.splice(0, most.length);
      }
      let bytes = 0;
      let taken = 0;
      for (const event of most) {
        bytes += sizeOf(event);
        if (taken && bytes > maxBytes) {
          break;
        }
        taken++;
      }
      return events.splice(0, taken);
    },
    shrink(maxBytes) {
      let excess = events.reduce((bytes, event) => bytes + sizeOf(event), 0) - maxBytes;
      if (excess > 0) {
        drop((event) => (excess -= sizeOf(event)) <= 0);
      }
    },
    clear() {
      events = [];
    },
  };
}
