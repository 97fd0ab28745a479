/** Where the keyboard is, and whether the page can be seen. */
import { collector, type CollectorFactory } from "../collector";

export const focus: CollectorFactory = ({ emit, fields }) =>
  collector((on, target) => {
    const { document } = target;

    // Both events pass the window on their way to a field too.
    const ofWindow = (event: Event): void => {
      if (event.target === event.currentTarget) {
        emit({ type: event.type as "focus" | "blur" }, event.timeStamp);
      }
    };
    on(target, "focus", ofWindow, { real: true });
    on(target, "blur", ofWindow, { real: true });

    const seen = (at?: number): void =>
      emit({ type: "visibility", visible: document.visibilityState === "visible" }, at);
    on(document, "visibilitychange", (event) => seen(event.timeStamp), { real: true });
    // A page that opens in the background says so; being seen is the usual case.
    if (document.visibilityState === "hidden") {
      seen();
    }

    const ofField = (event: FocusEvent, origin: Element | null): void => {
      const field = fields.numberOf(origin);
      if (field !== undefined) {
        const type = event.type === "focusin" ? "fieldfocus" : "fieldblur";
        emit({ type, field }, event.timeStamp);
      }
    };
    on(document, "focusin", ofField, { real: true });
    on(document, "focusout", ofField, { real: true });
  });
