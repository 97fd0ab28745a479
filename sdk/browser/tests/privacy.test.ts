/** What never leaves the page, whatever happens on it. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { FIELDS } from "./vocabulary";
import { batches, happen, pass, press, sent, setUp, show, start, startAndSettle, tearDown, type } from "./page";

vi.mock("../src/trust", () => ({ isReal: () => true }));
beforeEach(setUp);
afterEach(tearDown);

const PLANTED = "Zanzibar";

function useEverything(): void {
  show(`
    <form id="${PLANTED}" name="${PLANTED}" class="${PLANTED}">
      <p data-bonafide-question="q1">${PLANTED} ${PLANTED}</p>
      <label for="${PLANTED}">${PLANTED}</label>
      <input name="${PLANTED}" placeholder="${PLANTED}" title="${PLANTED}">
      <textarea name="${PLANTED}" aria-label="${PLANTED}"></textarea>
      <input type="radio" name="${PLANTED}" value="${PLANTED}">
      <select name="${PLANTED}"><option value="${PLANTED}">${PLANTED}</option></select>
      <div contenteditable="true">${PLANTED}</div>
      <a href="#${PLANTED}">${PLANTED}</a>
    </form>`);
  document.title = PLANTED;
  const clipboardData = { getData: () => PLANTED };
  for (const element of document.body.querySelectorAll<HTMLInputElement>("*")) {
    element.focus?.();
    press(element, PLANTED, PLANTED);
    type(element, PLANTED);
    for (const kind of ["pointerdown", "mousedown", "mouseup", "click", "pointermove"]) {
      happen(element, new MouseEvent(kind, { bubbles: true }), { pointerType: PLANTED });
    }
    for (const kind of ["copy", "cut", "paste", "drop", "change"]) {
      happen(element, new Event(kind, { bubbles: true }), { clipboardData, dataTransfer: clipboardData });
    }
    happen(element, new InputEvent("input", { inputType: `${PLANTED} 1`, data: PLANTED, bubbles: true }));
  }
}

test("no planted text is in anything that is sent or stored", async () => {
  start();
  await pass(1_000);
  useEverything();
  await pass(5_000);
  window.dispatchEvent(new PageTransitionEvent("pagehide"));
  expect(batches().flatMap((batch) => batch.events).length).toBeGreaterThan(200);
  const all = JSON.stringify(sent) + JSON.stringify({ ...sessionStorage });
  expect(all.toLowerCase()).not.toContain(PLANTED.toLowerCase());
  // "Z" typed again and again would give a key away.
  expect(all).not.toContain('"Z"');
});

test("every event has the fields of the server's vocabulary and no other", async () => {
  start();
  await pass(1_000);
  useEverything();
  await pass(5_000);
  for (const event of batches().flatMap((batch) => batch.events)) {
    const { type: kind, t, ...fields } = event as unknown as Record<string, unknown>;
    expect(t).toBeGreaterThanOrEqual(0);
    const unknown = Object.keys(fields).filter((name) => !FIELDS[kind as string]!.includes(name));
    expect(unknown).toEqual([]);
  }
});

test.each([
  '<input type="password">',
  '<input type="email">',
  '<input type="tel">',
  '<input autocomplete="one-time-code">',
  '<input autocomplete="shipping tel-national">',
  '<input autocomplete="cc-number">',
  '<input inputmode="email">',
  '<textarea data-bonafide="ignore"></textarea>',
  "<secret-field></secret-field>",
])("%s is not observed", async (html) => {
  await startAndSettle();
  const field = show<HTMLInputElement>(html);
  field.focus?.();
  type(field, "abc");
  for (const kind of ["copy", "cut", "paste", "drop", "change"]) {
    happen(field, new Event(kind, { bubbles: true }), { clipboardData: { getData: () => "abc" } });
  }
  field.blur?.();
  await pass(5_000);
  expect(batches().flatMap((batch) => batch.events.map((event) => event.type))).toEqual([]);
});

test("everything within an ignored part of the page is ignored", async () => {
  await startAndSettle();
  show('<section data-bonafide="ignore"><input></section>');
  const field = document.querySelector("input")!;
  type(field, "abc");
  field.click();
  await pass(5_000);
  expect(sent).toHaveLength(0);
});

test("a password that is shown as text stays private", async () => {
  await startAndSettle();
  const field = show<HTMLInputElement>('<input type="password">');
  type(field, "a");
  field.type = "text";
  type(field, "b");
  await pass(5_000);
  expect(sent).toHaveLength(0);
});

test("a password within a shadow root is private", async () => {
  await startAndSettle();
  const host = show("<div></div>");
  host.attachShadow({ mode: "open" }).innerHTML = '<input type="password">';
  press(host.shadowRoot!.querySelector("input")!, "a", "KeyA");
  await pass(5_000);
  expect(sent).toHaveLength(0);
});

test("stop() is for good in this tab and drops what has not been sent", async () => {
  const client = await startAndSettle();
  press(document.body, "a");
  client.stop();
  press(document.body, "a");
  await pass(5_000);
  window.dispatchEvent(new PageTransitionEvent("pagehide"));
  start();
  press(document.body, "a");
  await pass(5_000);
  expect(sent).toHaveLength(0);
});
