/** What a page can choose. */
import type { ProbeTools } from "./probes";
import type { PageWindow } from "./types";

export interface Options {
  /** A publishable key. */
  key: string;
  survey: string;
  respondent?: string;
  /** The server's origin. */
  api: string;
  /** What the platform calls this page. */
  page?: string;
  /** How often to send, in milliseconds. */
  flushMs?: number;
  /** "required": do nothing at all before `consent(true)`. */
  consent?: string;
  /** Signals that count as a refusal until `consent(true)`: "gpc", "dnt", or both. */
  obey?: string;
  /** "blob": the page's policy allows workers from blobs; "off": start none. */
  worker?: string;
  /** Loads the probes; without it the browser is not asked about itself. */
  probes?: () => Promise<{ probe(target: PageWindow, tools: ProbeTools): void }>;
}

interface Signals {
  globalPrivacyControl?: boolean;
  doNotTrack?: string | null;
}

/** Say whether the visit has to wait for `consent(true)`. */
export function waitsForConsent({ navigator }: Window, { consent, obey = "" }: Options): boolean {
  const { globalPrivacyControl, doNotTrack } = navigator as Signals;
  return (
    consent === "required" ||
    (/gpc/.test(obey) && globalPrivacyControl === true) ||
    (/dnt/.test(obey) && doNotTrack === "1")
  );
}
