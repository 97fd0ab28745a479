/** The one place where the client touches the page's events. */
import { isPrivate, isSealed, type Fields } from "./fields";
import type { Options } from "./options";
import type { Memory } from "./session";
import { isReal } from "./trust";
import type { Collector, Emit, Hold, PageWindow } from "./types";

/** What a collector is given to work with. */
export interface Tools {
  emit: Emit;
  hold: Hold;
  fields: Fields;
  /** The session's time, in whole milliseconds. */
  now(): number;
  memory: Memory;
  /** What the platform calls the page. */
  pageId: string;
  /** What has to be told before anything else. */
  first?: () => void;
  /** The platform itself tells when another page is shown. */
  isTold?: boolean;
  probes?: Options["probes"];
  worker?: string;
}

export type CollectorFactory = (tools: Tools) => Collector;

type Events = WindowEventMap & DocumentEventMap;

interface Choice {
  /** Report it over private fields too, without its origin: a position says nothing. */
  anywhere?: boolean;
  /** Leave out what a script dispatched. */
  real?: boolean;
}

/** Listen until the collector stops. `origin` is the innermost element, if any. */
export type On = <K extends keyof Events>(
  source: EventTarget,
  type: K,
  listener: (event: Events[K], origin: Element | null) => void,
  choice?: Choice,
) => void;

// In place of the element of which nothing may be told.
const PRIVATE = 0;
const TYPING = /^(key|input|change|copy|cut|paste|drop)/;

/** Run something of ours; its failure is never the page's. */
export function guarded<A extends unknown[]>(action: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      action(...args);
    } catch {
      // There is nobody to tell: the page must not notice that it is observed badly.
    }
  };
}

/**
 * Make a collector of a function that adds its listeners through `on`.
 *
 * It may return what else has to be undone when the collector stops.
 */
export function collector(watch: (on: On, target: PageWindow) => (() => void) | void): Collector {
  let undo: (() => void)[] = [];

  const on: On = (source, type, listener, { anywhere, real } = {}) => {
    const heard = guarded((event: Event) => {
      if (real && !isReal(event)) {
        return;
      }
      // A moving pointer comes here each frame: finding out where it is would cost most.
      const origin = anywhere ? null : originOf(event);
      if (origin !== PRIVATE && !(origin && TYPING.test(type) && isSealed(origin))) {
        listener(event as never, origin);
      }
    });
    const options = { capture: true, passive: true };
    source.addEventListener(type, heard, options);
    undo.push(() => source.removeEventListener(type, heard, options));
  };

  return {
    start: guarded((target: PageWindow) => {
      const end = watch(on, target);
      if (end) {
        undo.push(end);
      }
    }),
    stop() {
      undo.forEach((step) => guarded(step)());
      undo = [];
    },
  };
}

// Several collectors hear the same event.
const origins = new WeakMap<Event, Element | null | typeof PRIVATE>();

// Seen from the document, what happens in an open shadow root happens to its host.
function originOf(event: Event): Element | null | typeof PRIVATE {
  let origin = origins.get(event);
  if (origin === undefined) {
    origin = elementAt((event.composedPath()[0] || event.target) as Node | null);
    origin = origin && isPrivate(origin) ? PRIVATE : origin;
    origins.set(event, origin);
  }
  return origin;
}

/** Find the element that a node is or is in. */
export function elementAt(node: Node | null | undefined): Element | null {
  return node?.nodeType === 1 ? (node as Element) : node?.parentElement || null;
}

/** Call back when the page's elements are all there. */
export function whenParsed(on: On, { document }: Window, ready: () => void): void {
  if (document.readyState === "loading") {
    on(document, "DOMContentLoaded", ready);
  } else {
    ready();
  }
}

/** Call back when the page has nothing better to do. */
export function whenIdle(target: PageWindow, ready: () => void): void {
  // Safari has no idle callbacks.
  if (target.requestIdleCallback) {
    target.requestIdleCallback(guarded(ready), { timeout: 2_000 });
  } else {
    setTimeout(guarded(ready), 200);
  }
}
