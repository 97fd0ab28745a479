/** The time zone, and whether the clock agrees with it. */

interface Temporal {
  Now: { timeZoneId(): string; zonedDateTimeISO(): { offsetNanoseconds: number } };
}

// Not every browser has it, and the DOM types leave it out.
const temporalOf = (place: object): Temporal | undefined => (place as { Temporal?: Temporal }).Temporal;

/**
 * The zone's name, of a page or of a worker.
 *
 * The first formatter of a page takes Chromium 15 ms and more, Temporal none.
 */
export function zoneName(place: object): string {
  const temporal = temporalOf(place);
  return temporal ? temporal.Now.timeZoneId() : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The zone's distance from UTC now, in minutes. Who moves the clock forgets the zone. */
export function zoneOffset(place: object, timeZone: string): number | undefined {
  const temporal = temporalOf(place);
  if (temporal) {
    return Math.round(temporal.Now.zonedDateTimeISO().offsetNanoseconds / 6e10);
  }
  const now = Math.floor(Date.now() / 1000) * 1000;
  const shown = new Date(now).toLocaleString("en-US", { timeZone, hourCycle: "h23" });
  // Read as if it were UTC's.
  const offset = Math.round((Date.parse(shown + " UTC") - now) / 60_000);
  return Math.abs(offset) <= 1_440 ? offset : undefined;
}
