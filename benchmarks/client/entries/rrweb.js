/** The least that rrweb can be asked: to record, and to hand its events over. */
import { record } from "@rrweb/record";

const events = [];
record({ emit: (event) => events.push(event) });
