/** Hands the session to the page's forms, so that the survey can look it up. */
import type { Memory } from "./session";

/** Fill the hidden inputs that ask for the session's id or token. */
export function fillForms({ document }: Window, { id, token }: Memory): void {
  document.querySelectorAll<HTMLInputElement>("input[data-bonafide]").forEach((input) => {
    const value = { session: id, token }[input.dataset.bonafide as "session" | "token"];
    // Hidden ones only: a person should not find a token in a text box.
    if (value && input.type === "hidden") {
      input.value = value;
    }
  });
}
