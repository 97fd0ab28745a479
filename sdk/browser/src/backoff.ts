/** How long to wait before the next attempt. */

const FIRST_MS = 1_000;
const LONGEST_MS = 60_000;

/**
 * Double the wait with each failure, up to a minute.
 *
 * The random half keeps respondents from coming back all at once after an outage.
 */
export function backoffMs(failures: number): number {
  const longest = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return longest * (0.5 + Math.random() / 2);
}

/** Say whether the same request may succeed later. */
export function isPassing(status: number): boolean {
  return status === 0 || status === 408 || status === 429 || status >= 500;
}
