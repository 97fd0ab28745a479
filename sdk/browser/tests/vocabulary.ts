/** The fields that the server knows, by hand from detection/engine/events/. */

const KEY = "key k code_known repeat trusted field";
const BUTTON = "x y button trusted detail pointer tx ty tw th target";
const CLIPBOARD = "length field share_of_prompt trusted";
const TOUCH = "x y force rx ry id";

const TABLE: Record<string, string> = {
  mousemove: "x y coalesced mx my",
  mousedown: BUTTON,
  mouseup: BUTTON,
  click: BUTTON,
  wheel: "dx dy trusted",
  scroll: "x y source",
  keydown: KEY,
  keyup: KEY,
  input: "input_type delta length trusted field keys_since",
  paste: CLIPBOARD,
  copy: CLIPBOARD,
  cut: CLIPBOARD,
  drop: CLIPBOARD,
  focus: "",
  blur: "",
  visibility: "visible",
  fieldfocus: "field",
  fieldblur: "field",
  touchstart: TOUCH,
  touchmove: TOUCH,
  touchend: TOUCH,
  page: "id words",
  question: "id words visible",
  answer: "id visible",
  track: "name value",
  device:
    "webdriver driver_globals headless_marks tampered protocol_traces worker_differs worker_platform " +
    "agent_hash eval_length language screen_width screen_height inner_width inner_height " +
    "outer_width outer_height pixel_ratio cores memory_gb touch_points coarse_pointer hover platform " +
    "brands mobile languages timezone timezone_offset_min zone_offset_min renderer reduced_motion dark focused",
  network: "connection round_trip_ms downlink_mbps",
};

export const FIELDS: Record<string, string[]> = Object.fromEntries(
  Object.entries(TABLE).map(([type, fields]) => [type, fields.split(" ")]),
);
