/** Which page of the survey is shown, and how much there is to read. */
import { collector, whenIdle, whenParsed, type CollectorFactory } from "../collector";
import type { Page, PageWindow } from "../types";
import { words } from "../values";

/** Describe the page as it stands. */
export function pageEvent({ document: { body } }: Window, id: string): Page {
  // What is rendered: textContent would count the page's scripts as well.
  return { type: "page", id, words: words(body.innerText ?? body.textContent) };
}

// Anchors within a page are no other page; "#/…" is how old routers write an address.
function placeOf({ location: { pathname, search, hash } }: Window): string {
  return pathname + search + (/^#[!/]/.test(hash) ? hash : "");
}

export const page: CollectorFactory = (tools) =>
  collector((on, target: PageWindow & { navigation?: EventTarget }) => {
    const { navigation } = target;
    let place = placeOf(target);
    const tell = (id: string): void => tools.emit(pageEvent(target, id));
    // Addresses are compared here and go nowhere.
    const moved = (): void => {
      if (place !== (place = placeOf(target)) && !tools.isTold) {
        // Routers change the address first and the page after it.
        whenIdle(target, () => tools.isTold || tell(""));
      }
    };

    whenParsed(on, target, () => {
      // Counting words lays the page out: it waits until there is time, or until
      // something happens, but the page is told as of now.
      const at = performance.now();
      const told = (): void => tools.emit(pageEvent(target, tools.pageId), at);
      tools.first = told;
      whenIdle(target, () => {
        if (tools.first === told) {
          tools.first = undefined;
          told();
        }
      });
    });
    // Without the Navigation API a router's own steps are not heard, which would take
    // patching the page's functions: it calls `page()`.
    if (navigation) {
      on(navigation, "currententrychange" as "popstate", moved);
    } else {
      on(target, "popstate", moved);
      on(target, "hashchange", moved);
    }
  });
