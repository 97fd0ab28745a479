"""What a browser says about itself, its machine and its connection."""

from typing import Annotated

from msgspec import Meta

from .fields import Count, Event, Label, Labels, Pixels

Minutes = Annotated[int, Meta(ge=-1_440, le=1_440)]


class Device(Event, frozen=True, gc=False, tag="device"):
    """What the browser says about itself and the machine it runs on.

    Answers only: judging them is the detectors' work. Sizes are in CSS pixels.
    """

    webdriver: bool | None = None
    # Names of known driver globals that the page found, such as "cdc_" or
    # "__pwInitScripts".
    driver_globals: Labels | None = None
    headless_marks: Labels | None = None
    # Answers of the browser that a script has replaced, such as "webdriver".
    tampered: Labels | None = None
    # What a debugging protocol leaves: "console" (developer tools leave it too), or
    # the name of a driver on the stack of an event.
    protocol_traces: Labels | None = None
    # Which answers a worker gives otherwise than the page; None if none was asked.
    worker_differs: Labels | None = None
    worker_platform: Label | None = None
    # FNV-1a of the page's user agent, to compare with the header's.
    agent_hash: Annotated[int, Meta(ge=0, le=0xFFFF_FFFF)] | None = None
    # How long `eval` is as text: 33 in V8, 37 in Gecko and WebKit.
    eval_length: Count | None = None
    screen_width: Pixels | None = None
    screen_height: Pixels | None = None
    inner_width: Pixels | None = None
    inner_height: Pixels | None = None
    outer_width: Pixels | None = None
    outer_height: Pixels | None = None
    pixel_ratio: Annotated[float, Meta(ge=0, le=100)] | None = None
    cores: Count | None = None
    memory_gb: Annotated[float, Meta(ge=0, le=100_000)] | None = None
    touch_points: Count | None = None
    coarse_pointer: bool | None = None
    hover: bool | None = None
    platform: Label | None = None
    brands: Labels | None = None
    mobile: bool | None = None
    language: Label | None = None
    languages: Labels | None = None
    timezone: Label | None = None
    timezone_offset_min: Minutes | None = None
    # What the named zone's clock says, to compare with the one before.
    zone_offset_min: Minutes | None = None
    renderer: Label | None = None
    reduced_motion: bool | None = None
    dark: bool | None = None
    focused: bool | None = None


class Network(Event, frozen=True, gc=False, tag="network"):
    """What the browser knows about its connection."""

    connection: Label | None = None
    round_trip_ms: Annotated[float, Meta(ge=0, le=10_000_000)] | None = None
    downlink_mbps: Annotated[float, Meta(ge=0, le=10_000_000)] | None = None
