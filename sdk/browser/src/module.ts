/**
 * The same client for pages that bundle their scripts.
 *
 * All of it does nothing where there is no window, so it can be imported on a server.
 */
import { startClient, type Bonafide } from "./client";
import type { Options } from "./options";
import type { PageWindow } from "./types";

export type { Bonafide } from "./client";

/** What `start` takes. */
export type StartOptions = Omit<Options, "probes">;

let client: Bonafide | null = null;

/** Start the page's client; called again it returns the same one. Null on a server. */
export function start(options: StartOptions): Bonafide | null {
  if (!client && typeof window !== "undefined" && typeof window.fetch === "function") {
    client = window.bonafide ||= startClient(window as PageWindow, {
      ...options,
      probes: () => import("./probes"),
    });
  }
  return client;
}

/** Note something of the page's own; before `start` it does nothing. */
export function track(name: string, value?: number): void {
  client?.track(name, value);
}

/** Which variant of an experiment the session has, null while it has none. */
export function variant(experiment: string): string | null {
  return client ? client.variant(experiment) : null;
}
