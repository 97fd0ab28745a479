/** One identification, as its readme shows it, without the report to its makers. */
import { load } from "@fingerprintjs/fingerprintjs";

void load({ monitoring: false }).then((agent) => agent.get());
