/**
 * What the client may report: the server's vocabulary (detection/engine/events/),
 * field for field. `t`, the milliseconds since the session's start, is added when
 * an event is emitted.
 *
 * There is no place here for a key, a text, a value or a field's name.
 */

export type KeyClass =
  | "letter"
  | "digit"
  | "space"
  | "enter"
  | "tab"
  | "backspace"
  | "delete"
  | "arrow"
  | "modifier"
  | "punctuation"
  | "other";
export type PointerKind = "mouse" | "touch" | "pen" | "unknown";
export type ScrollSource = "wheel" | "key" | "touch" | "page" | "unknown";
export type TargetRole =
  | "radio"
  | "checkbox"
  | "button"
  | "link"
  | "text"
  | "textarea"
  | "select"
  | "option"
  | "label"
  | "other";

/** The pointer moved; `coalesced` counts the hardware's reports behind it. */
export interface MouseMove {
  type: "mousemove";
  x: number;
  y: number;
  coalesced?: number;
  mx: number;
  my: number;
}

/** A press, a release or a click, with the box of the control that it hit. */
export interface Button {
  type: "mousedown" | "mouseup" | "click";
  x: number;
  y: number;
  button: number;
  trusted: boolean;
  detail: number;
  pointer: PointerKind;
  target: TargetRole;
  tx?: number;
  ty?: number;
  tw?: number;
  th?: number;
}

/** The wheel or a trackpad turned. */
export interface Wheel {
  type: "wheel";
  dx: number;
  dy: number;
  trusted: boolean;
}

/** The page stands at `x`, `y`. */
export interface Scroll {
  type: "scroll";
  x: number;
  y: number;
  source: ScrollSource;
}

/** A key, by its class alone; `k` pairs a press with its release. */
export interface Key {
  type: "keydown" | "keyup";
  key: KeyClass;
  k?: number;
  code_known: boolean;
  repeat?: boolean;
  trusted: boolean;
  field?: number;
}

/** A control's value changed; `delta` and `length` count characters. */
export interface Input {
  type: "input";
  input_type: string;
  delta?: number;
  length?: number;
  trusted: boolean;
  field?: number;
  keys_since?: number;
}

/** Text went through the clipboard or was dragged in. */
export interface Clipboard {
  type: "paste" | "copy" | "cut" | "drop";
  length: number;
  field?: number;
  share_of_prompt?: number;
  trusted: boolean;
}

/** The window got or lost the keyboard. */
export interface WindowFocus {
  type: "focus" | "blur";
}

/** The page came into sight or left it. */
export interface Visibility {
  type: "visibility";
  visible: boolean;
}

/** A control got or lost the keyboard. */
export interface FieldFocus {
  type: "fieldfocus" | "fieldblur";
  field: number;
}

/** A finger, in CSS pixels. */
export interface Touch {
  type: "touchstart" | "touchmove" | "touchend";
  x: number;
  y: number;
  force?: number;
  rx?: number;
  ry?: number;
  id: number;
}

/** A page of the survey was shown. */
export interface Page {
  type: "page";
  id: string;
  words: number;
}

/** A question came into sight, or left it. */
export interface Question {
  type: "question";
  id: string;
  words?: number;
  visible: boolean;
}

/** A question was answered; what was said is not told. */
export interface Answer {
  type: "answer";
  id: string;
  visible?: boolean;
}

/** Something of the page's own. */
export interface Track {
  type: "track";
  name: string;
  value?: number;
}

/** What the browser says about itself. What it does not say is left out. */
export interface Device {
  type: "device";
  webdriver?: boolean;
  driver_globals?: string[];
  headless_marks?: string[];
  tampered?: string[];
  protocol_traces?: string[];
  worker_differs?: string[];
  worker_platform?: string;
  agent_hash?: number;
  eval_length?: number;
  screen_width?: number;
  screen_height?: number;
  inner_width?: number;
  inner_height?: number;
  outer_width?: number;
  outer_height?: number;
  pixel_ratio?: number;
  cores?: number;
  memory_gb?: number;
  touch_points?: number;
  coarse_pointer?: boolean;
  hover?: boolean;
  platform?: string;
  brands?: string[];
  mobile?: boolean;
  language?: string;
  languages?: string[];
  timezone?: string;
  timezone_offset_min?: number;
  zone_offset_min?: number;
  renderer?: string;
  reduced_motion?: boolean;
  dark?: boolean;
  focused?: boolean;
}

/** What the browser knows about its connection. */
export interface Network {
  type: "network";
  connection?: string;
  round_trip_ms?: number;
  downlink_mbps?: number;
}

/** Anything that a collector may emit. */
export type Happening =
  | MouseMove
  | Button
  | Wheel
  | Scroll
  | Key
  | Input
  | Clipboard
  | WindowFocus
  | Visibility
  | FieldFocus
  | Touch
  | Page
  | Question
  | Answer
  | Track
  | Device
  | Network;

/** An event as it is sent. */
export type WireEvent = Happening & { t: number };

/** The page's window, with its constructors (`target.IntersectionObserver`). */
export type PageWindow = Window & typeof globalThis;

/** Report an event; `at` is the DOM event's own time stamp, now if left out. */
export type Emit = (happening: Happening, at?: number) => void;

/**
 * Report an event of which there are many: at most one each `gapMs` in each `slot`.
 * `merge` folds what came in between into the one that is kept.
 */
export type Hold = <T extends Happening>(
  slot: string,
  gapMs: number,
  happening: T,
  at: number,
  merge?: (before: T, now: T) => T,
) => void;

/** What watches one kind of behaviour. */
export interface Collector {
  start(target: PageWindow): void;
  stop(): void;
}
