"""Somebody at a browser of their own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.eyes import Eyes
from tests.journeys.programs import Site

PATIENCE = 30_000  # milliseconds; a page left open asks anew every 15 s
GLANCE = 500
expect.set_options(timeout=PATIENCE)


@dataclass(frozen=True, slots=True)
class Window:
    """The size of the pages and the colours the system asks for."""

    width: int
    height: int
    colours: Literal["light", "dark"]


WIDE_AND_LIGHT = Window(1280, 900, "light")
PHONE_AT_NIGHT = Window(390, 844, "dark")


@dataclass(frozen=True, slots=True)
class Someone:
    """One tab. What they see is looked at before they go on."""

    page: Page
    eyes: Eyes
    site: Site

    def goes_to(self, address: str) -> None:
        """Types a path of the portal, or a whole address."""
        self.page.goto(self.site.portal + address if address.startswith("/") else address)
        self.looks()

    def looks(self) -> None:
        self.eyes.look(self.page)

    def follows(self, words: str, *, inside: Locator | None = None) -> None:
        """Clicks the link of these words and looks at where it leads."""
        place = inside or self.page.get_by_role("main")
        self.leaves_by(place.get_by_role("link", name=words, exact=True).click)

    def presses(self, words: str, *, inside: Locator | None = None) -> None:
        """Presses the button of these words and looks at the page that answers."""
        place = inside or self.page.get_by_role("main")
        self.leaves_by(place.get_by_role("button", name=words, exact=True).click)

    def chooses_in_menu(self, words: str) -> None:
        self.follows(words, inside=self.page.get_by_role("navigation", name="Main"))

    def fills(self, **fields: str) -> None:
        """Each field by its id."""
        for name, value in fields.items():
            self.page.locator(f"#{name}").fill(value)

    def sees(self, words: str) -> None:
        """Waits for it, without loading the page again."""
        expect(self.page.get_by_text(words).first).to_be_visible()

    def loads_again_until(self, there: Locator) -> None:
        for _ in range(PATIENCE // GLANCE):
            with suppress(AssertionError):
                expect(there).to_be_visible(timeout=GLANCE)
                break
            self.page.reload()
        expect(there).to_be_visible()
        self.looks()

    def sees_heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1, name=words)).to_be_visible()

    def opens_another_tab(self) -> Someone:
        return Someone(self.page.context.new_page(), self.eyes, self.site)

    def leaves_by(self, click: Callable[[], None]) -> None:
        """Does what leads to another page, and looks at that."""
        # The load of a new document: a jump within the old one counts as a navigation too.
        with self.page.expect_event("load"):
            click()
        self.looks()


def sits_down(browser: Browser, site: Site, window: Window) -> Someone:
    """Somebody new, at a browser that knows nothing of the others."""
    context = browser.new_context(
        viewport={"width": window.width, "height": window.height},
        color_scheme=window.colours,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="Europe/Berlin",
        is_mobile=window.width < 500,
        has_touch=window.width < 500,
    )
    context.set_default_timeout(PATIENCE)
    eyes = Eyes(context, site, width=window.width)
    return Someone(context.new_page(), eyes, site)
