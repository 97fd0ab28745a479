/** One detection, as its readme shows it, without the report to its makers. */
import { load } from "@fingerprintjs/botd";

void load({ monitoring: false }).then((agent) => agent.detect());
