/** Fingers: where, how hard and how broad. */
import { collector, type CollectorFactory } from "../collector";
import type { Touch } from "../types";
import { px, within } from "../values";

const GAP_MS = 30;
// Enough to tell the fingers of a hand and the touches before it apart.
const IDS = 1_000;

export const touch: CollectorFactory = ({ emit, hold }) =>
  collector((on, { document }) => {
    // Safari's identifiers are large and go on over pages: they are made small.
    const ids = new Map<number, number>();
    let next = 0;

    const report = (type: Touch["type"]) => (event: TouchEvent) => {
      for (const finger of Array.from(event.changedTouches)) {
        let id = ids.get(finger.identifier);
        if (id === undefined) {
          id = next++ % IDS;
          ids.set(finger.identifier, id);
        }
        const happening: Touch = {
          type,
          x: px(finger.clientX),
          y: px(finger.clientY),
          force: within(finger.force, 0, 100),
          rx: px(finger.radiusX),
          ry: px(finger.radiusY),
          id,
        };
        if (type === "touchmove") {
          hold(type + id, GAP_MS, happening, event.timeStamp);
        } else {
          emit(happening, event.timeStamp);
        }
        if (type === "touchend") {
          ids.delete(finger.identifier);
        }
      }
    };

    const choice = { anywhere: true, real: true };
    on(document, "touchstart", report("touchstart"), choice);
    on(document, "touchmove", report("touchmove"), choice);
    on(document, "touchend", report("touchend"), choice);
    on(document, "touchcancel", report("touchend"), choice);
  });
