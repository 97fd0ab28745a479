/** How the page is scrolled, and what seems to have moved it. */
import { collector, type CollectorFactory } from "../collector";
import { keyOf } from "../keys";
import { FRAME_MS } from "../throttle";
import type { ScrollSource, Wheel } from "../types";
import { px } from "../values";

const WHEEL_GAP_MS = 30;
// Smooth scrolling starts within a few frames; slow machines take longer.
const CAUSE_MS = 500;
// Momentum and smooth scrolling report each frame: a longer gap is a new scroll.
const CHAIN_MS = 150;
// Firefox counts lines on some systems; 16 px is the usual line.
const LINE_PX = 16;

export const scroll: CollectorFactory = ({ hold }) =>
  collector((on, target) => {
    const { document } = target;
    let cause: ScrollSource = "unknown";
    let causedAt = -Infinity;
    let source: ScrollSource = "unknown";
    let scrolledAt = -Infinity;

    const causes = (by: ScrollSource, event: Event): void => {
      cause = by;
      causedAt = event.timeStamp;
    };

    on(
      document,
      "wheel",
      (event) => {
        causes("wheel", event);
        const unit = [1, LINE_PX, target.innerHeight][event.deltaMode] || 1;
        const trusted = event.isTrusted;
        hold<Wheel>(
          "wheel" + trusted,
          WHEEL_GAP_MS,
          { type: "wheel", dx: px(event.deltaX * unit), dy: px(event.deltaY * unit), trusted },
          event.timeStamp,
          (before, after) => ({
            ...after,
            dx: px(before.dx + after.dx),
            dy: px(before.dy + after.dy),
          }),
        );
      },
      { anywhere: true },
    );
    on(document, "touchmove", (event) => causes("touch", event), { anywhere: true, real: true });
    on(document, "keydown", (event) => keyOf(event).scrolls && causes("key", event), { real: true });

    on(
      document,
      "scroll",
      (event) => {
        // Boxes that scroll within the page have positions of their own.
        if (event.target !== document) {
          return;
        }
        const at = event.timeStamp;
        // Scrolling by the page itself cannot be told apart without patching the
        // page's functions, which this client does not do.
        if (at - causedAt <= CAUSE_MS) {
          source = cause;
        } else if (at - scrolledAt > CHAIN_MS) {
          source = "unknown";
        }
        scrolledAt = at;
        const { scrollX, scrollY } = target;
        hold("scroll", FRAME_MS, { type: "scroll", x: px(scrollX), y: px(scrollY), source }, at);
      },
      { real: true },
    );
  });
