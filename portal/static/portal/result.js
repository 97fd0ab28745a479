// Asks for the verdict and shows it. Every sentence comes from the page, translated.
const LIVE_LOOKS = 3;
const LIVE_GAP_MS = 1000;
const OPEN_WAIT_MS = 8000;
// After the end: 0.5, 1, 2, 4, 8, 8, 8 seconds, then the reader decides.
const FINAL_LOOKS = 7;
const FIRST_GAP_MS = 500;
const LONGEST_GAP_MS = 8000;

const SUREST = 0.99;

const root = document.getElementById("result");
const texts = JSON.parse(document.getElementById("texts").textContent);
const language = document.documentElement.lang;
const numbers = new Intl.NumberFormat(language, { maximumFractionDigits: 3 });
const percents = new Intl.NumberFormat(language, { style: "percent" });

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const slot = (name, within = root) => within.querySelector(`[data-slot="${name}"]`);
const part = (name) => root.querySelector(`[data-part="${name}"]`);
const stamp = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_, name) => values[name]);
const familyOf = (code) => code.split(".")[0];
const familyName = (family) => texts.families[family] ?? family;

function write(name, text) {
  const element = slot(name);
  // What stays the same is not said again.
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

function tell(state) {
  root.dataset.state = state;
  write("state", texts.states[state]);
  part("retry").hidden = !["away", "none", "slow"].includes(state);
}

function valueOf(name, value) {
  if (typeof value === "boolean") {
    return value ? texts.yes : texts.no;
  }
  if (typeof value !== "number") {
    return String(value);
  }
  return name === "share" ? percents.format(value) : numbers.format(value);
}

function factOf([name, value]) {
  const fact = stamp("fact");
  slot("name", fact).textContent = texts.evidence[name] ?? name;
  slot("value", fact).textContent = valueOf(name, value);
  return fact;
}

function reasonOf({ message, family, evidence }) {
  const reason = stamp("reason");
  slot("message", reason).textContent = message;
  slot("family", reason).textContent = familyName(family);
  const facts = Object.entries(evidence ?? {}).map(factOf);
  slot("evidence", reason).replaceChildren(...facts);
  return reason;
}

function familyItem([family, codes]) {
  const item = stamp("family");
  const count = numbers.format(codes.length);
  const heading = fill(texts.family_count, { family: familyName(family), count });
  slot("name", item).textContent = heading;
  const checks = codes.map((code) => {
    const check = document.createElement("li");
    check.textContent = texts.checks[code] ?? code;
    return check;
  });
  slot("checks", item).replaceChildren(...checks);
  return item;
}

function showChecks(outcome, checks) {
  const codes = Object.keys(checks).filter((code) => checks[code] === outcome);
  const families = new Map();
  codes.forEach((code) => {
    const family = familyOf(code);
    families.set(family, [...(families.get(family) ?? []), code]);
  });
  slot(outcome).replaceChildren(...[...families].map(familyItem));
  write(`${outcome}-count`, numbers.format(codes.length));
  part(outcome).hidden = codes.length === 0;
}

/** Rounding must not make a certainty of what is none. */
function confidenceOf(share) {
  const percent = percents.format(Math.min(share, SUREST));
  return share > SUREST ? fill(texts.nearly_all, { percent }) : percent;
}

function showScore({ bot_score: score, confidence, recommended_action: action }) {
  const meter = slot("meter");
  const text = score === null ? texts.no_score : fill(texts.score, { score });
  part("scale").hidden = score === null;
  meter.value = score ?? 1;
  meter.textContent = text;
  write("score", text);
  write("confidence", confidenceOf(confidence));
  write("action", texts.actions[action] ?? action);
}

function show(status) {
  const { headline, meaning } = texts.verdicts[status.verdict];
  const found = Object.keys(status.checks).filter((c) => status.checks[c] !== "unknown");
  const families = [...new Set(found.map(familyOf))].map(familyName);
  slot("verdict").className = `verdict ${status.verdict}`;
  write("headline", headline);
  write("meaning", meaning);
  showScore(status);
  // What weighs nothing answers another question than who sits there.
  const counted = status.reasons.filter(({ weight }) => weight > 0);
  const noted = status.reasons.filter(({ weight }) => weight === 0);
  slot("reasons").replaceChildren(...counted.map(reasonOf));
  part("no-reasons").hidden = counted.length > 0;
  slot("noted").replaceChildren(...noted.map(reasonOf));
  part("noted").hidden = noted.length === 0;
  showChecks("clear", status.checks);
  showChecks("unknown", status.checks);
  write("events", numbers.format(status.event_count));
  write("gaps", numbers.format(status.gaps));
  write("families", new Intl.ListFormat(language).format(families) || texts.none);
  write("ruleset", status.ruleset ?? texts.none);
  write("session", status.session_id);
  part("verdict").hidden = false;
}

/** Show the latest word; null when there was none to be had. */
async function look(client) {
  const status = await client.status();
  if (!status.verdict) {
    return null;
  }
  show(status);
  return status;
}

function lastWord({ status }) {
  return ["expired", "blocked"].includes(status) ? status : "final";
}

/** Say why there is no answer: the server is away, or knows the visit no more. */
async function tellWhy() {
  try {
    const { ok } = await fetch("/healthz/live", { cache: "no-store" });
    tell(ok ? "gone" : "away");
  } catch {
    tell("away");
  }
}

async function watch(client) {
  for (let looks = 0; looks < LIVE_LOOKS; looks++) {
    await client.flush();
    const status = await look(client);
    if (!status) {
      return tellWhy();
    }
    if (status.is_final) {
      return tell(lastWord(status));
    }
    tell(status.status === "active" ? "live" : "closing");
    await pause(LIVE_GAP_MS);
  }
  await client.complete();
  let status = null;
  for (let looks = 0; looks < FINAL_LOOKS; looks++) {
    status = await look(client);
    if (status?.is_final) {
      return tell(lastWord(status));
    }
    tell(status?.status === "active" ? "live" : "closing");
    await pause(Math.min(LONGEST_GAP_MS, FIRST_GAP_MS * 2 ** looks));
  }
  return status ? tell("slow") : tellWhy();
}

async function run() {
  tell("loading");
  const client = window.bonafide;
  if (client) {
    await Promise.race([client.ready, pause(OPEN_WAIT_MS)]);
  }
  if (client?.sessionId()) {
    await watch(client);
  } else {
    tell("none");
  }
}

root.querySelector('[data-do="retry"]').addEventListener("click", () => void run());
root.hidden = false;
void run();
