/** One visit of a page: its session, what is collected, and how it is sent. */
import { backoffMs, isPassing } from "./backoff";
import { createClock } from "./clock";
import { collector, whenParsed, type Tools } from "./collector";
import { COLLECTORS } from "./collectors";
import { pageEvent } from "./collectors/page";
import { createFields } from "./fields";
import { fillForms } from "./forms";
import { createHttp, type Answer, type Call } from "./http";
import type { Options } from "./options";
import { loadSession, type Memory } from "./session";
import { createThrottle } from "./throttle";
import { createTransport } from "./transport";
import type { Emit, PageWindow, WireEvent } from "./types";
import { name, within } from "./values";

export interface Visit {
  readonly memory: Memory;
  flush(): Promise<void>;
  complete(): Promise<void>;
  status(): Promise<object>;
  page(id?: string): void;
  track(name: string, value?: number): void;
  /** Stop for good in this tab. */
  stop(): void;
  /** Stop, and leave nothing behind in this tab. */
  forget(): void;
}

// Each batch costs a page about 5 ms, most of it for compressing and sending: five
// seconds halve what two cost, and a page that is left sends at once.
const FLUSH_MS = 5_000;
const SHORTEST_FLUSH_MS = 250;
// A page that waits for complete() is about to go on: it cannot wait for long.
const COMPLETE_ATTEMPTS = 3;
const COMPLETE_WAIT_MS = 5_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Open or continue the tab's session and start to collect. */
export function createVisit(
  target: PageWindow,
  options: Options,
  announce: (sessionId: string) => void,
): Visit {
  const { key, survey, respondent = "", api, page = "" } = options;
  const url = api.replace(/\/+$/, "") + "/api/v1/sessions";
  const session = loadSession(target, survey, respondent);
  const { memory } = session;
  const http = createHttp(target);
  const fields = createFields(memory);
  let clock = createClock(memory.epoch, memory.t);
  let collecting = false;
  let reopened = false;
  let failures = 0;
  let ready: () => void;
  const isReady = new Promise<void>((resolve) => (ready = resolve));

  const push: Emit = (happening, at) => {
    if (collecting) {
      tellFirst();
      // Each collector gives its object away: copying it would cost each move.
      const event = happening as WireEvent;
      event.t = memory.t = clock.at(at);
      transport.add(event);
    }
  };
  const throttle = createThrottle(push);
  const emit: Emit = (happening, at) => {
    // What is held happened before: it must not arrive behind.
    throttle.drain();
    push(happening, at);
  };
  const tools: Tools = {
    emit,
    hold: throttle.hold,
    fields,
    now: () => Math.floor(clock.at()),
    memory,
    pageId: name(page),
    probes: options.probes,
    worker: options.worker,
  };
  const collectors = COLLECTORS.map((create) => create(tools));
  const transport = createTransport({
    session,
    ask,
    flushMs: Math.max(SHORTEST_FLUSH_MS, options.flushMs || FLUSH_MS),
    onDue: () => void flush(),
    onGone: reopen,
    onOff: turnOff,
  });

  function tellFirst(): void {
    const { first } = tools;
    tools.first = undefined;
    first?.();
  }

  function collect(): void {
    collecting = true;
    collectors.forEach((one) => one.start(target));
  }

  function halt(): void {
    collecting = false;
    collectors.forEach((one) => one.stop());
    throttle.drain();
    transport.discard();
  }

  function turnOff(): void {
    halt();
    memory.off = true;
    session.save();
  }

  function reopen(): void {
    const now = clock.at();
    const start = transport.renew() ?? now;
    session.restart(Date.now() - (now - start));
    if (reopened) {
      halt();
      return;
    }
    reopened = true;
    clock = createClock(memory.epoch, 0);
    // Page and device belong to each session: they are told again.
    collectors.forEach((one) => one.stop());
    collect();
    void open();
  }

  async function open(): Promise<void> {
    if (!collecting) {
      return;
    }
    const answer = await http({
      url,
      token: key,
      json: JSON.stringify({ survey_id: survey, respondent_id: memory.respondent || undefined }),
    });
    // Meanwhile the page stopped it, or another page of the tab went on.
    if (!collecting || memory.id) {
      return;
    }
    const { id, token, variants, collect: wanted } = answer.body;
    if (answer.status < 300 && typeof id === "string" && typeof token === "string") {
      Object.assign(memory, { id, token, variants });
      session.save();
      opened(id);
      if (wanted === false) {
        turnOff();
      } else {
        transport.wake();
      }
    } else if (isPassing(answer.status)) {
      setTimeout(() => void open(), answer.waitMs || backoffMs(++failures));
    } else {
      halt();
    }
  }

  function opened(sessionId: string): void {
    fillForms(target, memory);
    ready();
    announce(sessionId);
    target.dispatchEvent(new target.CustomEvent("bonafide:ready", { detail: { sessionId } }));
  }

  function flush(keepalive = false): Promise<void> {
    tellFirst();
    throttle.drain();
    return transport.flush(keepalive);
  }

  const lifecycle = collector((on) => {
    const { document } = target;
    whenParsed(on, target, () => fillForms(target, memory));
    on(target, "submit", () => {
      fillForms(target, memory);
      void flush(true);
    });
    on(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") {
        void flush(true);
      }
    });
    on(target, "pagehide", () => {
      tellFirst();
      throttle.drain();
      transport.leave();
    });
    on(target, "pageshow", (event) => {
      if (event.persisted) {
        transport.resume();
        clock = createClock(memory.epoch, memory.t);
        if (memory.off) {
          halt();
        } else if (!memory.id) {
          void open();
        }
      }
    });
  });

  if (!memory.off) {
    collect();
  }
  lifecycle.start(target);
  const known = memory.id;
  if (known) {
    // Not before the page can see `window.bonafide`.
    void Promise.resolve(known).then(opened);
  } else {
    void open();
  }

  return {
    memory,
    flush: () => flush(),
    stop: turnOff,
    forget() {
      halt();
      lifecycle.stop();
      session.forget();
    },
    page(id = "") {
      tools.pageId = name(id);
      tools.isTold = true;
      emit(pageEvent(target, tools.pageId));
    },
    track(what, value) {
      emit({
        type: "track",
        name: name(what),
        value: value === undefined ? undefined : within(value, -1e12, 1e12),
      });
    },
    async complete() {
      if (collecting) {
        await Promise.race([isReady, pause(COMPLETE_WAIT_MS)]);
      }
      await flush(true);
      for (let attempt = 1; collecting && memory.id; attempt++) {
        const answer = await ask("/complete", { keepalive: true });
        if (!isPassing(answer.status)) {
          turnOff();
        } else if (attempt < COMPLETE_ATTEMPTS) {
          await pause(Math.min(COMPLETE_WAIT_MS, answer.waitMs || backoffMs(attempt)));
        } else {
          return;
        }
      }
    },
    async status() {
      const answer = memory.id ? await ask("/status", { method: "GET" }) : null;
      return answer?.status === 200 ? answer.body : {};
    },
  };

  function ask(path: string, call: Partial<Call>): Promise<Answer> {
    return http({ url: `${url}/${memory.id}${path}`, token: memory.token || "", ...call });
  }
}
