/** One request to the server; it answers always and throws never. */

/** What came back; status 0 means that nothing did. */
export interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** What the server asked to wait; 0 when it did not. */
  waitMs: number;
}

export interface Call {
  url: string;
  token: string;
  method?: "GET" | "POST";
  json?: string;
  /** The page may be gone before the answer: at most 64 KiB are allowed then, at once. */
  keepalive?: boolean;
}

export type Http = (call: Call) => Promise<Answer>;

// A request that hangs would hold up all that come after it.
const TIMEOUT_MS = 20_000;
// Below this gzip saves nothing worth the time.
const GZIP_FROM_BYTES = 1024;
// No server should be able to silence a page for longer by mistake.
const LONGEST_WAIT_MS = 300_000;

/** Bind to the page's fetch as it is now, before anything wraps it. */
export function createHttp(target: Window): Http {
  const fetch = target.fetch.bind(target);
  return async ({ url, token, method = "POST", json, keepalive = false }) => {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), TIMEOUT_MS);
    try {
      const headers: Record<string, string> = { Authorization: "Bearer " + token };
      let body: BodyInit | undefined = json;
      if (json) {
        headers["Content-Type"] = "application/json";
        // Compressing takes a moment that a page on its way out does not have.
        if (!keepalive && json.length > GZIP_FROM_BYTES && typeof CompressionStream === "function") {
          body = await compress(json);
          headers["Content-Encoding"] = "gzip";
        }
      }
      const response = await fetch(url, {
        method,
        headers,
        body,
        keepalive,
        credentials: "omit",
        cache: "no-store",
        signal: abort.signal,
      });
      return {
        status: response.status,
        body: Object(await response.json().catch(() => null)) as Answer["body"],
        waitMs: waitMs(response.headers.get("Retry-After")),
      };
    } catch {
      return { status: 0, body: {}, waitMs: 0 };
    } finally {
      clearTimeout(timer);
    }
  };
}

// Seconds or, from proxies, a date.
function waitMs(header: string | null): number {
  const ms = Number(header) * 1000 || Date.parse(header || "") - Date.now() || 0;
  return Math.min(Math.max(ms, 0), LONGEST_WAIT_MS);
}

function compress(text: string): Promise<ArrayBuffer> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
