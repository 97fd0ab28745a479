/** Tell what the browser did from what a script says. */

/**
 * Say whether the browser itself made this event.
 *
 * Events that cannot carry `trusted` to the server are only reported when this
 * holds: a script must not be able to draw a hand's path.
 */
export function isReal(event: Event): boolean {
  return event.isTrusted;
}
