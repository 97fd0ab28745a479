// Answers the demo by Puppeteer, with its own click and type or with ghost-cursor's.
// The first argument is a JSON object; `puppeteer.py` says what is in it.
import { GhostCursor } from "ghost-cursor";
import puppeteer from "puppeteer-core";

const visit = JSON.parse(process.argv[2]);

const DELAY_MS = 60;
// Its own default of two seconds would make a test of half a minute.
const MOVE_DELAY_MS = 200;

const between = (least, most) => least + Math.random() * (most - least);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

async function appears(page, css) {
  const found = await page.waitForSelector(css, { visible: true });
  // Presses that come before the page was drawn are lost.
  await page.waitForFunction(() => document.readyState === "complete");
  return found;
}

/** Puppeteer as its documentation shows it. */
function plainHand(page) {
  return {
    async click(css) {
      await appears(page, css);
      await page.click(css);
    },
    async write(css, text) {
      await appears(page, css);
      await page.type(css, text, { delay: DELAY_MS });
    },
  };
}

/** Moves of ghost-cursor, and keys that are held and follow each other at random. */
function ghostHand(page) {
  const cursor = new GhostCursor(page);
  const click = async (css) => {
    const target = await appears(page, css);
    // Its own scrolling leaves the page where it is, and it clicks outside the window.
    await target.evaluate((element) => element.scrollIntoView({ block: "nearest" }));
    await cursor.click(css, {
      moveDelay: MOVE_DELAY_MS,
      // Without, it presses on edges as well, where round corners are not the element.
      paddingPercentage: 20,
      hesitate: between(40, 200),
      waitForClick: between(50, 130),
    });
  };
  return {
    click,
    async write(css, text) {
      await click(css);
      for (const character of text) {
        await page.keyboard.press(character, { delay: between(30, 90) });
        await pause(between(40, 140));
      }
    },
  };
}

const browser = await puppeteer.launch({
  executablePath: visit.chromium,
  headless: !visit.dressed,
  userDataDir: visit.profile,
  args: visit.arguments,
  defaultViewport: null,
  ignoreDefaultArgs: visit.dressed ? ["--enable-automation"] : [],
});
try {
  const page = await browser.newPage();
  const hand = (visit.hand === "ghost" ? ghostHand : plainHand)(page);
  await page.goto(visit.start);
  for (const { css, text } of visit.steps) {
    await (text === null ? hand.click(css) : hand.write(css, text));
  }
  // Until whoever started this closes our input: the last page has to complete the visit.
  for await (const _ of process.stdin);
} finally {
  await browser.close();
}
