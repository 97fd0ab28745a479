// Answers what it finds on a page by events of its own making, which no device caused.
// `steps.js`, written for each visit, says what to do: STEPS and FULL.
const LEAST_MS = 150;
const MOST_MS = 450;
const HOLD_MS = 60;
const KEY_MS = 50;

const between = (least, most) => least + Math.random() * (most - least);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function valueSetter(field) {
  return Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), "value").set;
}

function change(field, value, data) {
  valueSetter(field).call(field, value);
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data }));
}

/** Everything that a mouse would cause, in its order. */
async function press(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const at = {
    bubbles: true,
    cancelable: true,
    composed: true,
    view: window,
    detail: 1,
    clientX: left + width * between(0.2, 0.8),
    clientY: top + height * between(0.2, 0.8),
  };
  const pointer = { ...at, pointerId: 1, pointerType: "mouse", isPrimary: true };
  const send = (Kind, type, init) => element.dispatchEvent(new Kind(type, init));
  send(PointerEvent, "pointermove", pointer);
  send(MouseEvent, "mousemove", at);
  send(PointerEvent, "pointerdown", pointer);
  send(MouseEvent, "mousedown", at);
  await pause(between(HOLD_MS, 2 * HOLD_MS));
  send(PointerEvent, "pointerup", pointer);
  send(MouseEvent, "mouseup", at);
  send(PointerEvent, "click", pointer);
}

async function type(field, text) {
  field.focus();
  for (const key of text) {
    field.dispatchEvent(new KeyboardEvent("keydown", { bubbles: true, key }));
    change(field, field.value + key, key);
    await pause(between(KEY_MS, 2 * KEY_MS));
    field.dispatchEvent(new KeyboardEvent("keyup", { bubbles: true, key }));
    await pause(between(KEY_MS, 2 * KEY_MS));
  }
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function fill(field, text) {
  change(field, text, text);
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

async function answer() {
  for (const { css, text } of STEPS) {
    const element = document.querySelector(css);
    if (element) {
      await pause(between(LEAST_MS, MOST_MS));
      if (text !== null) {
        await (FULL ? type(element, text) : fill(element, text));
      } else {
        await (FULL ? press(element) : element.click());
      }
    }
  }
}

answer();
