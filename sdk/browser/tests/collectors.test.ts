/** What each collector reports. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { events, happen, pass, press, setUp, show, startAndSettle, tearDown, type } from "./page";

vi.mock("../src/trust", () => ({ isReal: () => true }));
beforeEach(setUp);
afterEach(tearDown);

const flush = () => pass(2_100);
const field = () => show<HTMLTextAreaElement>("<textarea></textarea>");

test.each([
  ["a", "letter"],
  ["ж", "letter"],
  ["語", "letter"],
  ["é", "letter"],
  ["7", "digit"],
  [" ", "space"],
  ["Enter", "enter"],
  ["Tab", "tab"],
  ["Backspace", "backspace"],
  ["Delete", "delete"],
  ["ArrowUp", "arrow"],
  ["Shift", "modifier"],
  ["AltGraph", "modifier"],
  ["?", "punctuation"],
  ["F5", "other"],
  ["PageDown", "other"],
  ["Dead", "other"],
  ["Process", "other"],
  ["Unidentified", "other"],
])("the key %s is a %s", async (key, kind) => {
  await startAndSettle();
  press(document.body, key, "KeyA");
  await flush();
  expect(events("keydown")[0]).toMatchObject({ key: kind, code_known: true, trusted: false });
});

test("a press and its release share a number that is used once", async () => {
  await startAndSettle();
  const area = field();
  const down = (code: string) => happen(area, new KeyboardEvent("keydown", { key: "a", code, bubbles: true }));
  const up = (code: string) => happen(area, new KeyboardEvent("keyup", { key: "a", code, bubbles: true }));
  down("KeyA");
  down("KeyB");
  up("KeyA");
  up("KeyB");
  down("KeyA");
  up("KeyA");
  await flush();
  const downs = events("keydown").map(({ k }) => k);
  const ups = events("keyup").map(({ k }) => k);
  expect(ups).toEqual(downs);
  expect(new Set(downs).size).toBe(3);
});

test("a held key repeats under its number", async () => {
  await startAndSettle();
  const down = (repeat: boolean) =>
    happen(field(), new KeyboardEvent("keydown", { key: "a", code: "KeyA", repeat, bubbles: true }));
  down(false);
  down(true);
  await flush();
  const [first, second] = events("keydown");
  expect(second).toMatchObject({ k: first!.k, repeat: true });
});

test("typing reports lengths and keys, not text", async () => {
  await startAndSettle();
  type(field(), "abc");
  await flush();
  expect(events("input")).toMatchObject([
    { input_type: "insertText", delta: 1, length: 1, keys_since: 1, field: 1 },
    { delta: 1, length: 2 },
    { delta: 1, length: 3 },
  ]);
});

test("a value that a script sets shows as one jump without keys", async () => {
  await startAndSettle();
  const area = field();
  area.value = "x".repeat(80);
  happen(area, new Event("input", { bubbles: true }));
  await flush();
  expect(events("input")).toMatchObject([
    { input_type: "", delta: 80, length: 80, keys_since: 0, trusted: false },
  ]);
});

test("a choice says that it was made, not which", async () => {
  await startAndSettle();
  const radio = show<HTMLInputElement>('<input type="radio" value="secret">');
  radio.click();
  await flush();
  expect(events("input")).toEqual([
    { type: "input", t: expect.any(Number), input_type: "choice", trusted: expect.any(Boolean), field: 1 },
  ]);
  expect(events("click")[0]).toMatchObject({ target: "radio", pointer: "unknown", trusted: false });
});

test("fields are numbered in the order of use, on the next page as well", async () => {
  await startAndSettle();
  show("<input><input>");
  const [first, second] = document.querySelectorAll("input");
  second!.focus();
  first!.focus();
  await flush();
  expect(events("fieldfocus").map((event) => event.field)).toEqual([1, 2]);
  expect(events("fieldblur").map((event) => event.field)).toEqual([1]);
});

const move = (x: number, at: number, more: object = {}) =>
  happen(document.body, new MouseEvent("pointermove", { clientX: x, clientY: 5.55, bubbles: true }), {
    pointerType: "mouse",
    timeStamp: at,
    movementX: 2,
    movementY: 1,
    getCoalescedEvents: () => [1, 2],
    ...more,
  });

test("movements are thinned to one a frame; the last place and the sums stay", async () => {
  await startAndSettle();
  [0, 4, 8, 12, 16].forEach((ms, index) => move(index, performance.now() + ms - 1_000));
  await flush();
  expect(events("mousemove")).toMatchObject([
    { x: 0, y: 5.6, coalesced: 2, mx: 2, my: 1 },
    { x: 3, coalesced: 6, mx: 6, my: 3 },
    { x: 4, coalesced: 2 },
  ]);
});

test("fingers are not mice", async () => {
  await startAndSettle();
  move(1, performance.now(), { pointerType: "touch" });
  await flush();
  expect(events("mousemove")).toHaveLength(0);
});

test("a held movement comes before the press that follows it", async () => {
  await startAndSettle();
  move(1, performance.now() - 3);
  move(2, performance.now() - 2);
  happen(document.body, new MouseEvent("mousedown", { clientX: 2, bubbles: true }));
  const body = document.body;
  happen(body, new MouseEvent("mouseup", { bubbles: true }));
  await flush();
  const { batches } = await import("./page");
  const order = batches().flatMap((batch) => batch.events.map((event) => event.type));
  expect(order).toEqual(["mousemove", "mousemove", "mousedown", "mouseup"]);
});

test("a press tells the control's box, role and pointer", async () => {
  await startAndSettle();
  const button = show("<button><b>Next</b></button>");
  button.getBoundingClientRect = () => ({ left: 10, top: 20, width: 80, height: 30 }) as DOMRect;
  const inner = button.firstElementChild!;
  happen(inner, new MouseEvent("pointerdown", { bubbles: true }), { pointerType: "mouse" });
  for (const kind of ["mousedown", "mouseup", "click"]) {
    happen(inner, new MouseEvent(kind, { clientX: 50, clientY: 35, detail: 1, bubbles: true }));
  }
  await flush();
  const box = { x: 50, y: 35, button: 0, detail: 1, pointer: "mouse", target: "button", tx: 10, ty: 20, tw: 80, th: 30 };
  expect(events("mousedown")).toMatchObject([box]);
  expect(events("mouseup")).toMatchObject([box]);
  expect(events("click")).toMatchObject([box]);
});

test.each([
  ["<a href='#'>x</a>", "link"],
  ["<label>x</label>", "label"],
  ["<select><option>x</option></select>", "select"],
  ["<textarea></textarea>", "textarea"],
  ["<input>", "text"],
  ["<input type=checkbox>", "checkbox"],
  ["<input type=submit>", "button"],
  ["<div role=radio>x</div>", "radio"],
  ["<div role=combobox>x</div>", "select"],
  ["<div contenteditable=true>x</div>", "text"],
  ["<p>x</p>", "other"],
])("%s is clicked as %s", async (html, role) => {
  await startAndSettle();
  happen(show(html), new MouseEvent("click", { bubbles: true }));
  await flush();
  expect(events("click")[0]!.target).toBe(role);
});

test("fingers have small numbers, places and sizes", async () => {
  await startAndSettle();
  const finger = { identifier: 1_234_567_890, clientX: 3, clientY: 4, force: 0.5, radiusX: 11.2, radiusY: 9 };
  for (const kind of ["touchstart", "touchmove", "touchend"]) {
    happen(document.body, new Event(kind, { bubbles: true }), { changedTouches: [finger] });
  }
  await flush();
  const expected = { x: 3, y: 4, force: 0.5, rx: 11.2, ry: 9, id: 0 };
  for (const kind of ["touchstart", "touchmove", "touchend"]) {
    expect(events(kind)).toMatchObject([expected]);
  }
});

test("scrolling names what came before it", async () => {
  await startAndSettle();
  const now = performance.now();
  happen(document, new Event("scroll"), { timeStamp: now - 900 });
  happen(document.body, new WheelEvent("wheel", { deltaY: 100, bubbles: true }), { timeStamp: now - 600 });
  happen(document, new Event("scroll"), { timeStamp: now - 500 });
  happen(document.body, new KeyboardEvent("keydown", { key: "PageDown", bubbles: true }), { timeStamp: now - 80 });
  happen(document, new Event("scroll"), { timeStamp: now - 40 });
  await flush();
  expect(events("scroll").map(({ source }) => source)).toEqual(["unknown", "wheel", "key"]);
  expect(events("wheel")).toMatchObject([{ dx: 0, dy: 100 }]);
});

test("wheel steps in quick succession are summed", async () => {
  await startAndSettle();
  const now = performance.now() - 500;
  for (const ms of [0, 10, 20, 31]) {
    happen(document.body, new WheelEvent("wheel", { deltaY: 5, bubbles: true }), { timeStamp: now + ms });
  }
  await flush();
  expect(events("wheel").map(({ dy }) => dy)).toEqual([5, 15]);
});

test("the clipboard's text is counted", async () => {
  await startAndSettle();
  const area = field();
  const clipboardData = { getData: () => "x".repeat(42) };
  happen(area, new Event("paste", { bubbles: true }), { clipboardData });
  happen(area, new Event("drop", { bubbles: true }), { dataTransfer: clipboardData });
  area.value = "hello world";
  area.setSelectionRange(0, 5);
  happen(area, new Event("cut", { bubbles: true }));
  await flush();
  expect(events("paste")).toMatchObject([{ length: 42, field: 1 }]);
  expect(events("drop")).toMatchObject([{ length: 42, field: 1 }]);
  expect(events("cut")).toMatchObject([{ length: 5, field: 1 }]);
});

test("a copied question tells how much of it was copied", async () => {
  await startAndSettle();
  const question = show('<p data-bonafide-question="q1">Do you like   tea?</p>');
  document.getSelection()!.selectAllChildren(question);
  happen(question, new Event("copy", { bubbles: true }));
  await flush();
  expect(events("copy")).toMatchObject([{ length: 18, share_of_prompt: 1 }]);
});

test("a question is told when it comes into sight, and when it is answered", async () => {
  let cross: (entries: object[]) => void = () => undefined;
  const observe = vi.fn();
  vi.stubGlobal(
    "IntersectionObserver",
    class {
      constructor(callback: never) {
        cross = callback;
      }
      observe = observe;
      disconnect = vi.fn();
    },
  );
  await startAndSettle();
  const question = show('<div data-bonafide-question="q1">How are you? <input type=checkbox></div>');
  await pass(300);
  expect(observe).toHaveBeenCalledWith(question);
  cross([{ target: question, isIntersecting: true, time: 0 }]);
  happen(question.querySelector("input")!, new Event("change", { bubbles: true }));
  cross([{ target: question, isIntersecting: false, time: 0 }]);
  await flush();
  expect(events("question")).toMatchObject([
    { id: "q1", words: 3, visible: true },
    { id: "q1", visible: false },
  ]);
  expect(events("answer")).toMatchObject([{ id: "q1", visible: true }]);
});

test("page and device are told once a page", async () => {
  document.body.innerHTML = "<p>Four words are here</p>";
  const { start, batches } = await import("./page");
  start({ page: "p1" });
  await pass(5_000);
  expect(events("page")).toMatchObject([{ id: "p1", words: 4 }]);
  expect(events("device")).toHaveLength(1);
  expect(events("device")[0]).toMatchObject({ driver_globals: [], inner_width: 1024 });
  expect(batches()[0]!.events[0]!.type).toBe("page");
});

test("what automation leaves behind is named, nothing else", async () => {
  const traces = {
    __webdriver_evaluate: 1,
    $cdc_adoQpoasnfa76pfcZLmcfl_Array: 1,
    cdc_survey_of_2026: 1,
    __pwInitScripts: 1,
  };
  Object.assign(window, traces);
  const { start } = await import("./page");
  start();
  await pass(5_000);
  expect((events("device")[0]!.driver_globals as string[]).sort()).toEqual([
    "__pwInitScripts",
    "__webdriver_evaluate",
    "cdc_",
  ]);
  Object.keys(traces).forEach((name) => delete (window as never)[name]);
});

test("the window's focus and the page's visibility are told", async () => {
  await startAndSettle();
  window.dispatchEvent(new Event("blur"));
  window.dispatchEvent(new Event("focus"));
  document.dispatchEvent(new Event("visibilitychange"));
  await flush();
  expect([events("blur"), events("focus"), events("visibility")].map((list) => list.length)).toEqual([1, 1, 1]);
});
