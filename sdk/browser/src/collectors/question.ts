/** When questions come into sight and are answered, where the page marks them. */
import { collector, guarded, type CollectorFactory } from "../collector";
import { name, words } from "../values";

const ATTRIBUTE = "data-bonafide-question";
/** Finds the elements that hold one question each. */
export const QUESTION = `[${ATTRIBUTE}]`;

// Pages that build themselves change many times in a row.
const RESCAN_MS = 200;

export const question: CollectorFactory = ({ emit }) =>
  collector((on, { document, IntersectionObserver, MutationObserver }) => {
    const inSight = new Map<Element, boolean>();
    const idOf = (element: Element): string => name(element.getAttribute(ATTRIBUTE));

    on(document, "change", (event, origin) => {
      const element = origin && origin.closest(QUESTION);
      if (element) {
        emit({ type: "answer", id: idOf(element), visible: inSight.get(element) }, event.timeStamp);
      }
    });
    if (!IntersectionObserver) {
      return;
    }

    const crossed = (entries: IntersectionObserverEntry[]): void => {
      for (const { target, isIntersecting: visible, time } of entries) {
        if (visible !== inSight.get(target)) {
          inSight.set(target, visible);
          const length = visible ? words(target.textContent) : undefined;
          emit({ type: "question", id: idOf(target), words: length, visible }, time);
        }
      }
    };
    const sight = new IntersectionObserver(guarded(crossed));
    const scan = (): void =>
      document.querySelectorAll(QUESTION).forEach((element) => {
        if (!inSight.has(element)) {
          inSight.set(element, false);
          sight.observe(element);
        }
      });

    let timer: ReturnType<typeof setTimeout> | undefined;
    const rescan = guarded(() => {
      timer = undefined;
      scan();
    });
    const changes = new MutationObserver(() => (timer ??= setTimeout(rescan, RESCAN_MS)));
    changes.observe(document, { childList: true, subtree: true });
    scan();
    return () => {
      clearTimeout(timer);
      changes.disconnect();
      sight.disconnect();
    };
  });
