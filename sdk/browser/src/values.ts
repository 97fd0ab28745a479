/** Bring what a browser says within the limits that the server checks. */

const FARTHEST_PX = 1_000_000;
const MOST = 1_000_000;
const LABEL_LENGTH = 160;
const NAME_LENGTH = 64;
const LABELS = 32;

/** Limit a number; what is none (NaN, undefined, text) becomes 0. */
export function within(value: unknown, low: number, high: number): number {
  const number = Number(value);
  return number === number ? Math.min(high, Math.max(low, number)) : 0;
}

/** A distance in CSS pixels, to a tenth. */
export function px(value: unknown): number {
  return Math.round(within(value, -FARTHEST_PX, FARTHEST_PX) * 10) / 10;
}

/** A whole number from 0 to a million. */
export function count(value: unknown): number {
  return Math.round(within(value, 0, MOST));
}

// Cut by code points: half a surrogate pair is not valid UTF-8.
function cut(value: unknown, length: number): string {
  const clean = String(value).replace(/[\x00-\x1f\x7f]|[\ud800-\udfff]/gu, " ");
  return Array.from(clean).slice(0, length).join("");
}

/** What a browser says about itself, as one line of limited length. */
export function label(value: unknown): string {
  return cut(value, LABEL_LENGTH);
}

/** Several of those. */
export function labels(values: Iterable<unknown>): string[] {
  return Array.from(values, label).slice(0, LABELS);
}

/** What a survey platform calls its pages and questions. */
export function name(value: unknown): string {
  return cut(value, NAME_LENGTH);
}

/** A word of a standard, such as an input type; anything else is "". */
export function word(value: string): string {
  return /^[A-Za-z][A-Za-z_-]{0,31}$/.test(value) ? value : "";
}

/**
 * Count the words of a text.
 *
 * Scripts without spaces (Chinese, Thai) count as few, which errs towards "read
 * in time".
 */
export function words(text: string | null | undefined): number {
  return count((text || "").match(/\S+/g)?.length);
}
