/** How much text goes through the clipboard, and how much of a question is copied. */
import { collector, elementAt, type CollectorFactory } from "../collector";
import { textFieldOf } from "../fields";
import { count } from "../values";
import { QUESTION } from "./question";

/** Count characters as they are seen: runs of white space are one. */
function seenLength(text: string | null | undefined): number {
  return (text || "").replace(/\s+/g, " ").trim().length;
}

export const clipboard: CollectorFactory = ({ emit, fields }) =>
  collector((on, { document }) => {
    const taken = (event: ClipboardEvent, origin: Element | null): void => {
      const field = textFieldOf(origin);
      let length = 0;
      let share: number | undefined;
      if (field && "selectionStart" in field) {
        length = (field.selectionEnd || 0) - (field.selectionStart || 0);
      } else {
        const selection = document.getSelection();
        length = String(selection || "").length;
        const question = elementAt(selection?.anchorNode)?.closest(QUESTION);
        const whole = seenLength(question?.textContent);
        if (whole) {
          share = Math.min(1, seenLength(String(selection)) / whole);
        }
      }
      emit(
        {
          type: event.type as "copy" | "cut",
          length: count(length),
          field: fields.numberOf(origin),
          share_of_prompt: share,
          trusted: event.isTrusted,
        },
        event.timeStamp,
      );
    };

    const given = (event: Event, carried: DataTransfer | null, origin: Element | null): void =>
      emit(
        {
          type: event.type as "paste" | "drop",
          length: count(carried?.getData("text").length),
          field: fields.numberOf(origin),
          trusted: event.isTrusted,
        },
        event.timeStamp,
      );

    on(document, "copy", taken);
    on(document, "cut", taken);
    on(document, "paste", (event, origin) => given(event, event.clipboardData, origin));
    on(document, "drop", (event, origin) => given(event, event.dataTransfer, origin));
  });
