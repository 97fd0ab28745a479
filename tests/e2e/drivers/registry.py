"""All drivers, by name."""

from importlib.metadata import version
from typing import Final

from . import (
    agent,
    desktop,
    in_page,
    invented,
    nodriver_hand,
    playing,
    puppeteer,
    raw,
    selenium_hand,
)
from .driver import Driver, Start


def _python(name: str, library: str, start: Start) -> Driver:
    return Driver(name, library, version(library), start)


def _node(name: str, library: str, start: Start) -> Driver:
    return Driver(name, library, puppeteer.version(library), start)


DRIVERS: Final = (
    _python("playwright", "playwright", playing.plain),
    _python("playwright-delayed", "playwright", playing.delayed),
    _python("playwright-moving", "playwright", playing.moving),
    _python("playwright-phone", "playwright", playing.tapping),
    _python("playwright-dressed", "playwright", playing.dressed),
    _python("selenium", "selenium", selenium_hand.plain),
    _python("selenium-chains", "selenium", selenium_hand.chained),
    _python("selenium-dressed", "selenium", selenium_hand.dressed),
    _python("nodriver", "nodriver", nodriver_hand.script),
    _python("nodriver-mouse", "nodriver", nodriver_hand.mouse),
    _python("nodriver-dressed", "nodriver", nodriver_hand.dressed),
    _node("puppeteer", "puppeteer-core", puppeteer.plain),
    _node("ghost-cursor", "ghost-cursor", puppeteer.ghost),
    _node("ghost-cursor-dressed", "ghost-cursor", puppeteer.dressed),
    Driver("protocol-bare", "DevTools protocol", "", raw.bare),
    Driver("protocol-moving", "DevTools protocol", "", raw.moving),
    Driver("script-clicks", "browser extension", "", in_page.clicks),
    Driver("script-events", "browser extension", "", in_page.events),
    Driver("agent-browser", "DevTools protocol", "", agent.in_the_browser),
    Driver("agent-desktop", "xdotool", "", desktop.jumping),
    Driver("invented-naive", "no browser", "", invented.naive),
    Driver("invented-careful", "no browser", "", invented.careful),
)
