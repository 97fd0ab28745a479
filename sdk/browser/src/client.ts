/** Puts the parts together: one client for one page. */
import { backoffMs, isPassing } from "./backoff";
import { createClock } from "./clock";
import { collector, guarded, whenParsed } from "./collector";
import { COLLECTORS } from "./collectors";
import { createFields } from "./fields";
import { fillForms } from "./forms";
import { createHttp, type Answer, type Call } from "./http";
import { loadSession } from "./session";
import { createThrottle } from "./throttle";
import { createTransport } from "./transport";
import type { Emit, PageWindow } from "./types";
import { name } from "./values";

export interface Options {
  /** A publishable key. */
  key: string;
  survey: string;
  respondent?: string;
  /** The server's origin. */
  api: string;
  page?: string;
  flushMs?: number;
}

/** What a page can ask of the client. None of it rejects. */
export interface Bonafide {
  /** The session's id, null until it is open. */
  sessionId(): string | null;
  /** Fulfilled when the session is open; stays pending when it cannot be. */
  ready: Promise<{ sessionId: string }>;
  /** Send what has been seen so far. */
  flush(): Promise<void>;
  /** End the session: the survey has been submitted. */
  complete(): Promise<void>;
  /** What the server tells a browser about the session; {} when it cannot be asked. */
  status(): Promise<object>;
  /** Stop collecting for good in this tab, and drop what has not been sent. */
  stop(): void;
}

const FLUSH_MS = 2_000;
const SHORTEST_FLUSH_MS = 250;
// A page that waits for complete() is about to go on: it cannot wait for long.
const COMPLETE_ATTEMPTS = 3;
const COMPLETE_WAIT_MS = 5_000;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Open or continue the tab's session and start to collect. */
export function startClient(target: PageWindow, options: Options): Bonafide {
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
  let announce: (session: { sessionId: string }) => void;
  const ready = new Promise<{ sessionId: string }>((resolve) => (announce = resolve));

  const push: Emit = (happening, at) => {
    if (collecting) {
      const t = (memory.t = clock.at(at));
      transport.add({ ...happening, t });
    }
  };
  const throttle = createThrottle(push);
  const emit: Emit = (happening, at) => {
    // What is held happened before: it must not arrive behind.
    throttle.drain();
    push(happening, at);
  };
  const collectors = COLLECTORS.map((create) =>
    create({
      emit,
      hold: throttle.hold,
      fields,
      now: () => Math.floor(clock.at()),
      memory,
      pageId: name(page),
    }),
  );
  const transport = createTransport({
    session,
    ask,
    flushMs: Math.max(SHORTEST_FLUSH_MS, options.flushMs || FLUSH_MS),
    onGone: reopen,
    onOff: turnOff,
  });

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
    const { id, token, collect: wanted } = answer.body;
    if (answer.status < 300 && typeof id === "string" && typeof token === "string") {
      Object.assign(memory, { id, token });
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
    announce({ sessionId });
    target.dispatchEvent(new target.CustomEvent("bonafide:ready", { detail: { sessionId } }));
  }

  function flush(keepalive = false): Promise<void> {
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
    sessionId: () => memory.id,
    ready,
    flush: () => flush(),
    stop: guarded(turnOff),
    async complete() {
      if (collecting) {
        await Promise.race([ready, pause(COMPLETE_WAIT_MS)]);
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
