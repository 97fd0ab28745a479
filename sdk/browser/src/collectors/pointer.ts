/** Where a mouse or a pen moves. Fingers are another collector's. */
import { collector, type CollectorFactory } from "../collector";
import { FRAME_MS } from "../throttle";
import type { MouseMove } from "../types";
import { count, px } from "../values";

export const pointer: CollectorFactory = ({ hold }) =>
  collector((on, { document, PointerEvent }) => {
    const moved = (event: MouseEvent, coalesced?: number): void =>
      hold<MouseMove>(
        "mousemove",
        FRAME_MS,
        {
          type: "mousemove",
          x: px(event.clientX),
          y: px(event.clientY),
          coalesced,
          mx: px(event.movementX),
          my: px(event.movementY),
        },
        event.timeStamp,
        (before, after) => ({
          ...after,
          coalesced: coalesced && count(before.coalesced! + coalesced),
          mx: px(before.mx + after.mx),
          my: px(before.my + after.my),
        }),
      );

    if (PointerEvent) {
      on(
        document,
        "pointermove",
        (event) =>
          event.pointerType !== "touch" && moved(event, event.getCoalescedEvents?.().length),
        { anywhere: true, real: true },
      );
    } else {
      on(document, "mousemove", (event) => moved(event), { anywhere: true, real: true });
    }
  });
