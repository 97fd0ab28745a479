/** Gets batches to the server: in order, once each, however the network behaves. */
import { backoffMs, isPassing } from "./backoff";
import type { Answer, Call } from "./http";
import { BATCH_EVENTS, createQueue } from "./queue";
import type { Batch, Session } from "./session";
import type { WireEvent } from "./types";

// A short page is heard of soon; after that steady batches are cheaper.
const FIRST_FLUSH_MS = 500;
// Browsers let a page that is being left send 64 KiB in all.
const LEAVING_BYTES = 60_000;
// So that two of them fit into that.
const LEAVING_BATCH_BYTES = 28_000;
// Browsers give a site about 5 MB; most of it is the page's own.
const PARKED_BYTES = 200_000;
// Two tabs on one session collide again and again; a broken server does for ever.
const MOST_RENUMBERINGS = 5;

export interface TransportOptions {
  session: Session;
  /** Ask the server about the session, at a path below its address. */
  ask(path: string, call: Partial<Call>): Promise<Answer>;
  flushMs: number;
  /** It is time to flush. */
  onDue(): void;
  /** The session cannot be used any more. */
  onGone(): void;
  /** Nothing more is wanted, neither here nor on the next page. */
  onOff(): void;
}

export interface Transport {
  add(event: WireEvent): void;
  /** The session is open: what waited may go. */
  wake(): void;
  /** Send what there is; `keepalive` when the page may soon be gone. */
  flush(keepalive?: boolean): Promise<void>;
  /** The page is going: send what fits, keep everything for the next page. */
  leave(): void;
  /** The page is back from the browser's cache. */
  resume(): void;
  /** A new session: number what waits from 0 and let time begin with it. Returns that time. */
  renew(): number | null;
  discard(): void;
}

/** Make a transport; what the last page could not send goes first. */
export function createTransport(options: TransportOptions): Transport {
  const { session, ask, flushMs } = options;
  const { memory } = session;
  const queue = createQueue();
  let sealed: Batch[] = session.unpark();
  let running: Promise<void> | null = null;
  // On its way, and not stopped by the page's end.
  let safe: Batch | null = null;
  // Answers that belong to an earlier visit or session are not listened to.
  let visit = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let notBefore = 0;
  let failures = 0;
  let renumberings = 0;
  // Events that the running flush still has to send. Without it, fast answers
  // would make a batch of every two or three events.
  let owed = 0;
  let urgent = false;
  let delayMs = FIRST_FLUSH_MS;
  let left = false;

  /** Listen to no answer that is still to come. */
  function turnAway(): void {
    visit++;
    safe = null;
    clearTimeout(timer);
    timer = undefined;
  }

  function isReady(): boolean {
    // Leaving is followed by "hidden", which asks for a flush once more.
    return !left && memory.id !== null && sealed.length + queue.size > 0;
  }

  function schedule(): void {
    if (isReady()) {
      timer ??= setTimeout(options.onDue, Math.max(notBefore - Date.now(), delayMs));
    }
  }

  function seal(maxBytes?: number): void {
    const events = queue.take(maxBytes);
    owed -= events.length;
    sealed.push({ seq: memory.seq++, sent_at: new Date().toISOString(), events });
    // Before it is sent: a number must not be used twice, whatever happens next.
    session.save();
  }

  const post = (json: string, keepalive: boolean): Promise<Answer> =>
    ask("/data", { json, keepalive });

  async function pump(): Promise<void> {
    const mine = visit;
    while (sealed.length || (queue.size && (owed > 0 || queue.size >= BATCH_EVENTS))) {
      if (!sealed.length) {
        seal();
      }
      const batch = sealed[0]!;
      safe = urgent ? batch : null;
      const answer = await post(JSON.stringify(batch), urgent);
      if (mine !== visit) {
        return;
      }
      safe = null;
      if (!settle(batch, answer)) {
        return;
      }
    }
  }

  /** Act on an answer; say whether to go on. */
  function settle(batch: Batch, { status, body, waitMs }: Answer): boolean {
    if (status === 409 && body.code === "seq_reused" && renumberings++ < MOST_RENUMBERINGS) {
      renumber(batch, body.next_seq);
      return true;
    }
    if (status === 409 && body.collect === false) {
      options.onOff();
      return false;
    }
    if ([401, 403, 404, 409].includes(status)) {
      options.onGone();
      return false;
    }
    if (isPassing(status)) {
      notBefore = Date.now() + (waitMs || backoffMs(++failures));
      return false;
    }
    if (status === 413 && batch.events.length > 1) {
      split(batch);
      return true;
    }
    // Accepted, or refused for what it holds: repeating it would change nothing.
    failures = 0;
    renumberings = 0;
    sealed.shift();
    session.park(sealed);
    if (body.collect === false) {
      options.onOff();
      return false;
    }
    return true;
  }

  function renumber(batch: Batch, next: unknown): void {
    batch.seq = typeof next === "number" && next >= 0 ? next : memory.seq;
    memory.seq = Math.max(memory.seq, batch.seq + 1);
    session.save();
  }

  function split(batch: Batch): void {
    const events = batch.events.splice(batch.events.length >> 1);
    sealed.splice(1, 0, { ...batch, seq: memory.seq++, events });
    session.save();
  }

  function flush(keepalive = false): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    delayMs = flushMs;
    if (isReady() && Date.now() >= notBefore) {
      urgent ||= keepalive;
      owed = queue.size;
      running ??= pump().finally(() => {
        running = null;
        urgent = false;
        schedule();
      });
    } else {
      schedule();
    }
    return running || Promise.resolve();
  }

  function leave(): void {
    const underWay = safe;
    turnAway();
    left = true;
    queue.shrink(PARKED_BYTES - JSON.stringify(sealed).length);
    while (queue.size) {
      seal(LEAVING_BATCH_BYTES);
    }
    // All of it: a batch that does arrive now will be recognized by its number.
    session.park(sealed);
    session.save();
    if (!memory.id || Date.now() < notBefore) {
      return;
    }
    let budget = LEAVING_BYTES;
    for (const batch of sealed) {
      const json = JSON.stringify(batch);
      budget -= json.length;
      if (budget < 0) {
        break;
      }
      if (batch !== underWay) {
        void post(json, true);
      }
    }
  }

  return {
    wake: schedule,
    flush,
    leave,
    add(event) {
      queue.push(event);
      if (queue.size >= BATCH_EVENTS && !running && Date.now() >= notBefore) {
        void flush();
      } else {
        schedule();
      }
    },
    resume() {
      session.reload();
      left = false;
      queue.clear();
      sealed = session.unpark();
      void flush();
    },
    renew() {
      turnAway();
      while (queue.size) {
        seal();
      }
      memory.seq = 0;
      const start = sealed[0]?.events[0]?.t ?? null;
      for (const batch of sealed) {
        batch.seq = memory.seq++;
        batch.events.forEach((event) => (event.t = Math.max(0, event.t - (start || 0))));
      }
      return start;
    },
    discard() {
      turnAway();
      queue.clear();
      sealed = [];
      session.park([]);
    },
  };
}
