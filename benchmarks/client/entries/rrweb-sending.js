/** rrweb as its guide shows it: every ten seconds what was recorded is sent as JSON. */
import { record } from "@rrweb/record";

const EACH_MS = 10_000;

let events = [];
record({ emit: (event) => events.push(event) });
setInterval(() => {
  const body = JSON.stringify({ events });
  events = [];
  void fetch("/events", { method: "POST", headers: { "Content-Type": "application/json" }, body });
}, EACH_MS);
