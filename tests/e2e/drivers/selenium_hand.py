"""Selenium through ChromeDriver: plain, with chains of actions, and dressed up."""

from collections.abc import Callable
from typing import Final

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

from .chance import CHANCE, EDGE
from .chromium import DRESSED, QUIET, WINDOW_SIZE
from .driver import Hand, Visit
from .survey import answer

WAIT_S: Final = 60.0
SCROLL: Final = "arguments[0].scrollIntoView({ block: 'nearest' })"


class Plain:
    """`click` and `send_keys`."""

    def __init__(self, driver: WebDriver) -> None:
        self.driver = driver

    def open(self, address: str) -> None:
        """Go to a page."""
        self.driver.get(address)

    def find(self, css: str) -> WebElement:
        """Return an element when it can be clicked."""
        ready = expected_conditions.element_to_be_clickable((By.CSS_SELECTOR, css))
        return WebDriverWait(self.driver, WAIT_S).until(ready)

    def click(self, css: str) -> None:
        """Click as the example does."""
        self.find(css).click()

    def write(self, css: str, text: str) -> None:
        """Send all keys at once."""
        self.find(css).send_keys(text)


class Chained(Plain):
    """ActionChains: moves, pauses, and keys one by one."""

    def click(self, css: str) -> None:
        """Move to a random place in the element, wait, press, hold, release."""
        element = self.find(css)
        size = element.size
        reach = 0.5 - EDGE
        # In a window the wheel of an ActionChain still turns when the next link acts.
        self.driver.execute_script(SCROLL, element)
        chain = ActionChains(self.driver)
        chain.move_to_element_with_offset(
            element,
            int(size["width"] * CHANCE.uniform(-reach, reach)),
            int(size["height"] * CHANCE.uniform(-reach, reach)),
        )
        chain.pause(CHANCE.uniform(0.1, 0.3)).click_and_hold()
        chain.pause(CHANCE.uniform(0.05, 0.12)).release().perform()

    def write(self, css: str, text: str) -> None:
        """Click into the field, then send key by key."""
        self.click(css)
        chain = ActionChains(self.driver)
        for character in text:
            chain.send_keys(character).pause(CHANCE.uniform(0.04, 0.12))
        chain.perform()


def plain(visit: Visit) -> None:
    """Answer with `click` and `send_keys`."""
    _answer(visit, Plain, _options(visit, "--headless=new"))


def chained(visit: Visit) -> None:
    """Answer with chains of actions."""
    _answer(visit, Chained, _options(visit, "--headless=new"))


def dressed(visit: Visit) -> None:
    """Answer with chains of actions, in a window that hides its driver."""
    options = _options(visit, DRESSED)
    options.add_experimental_option("excludeSwitches", ["enable-automation"])
    _answer(visit, Chained, options)


def _options(visit: Visit, *arguments: str) -> webdriver.ChromeOptions:
    options = webdriver.ChromeOptions()
    options.binary_location = visit.chromium
    profile = f"--user-data-dir={visit.folder / 'profile'}"
    for argument in (*QUIET, WINDOW_SIZE, profile, *arguments):
        options.add_argument(argument)
    return options


def _answer(
    visit: Visit,
    hand: Callable[[WebDriver], Hand],
    options: webdriver.ChromeOptions,
) -> None:
    driver = webdriver.Chrome(options, Service(visit.chromedriver))
    try:
        answer(hand(driver), visit.start)
        visit.stay()
    finally:
        driver.quit()
