/** What automation says of itself, or leaves in the page. */
import type { PageWindow } from "../types";
import { labels } from "../values";

// What Selenium, Playwright, Puppeteer, PhantomJS, Nightmare, Watir, CefSharp and old
// Chrome test builds leave. Wrongly: a survey's own tests, which are automation.
const DRIVER = new RegExp(
  "^(__(webdriver|selenium|driver|fxdriver)_(evaluate|unwrapped|script_f[a-z]+)" +
    "|__(playwright|puppeteer|pw)[A-Za-z_]*|puppeteer_[a-z_]+|__lastWatir[A-Za-z]+" +
    "|_?_?\\$(webdriverAsyncExecutor|chrome_asyncScriptInfo)|_?_Selenium_IDE_Recorder|_selenium" +
    "|callSelenium|_phantom|callPhantom|__phantomas|__nightmare|CefSharp|wdioElectron" +
    "|domAutomation(Controller)?)$",
);
// ChromeDriver's own: 22 random-looking characters. A page's "cdc_survey" is not it.
const CHROMEDRIVER = /^\$?cdc_[A-Za-z0-9]{22}_/;

/** The browser's own word. Wrongly: browsers of tests and of some kiosks. */
export function webdriverOf({ navigator }: Window): boolean | undefined {
  const { webdriver } = navigator as { webdriver?: boolean | null };
  return webdriver === undefined || webdriver === null ? undefined : !!webdriver;
}

/** Names that drivers define. */
export function driverGlobals(target: PageWindow): string[] {
  // Own properties only: an element's id is a property of the window as well.
  const own = [target, target.document].flatMap((place) => Object.getOwnPropertyNames(place));
  const found = own.filter((name) => DRIVER.test(name));
  return labels(own.some((name) => CHROMEDRIVER.test(name)) ? [...found, "cdc_"] : found);
}

const ANSWERS = ["webdriver", "userAgent", "platform", "languages", "hardwareConcurrency", "plugins"];

/**
 * Answers of the navigator that a script gives in the browser's place.
 *
 * Wrongly: extensions that hide a person's system. Only automation has a reason to
 * hide `webdriver`.
 */
export function tampered({ navigator }: PageWindow): string[] {
  const native = Object.getPrototypeOf(navigator) as object;
  const source = Function.prototype.toString;
  const replaced = ANSWERS.filter((name) => {
    const get = Object.getOwnPropertyDescriptor(native, name)?.get;
    return get && !/\{\s*\[native code\]\s*\}\s*$/.test(source.call(get));
  });
  // All answers are inherited: a browser's navigator has no property of its own.
  const own = Object.getOwnPropertyNames(navigator);
  // There since Chrome 63, Firefox 60 and Safari 12.1: who lacks it has deleted it.
  const missing = "webdriver" in navigator ? [] : ["webdriver"];
  return labels(new Set([...replaced, ...own, ...missing]));
}
