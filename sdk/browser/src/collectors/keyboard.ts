/** When keys go down and up, and of which class they are. */
import { collector, type CollectorFactory } from "../collector";
import { keyOf } from "../keys";
import type { Key } from "../types";

export const keyboard: CollectorFactory = ({ emit, fields, now }) =>
  collector((on, target) => {
    // The physical key is remembered while it is held, to find its release.
    const held = new Map<string, number>();
    // Nobody presses a key each millisecond, so pages never use a number twice.
    let press = now();

    const report = (event: KeyboardEvent, origin: Element | null): void => {
      const { type, repeat } = event;
      const { kind } = keyOf(event);
      const code = event.code || kind;
      let k = held.get(code);
      if (type === "keyup") {
        held.delete(code);
      } else if (!k || !repeat) {
        held.set(code, (k = ++press));
      }
      emit(
        {
          type: type as Key["type"],
          key: kind,
          k,
          code_known: !!event.code,
          repeat: repeat || undefined,
          trusted: event.isTrusted,
          field: fields.numberOf(origin),
        },
        event.timeStamp,
      );
    };
    on(target.document, "keydown", report);
    on(target.document, "keyup", report);

    // Releases are not heard while another window has the keyboard.
    on(target, "blur", (event) => event.target === event.currentTarget && held.clear());
  });
