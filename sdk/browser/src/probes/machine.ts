/** The screen, the machine, the languages and the connection. */
import type { Memory } from "../session";
import type { Device, Network, PageWindow } from "../types";
import { count, label, labels, px, within } from "../values";
import { zoneName, zoneOffset } from "./zone";

/** Properties that not every browser has, or that the DOM types leave out. */
interface MoreNavigator extends Navigator {
  deviceMemory?: number;
  userAgentData?: { brands: { brand: string }[]; mobile: boolean };
  connection?: { effectiveType?: string; rtt?: number; downlink?: number };
}

function given<T>(value: unknown, read: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : read(value);
}

/** What the browser says about the machine. */
export function machineOf(target: PageWindow, memory: Memory): Omit<Device, "type"> {
  const navigator: MoreNavigator = target.navigator;
  const { screen, document } = target;
  const agent = navigator.userAgentData;
  const zone = zoneName(target);
  const media = (query: string): boolean | undefined => target.matchMedia?.(`(${query})`).matches;
  return {
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
    brands: agent && labels(agent.brands.map(({ brand }) => brand)),
    mobile: agent?.mobile,
    language: given(navigator.language, label),
    languages: given(navigator.languages, (value) => labels(value as string[])),
    timezone: given(zone, label),
    // East of Greenwich is positive, as in ISO 8601; JavaScript has it reversed.
    timezone_offset_min: -new Date().getTimezoneOffset(),
    zone_offset_min: zoneOffset(target, zone),
    renderer: memory.renderer || undefined,
    reduced_motion: media("prefers-reduced-motion: reduce"),
    dark: media("prefers-color-scheme: dark"),
    focused: document.hasFocus(),
    agent_hash: fnv1a(navigator.userAgent),
    // An engine's own way to print a function: a browser's name can be changed, this not.
    eval_length: eval.toString().length,
  };
}

/** What the browser knows about its connection. */
export function connectionOf({ navigator }: PageWindow): Network | undefined {
  const network = (navigator as MoreNavigator).connection;
  return (
    network && {
      type: "network",
      connection: given(network.effectiveType, label),
      round_trip_ms: given(network.rtt, (value) => within(value, 0, 10_000_000)),
      downlink_mbps: given(network.downlink, (value) => within(value, 0, 10_000_000)),
    }
  );
}

/** The 32-bit FNV-1a hash of a text's UTF-8 bytes, as the server takes it of a header. */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  }
  return hash;
}
