/** Which page of the survey is shown, and how much there is to read. */
import { collector, whenParsed, type CollectorFactory } from "../collector";
import { words } from "../values";

export const page: CollectorFactory = ({ emit, pageId }) =>
  collector((on, target) =>
    whenParsed(on, target, () => {
      const { body } = target.document;
      // What is rendered: textContent would count the page's scripts as well.
      emit({ type: "page", id: pageId, words: words(body.innerText ?? body.textContent) });
    }),
  );
