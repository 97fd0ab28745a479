/** What a browser without a window shows. */
import type { PageWindow } from "../types";

/** Names of the marks that were found. */
export function headlessMarks(target: PageWindow, brands: string[] | undefined): string[] {
  const { userAgent } = target.navigator;
  const { screen } = target;
  const desktopChrome = /Chrome\//.test(userAgent) && !/Android|Mobile/.test(userAgent);
  const marks = {
    ua: /Headless/.test(userAgent),
    brands_headless: /Headless/.test(String(brands)),
    // Wrongly: browsers within apps, on phones; so desktops only.
    no_chrome_object: desktopChrome && !("chrome" in target),
    // What Chromium invents where there is no screen. Wrongly: screens of 1995.
    screen_800x600: screen.width === 800 && screen.height === 600,
  };
  return Object.keys(marks).filter((mark) => marks[mark as keyof typeof marks]);
}
