/** What the browser says about itself, asked once a page, when there is time. */
import { collector, whenIdle, type CollectorFactory } from "../collector";
import type { PageWindow } from "../types";
import { count, label, labels, px, within } from "../values";

/** Properties that not every browser has, or that the DOM types leave out. */
interface MoreNavigator extends Navigator {
  deviceMemory?: number;
  userAgentData?: { brands: { brand: string }[]; mobile: boolean };
  connection?: { effectiveType?: string; rtt?: number; downlink?: number };
}

// What Selenium, Playwright, PhantomJS, Nightmare and old Chrome test builds leave.
const DRIVER = new RegExp(
  "^(__(webdriver|selenium|driver|fxdriver)_(evaluate|unwrapped|script_f[a-z]+)" +
    "|__\\$webdriverAsyncExecutor|_phantom|callPhantom|__nightmare" +
    "|domAutomation(Controller)?|__playwright__binding__|__pwInitScripts)$",
);
// ChromeDriver's own: 22 random-looking characters. A page's "cdc_survey" is not it.
const CHROMEDRIVER = /^\$?cdc_[A-Za-z0-9]{22}_/;

function driverGlobals(target: PageWindow): string[] {
  // Own properties only: an element's id is a property of the window as well.
  const own = [target, target.document].flatMap((place) => Object.getOwnPropertyNames(place));
  const found = own.filter((name) => DRIVER.test(name));
  return labels(own.some((name) => CHROMEDRIVER.test(name)) ? [...found, "cdc_"] : found);
}

function headlessMarks(target: PageWindow, brands: string[] | undefined): string[] {
  const { userAgent } = target.navigator;
  const { document } = target;
  const attended = document.hasFocus() && document.visibilityState === "visible";
  const desktopChrome = /Chrome\//.test(userAgent) && !/Android|Mobile/.test(userAgent);
  const marks = {
    ua: /Headless/.test(userAgent),
    brands_headless: /Headless/.test(String(brands)),
    // A tab in the background may have no outer size; one that is used has.
    outer_zero: attended && !target.outerWidth && !target.outerHeight,
    no_chrome_object: desktopChrome && !("chrome" in target),
  };
  return Object.keys(marks).filter((mark) => marks[mark as keyof typeof marks]);
}

function rendererOf({ document }: Window): string {
  const gl = document.createElement("canvas").getContext("webgl");
  if (!gl) {
    return "";
  }
  const debug = gl.getExtension("WEBGL_debug_renderer_info");
  const renderer = gl.getParameter(debug ? debug.UNMASKED_RENDERER_WEBGL : gl.RENDERER) as unknown;
  // Browsers allow a page only some contexts: the page may need this one.
  gl.getExtension("WEBGL_lose_context")?.loseContext();
  return label(renderer || "");
}

export const device: CollectorFactory = ({ emit, memory }) =>
  collector((_, target) =>
    whenIdle(target, () => {
      const navigator: MoreNavigator = target.navigator;
      const { screen, document } = target;
      const agent = navigator.userAgentData;
      const brands = agent && labels(agent.brands.map(({ brand }) => brand));
      const media = (query: string): boolean | undefined => target.matchMedia?.(`(${query})`).matches;
      const given = <T>(value: unknown, read: (value: unknown) => T): T | undefined =>
        value === undefined || value === null ? undefined : read(value);
      emit({
        type: "device",
        webdriver: given(navigator.webdriver, Boolean),
        driver_globals: driverGlobals(target),
        headless_marks: headlessMarks(target, brands),
        screen_width: px(screen.width),
        screen_height: px(screen.height),
        inner_width: px(target.innerWidth),
        inner_height: px(target.innerHeight),
        outer_width: px(target.outerWidth),
        outer_height: px(target.outerHeight),
        pixel_ratio: within(target.devicePixelRatio, 0, 100),
        cores: given(navigator.hardwareConcurrency, count),
        memory_gb: given(navigator.deviceMemory, (value) => within(value, 0, 100_000)),
        touch_points: given(navigator.maxTouchPoints, count),
        coarse_pointer: media("pointer: coarse"),
        hover: media("hover: hover"),
        platform: given(navigator.platform, label),
        brands,
        mobile: agent?.mobile,
        languages: given(navigator.languages, (value) => labels(value as string[])),
        timezone: given(Intl.DateTimeFormat().resolvedOptions().timeZone, label),
        // East of Greenwich is positive, as in ISO 8601; JavaScript has it reversed.
        timezone_offset_min: -new Date().getTimezoneOffset(),
        renderer: (memory.renderer ??= rendererOf(target)) || undefined,
        reduced_motion: media("prefers-reduced-motion: reduce"),
        dark: media("prefers-color-scheme: dark"),
        focused: document.hasFocus(),
      });
      const network = navigator.connection;
      if (network) {
        emit({
          type: "network",
          connection: given(network.effectiveType, label),
          round_trip_ms: given(network.rtt, (value) => within(value, 0, 10_000_000)),
          downlink_mbps: given(network.downlink, (value) => within(value, 0, 10_000_000)),
        });
      }
    }),
  );
