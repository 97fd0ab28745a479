/** Which element is a field, which are never observed, and a number for each. */
import type { Memory } from "./session";
import { count } from "./values";

const EDITABLE = "[contenteditable]:not([contenteditable=false])";
/** Finds what a person answers with. */
export const CONTROL =
  "input,textarea,select,button,option," +
  EDITABLE +
  ",[role=textbox],[role=combobox],[role=listbox],[role=option],[role=radio]," +
  "[role=checkbox],[role=switch],[role=slider],[role=button]";

const PRIVATE_TYPE = /^(password|email|tel)$/;
// As the page declares it: autocomplete="current-password", "tel-national", …
const PRIVATE_HINT = /\b(email|tel|one-time|cc|password)\b/;
const NOT_TEXT = /^(radio|checkbox|range|color|file|button|submit|reset|image|hidden)$/;

const MOST_FIELDS = 65_535;

// A password stays private when the page shows it as text later.
const seenPrivate = new WeakSet<Element>();

/** Say whether nothing that happens to this element may be observed. */
export function isPrivate(element: Element): boolean {
  if (seenPrivate.has(element)) {
    return true;
  }
  const hints = element.getAttribute("autocomplete") + " " + element.getAttribute("inputmode");
  const personal =
    PRIVATE_TYPE.test((element as HTMLInputElement).type) ||
    PRIVATE_HINT.test(hints) ||
    !!element.closest("[data-bonafide=ignore]");
  if (personal) {
    seenPrivate.add(element);
  }
  return personal;
}

/**
 * Say whether an element may hide a field that cannot be seen from here.
 *
 * What is typed in a closed shadow root seems to be typed on its host. There may
 * be a password field inside.
 */
export function isSealed(element: Element): boolean {
  return element.localName.includes("-") && !element.shadowRoot && !element.closest(EDITABLE);
}

/** What a person types text into. */
export type TextField = HTMLInputElement | HTMLTextAreaElement | HTMLElement;

/** Find the text field of an element, null where there is none. */
export function textFieldOf(element: Element | null): TextField | null {
  const control = element?.closest<HTMLElement>("input,textarea," + EDITABLE);
  if (!control || (control.localName === "input" && NOT_TEXT.test((control as HTMLInputElement).type))) {
    return null;
  }
  return control;
}

/** Count the characters of a text field. */
export function lengthOf(field: TextField): number {
  return count(("value" in field ? field.value : field.textContent || "").length);
}

export interface Fields {
  /** Get the session's number for the field of an element, undefined for no field. */
  numberOf(element: Element | null): number | undefined;
}

/** Number fields in the order of first use; the count goes on over pages. */
export function createFields(memory: Memory): Fields {
  const numbers = new WeakMap<Element, number>();
  return {
    numberOf(element) {
      const control = element?.closest(CONTROL);
      if (!control || isPrivate(control)) {
        return undefined;
      }
      let number = numbers.get(control);
      if (number === undefined && memory.field <= MOST_FIELDS) {
        number = memory.field++;
        numbers.set(control, number);
      }
      return number;
    },
  };
}
