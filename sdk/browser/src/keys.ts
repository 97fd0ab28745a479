/** The only place that reads which key was pressed. */
import type { KeyClass } from "./types";

const NAMED = /^(Enter|Tab|Backspace|Delete)$/;
const ARROW = /^Arrow/;
const MODIFIER = /^(Shift|Control|Alt(Graph)?|Meta|OS|Fn|(Caps|Num|Scroll)Lock)$/;
const SCROLLS = /^( |Arrow|Page|Home$|End$)/;
// One character, with what combines with it. Longer ones are names of keys.
const CHARACTER = /^.\p{M}*$/u;

/** Reduce a key to its class, and to whether it can scroll a page. */
export function keyOf(event: KeyboardEvent): { kind: KeyClass; scrolls: boolean } {
  // Autofill sends key events that have no key at all.
  const key = event.key || "";
  return { kind: classify(key), scrolls: SCROLLS.test(key) };
}

function classify(key: string): KeyClass {
  if (CHARACTER.test(key)) {
    return key === " "
      ? "space"
      : /[\p{L}\p{M}]/u.test(key)
        ? "letter"
        : /\p{N}/u.test(key)
          ? "digit"
          : "punctuation";
  }
  return NAMED.test(key)
    ? (key.toLowerCase() as KeyClass)
    : ARROW.test(key)
      ? "arrow"
      : MODIFIER.test(key)
        ? "modifier"
        : "other";
}
