/** How values change: by how many characters, after how many keys. */
import { collector, type CollectorFactory } from "../collector";
import { lengthOf, textFieldOf, type TextField } from "../fields";
import { word } from "../values";

interface Tally {
  length: number;
  keys: number;
}

export const input: CollectorFactory = ({ emit, fields }) =>
  collector((on, { document }) => {
    const tallies = new WeakMap<TextField, Tally>();

    // The length must be known before the change, so each sign of use is noted.
    const tallyOf = (field: TextField, known = lengthOf(field)): Tally => {
      let tally = tallies.get(field);
      if (!tally) {
        tallies.set(field, (tally = { length: known, keys: 0 }));
      }
      return tally;
    };

    on(document, "focusin", (_, origin) => {
      const field = textFieldOf(origin);
      if (field) {
        tallyOf(field);
      }
    });
    on(document, "keydown", (_, origin) => {
      const field = textFieldOf(origin);
      if (field) {
        tallyOf(field).keys++;
      }
    });

    on(document, "input", (event, origin) => {
      const field = textFieldOf(origin);
      if (!field) {
        return;
      }
      // Never used before: a script filled it, or the browser did.
      const tally = tallyOf(field, ((field as HTMLInputElement).defaultValue || "").length);
      const length = lengthOf(field);
      emit(
        {
          type: "input",
          input_type: word((event as InputEvent).inputType || ""),
          delta: length - tally.length,
          length,
          trusted: event.isTrusted,
          field: fields.numberOf(field),
          keys_since: tally.keys,
        },
        event.timeStamp,
      );
      tally.length = length;
      tally.keys = 0;
    });

    on(document, "change", (event, origin) => {
      // Radios, boxes, lists and sliders: that a choice was made, not which.
      if (origin && /^(input|select)$/.test(origin.localName) && !textFieldOf(origin)) {
        emit(
          {
            type: "input",
            input_type: "choice",
            trusted: event.isTrusted,
            field: fields.numberOf(origin),
          },
          event.timeStamp,
        );
      }
    });
  });
