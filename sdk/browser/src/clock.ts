/** The session's time: milliseconds since its start, over all of its pages. */

// A time stamp this much older than now is another clock's (some browsers have
// given wall time or machine time), not an event that waited.
const OLDEST_MS = 60_000;

export interface Clock {
  /** Session time of a DOM time stamp, now if left out; never less than before. */
  at(stamp?: number): number;
}

/**
 * Continue a session's time on a new page.
 *
 * Between pages only wall time is left, and that may be set back: so the page
 * starts no earlier than `last`, the latest time that is known of the session.
 */
export function createClock(epoch: number, last: number): Clock {
  let latest = last;
  const base = Math.max(Date.now() - epoch, last) - performance.now();
  return {
    at(stamp) {
      const now = performance.now();
      const usable = stamp !== undefined && stamp <= now && stamp > now - OLDEST_MS;
      latest = Math.max(latest, base + (usable ? stamp : now));
      return Math.round(latest * 10) / 10;
    },
  };
}
