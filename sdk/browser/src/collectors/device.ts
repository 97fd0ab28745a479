/**
 * What the browser says about itself, asked once a page, when there is time.
 *
 * The questions are a file of their own, so that they cost the page's start nothing.
 */
import { collector, whenIdle, type CollectorFactory } from "../collector";

export const device: CollectorFactory = ({ emit, memory, probes, worker }) =>
  collector((on, target) => {
    if (probes) {
      whenIdle(target, () => {
        // A page whose policy forbids the file is observed without it.
        probes().then(
          ({ probe }) => probe(target, { on, emit, memory, worker }),
          () => {},
        );
      });
    }
  });
