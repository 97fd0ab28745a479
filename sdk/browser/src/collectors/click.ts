/** Presses, releases and clicks, and the box of the control that they hit. */
import { collector, type CollectorFactory } from "../collector";
import { CONTROL } from "../fields";
import type { Button, PointerKind, TargetRole } from "../types";
import { count, px, within } from "../values";

const TARGET = CONTROL + ",label,a[href],summary,[role=link]";

const ROLE = /^(radio|checkbox|button|link|textarea|select|option|label)$/;
const ALIASES: Record<string, TargetRole> = {
  a: "link",
  summary: "button",
  submit: "button",
  reset: "button",
  image: "button",
  file: "button",
  switch: "checkbox",
  combobox: "select",
  listbox: "select",
  range: "other",
  slider: "other",
};

function roleOf(control: Element): TargetRole {
  const tag = control.localName;
  const kind = tag === "input" ? (control as HTMLInputElement).type : control.getAttribute("role") || tag;
  // All other inputs and editable elements take text.
  return ROLE.test(kind) ? (kind as TargetRole) : ALIASES[kind] || "text";
}

type Box = Pick<Button, "tx" | "ty" | "tw" | "th" | "target">;

function boxOf(control: Element | null): Box {
  if (!control) {
    return { target: "other" };
  }
  const { left, top, width, height } = control.getBoundingClientRect();
  return { target: roleOf(control), tx: px(left), ty: px(top), tw: px(width), th: px(height) };
}

export const click: CollectorFactory = ({ emit }) =>
  collector((on, { document }) => {
    let device: PointerKind = "unknown";
    let pressed: { control: Element | null; box: Box } | null = null;

    const kindOf = (type: string): PointerKind =>
      /^(mouse|touch|pen)$/.test(type) ? (type as PointerKind) : "unknown";

    const report = (event: MouseEvent, origin: Element | null): void => {
      const type = event.type as Button["type"];
      const control = origin && origin.closest(TARGET);
      // A release reads no layout: the control stood there when it was pressed.
      const box =
        type === "mouseup" && pressed && pressed.control === control ? pressed.box : boxOf(control);
      const own = (event as PointerEvent).pointerType;
      emit(
        {
          type,
          x: px(event.clientX),
          y: px(event.clientY),
          button: within(event.button, 0, 255),
          trusted: event.isTrusted,
          detail: count(event.detail),
          pointer: own === undefined ? device : kindOf(own),
          ...box,
        },
        event.timeStamp,
      );
      if (type === "mousedown") {
        pressed = { control, box };
      } else if (type === "click") {
        pressed = null;
        device = "unknown";
      }
    };

    on(document, "pointerdown", (event) => (device = kindOf(event.pointerType)), { real: true });
    on(document, "mousedown", report);
    on(document, "mouseup", report);
    on(document, "click", report);
  });
