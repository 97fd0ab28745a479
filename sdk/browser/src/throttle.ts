/** Thin out what happens too often, without losing order or sums. */
import type { Emit, Happening, Hold } from "./types";

// A little under a 60 Hz frame (16.7 ms): a gap of exactly one frame would lose
// every other frame to jitter.
export const FRAME_MS = 12;

export interface Throttle {
  hold: Hold;
  /** Report all that is held, in the order of time. */
  drain(): void;
}

interface Held {
  happening: Happening;
  at: number;
}

/**
 * Make a throttle that reports through `push`.
 *
 * It has no timer: each would cost a moving pointer as much as a move does. What is
 * held goes with what follows, or when somebody drains it.
 */
export function createThrottle(push: Emit): Throttle {
  const held = new Map<string, Held>();
  const last = new Map<string, number>();

  function drain(): void {
    const waiting = [...held].sort((a, b) => a[1].at - b[1].at);
    held.clear();
    for (const [slot, { happening, at }] of waiting) {
      last.set(slot, at);
      push(happening, at);
    }
  }

  return {
    drain,
    hold(slot, gapMs, happening, at, merge) {
      let before = held.get(slot);
      if (before && at - before.at >= gapMs) {
        // It stands for itself: this one did not follow at once.
        drain();
        before = undefined;
      }
      const merged = before && merge ? merge(before.happening as typeof happening, happening) : happening;
      if (at - (last.get(slot) ?? -Infinity) >= gapMs) {
        held.delete(slot);
        if (held.size) {
          drain();
        }
        last.set(slot, at);
        push(merged, at);
      } else {
        held.set(slot, { happening: merged, at });
      }
    },
  };
}
