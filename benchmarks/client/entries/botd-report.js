/** One detection, told to the server of the comparison with what each detector found. */
import { load } from "@fingerprintjs/botd";

const NAME = /^detect/;

void load({ monitoring: false }).then((agent) => {
  const { botKind = "" } = agent.detect();
  const found = Object.entries(agent.getDetections()).filter(([, { bot }]) => bot);
  const fired = found.map(([name]) => name.replace(NAME, ""));
  const body = JSON.stringify({ page: location.pathname, kind: botKind, fired });
  return fetch("/bench/found", { method: "POST", body, keepalive: true });
});
