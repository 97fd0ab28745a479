/** All collectors, in the order in which they hear an event. */
import type { CollectorFactory } from "../collector";
import { click } from "./click";
import { clipboard } from "./clipboard";
import { device } from "./device";
import { focus } from "./focus";
import { input } from "./input";
import { keyboard } from "./keyboard";
import { page } from "./page";
import { pointer } from "./pointer";
import { question } from "./question";
import { scroll } from "./scroll";
import { touch } from "./touch";

export const COLLECTORS: readonly CollectorFactory[] = [
  page,
  question,
  focus,
  pointer,
  touch,
  click,
  scroll,
  keyboard,
  clipboard,
  input,
  device,
];
