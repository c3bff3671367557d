"""The eyes of the journeys see what they are there to see."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.eyes import Eyes
from tests.journeys.programs import Site

SITE = Site("http://portal.example", "http://microsoft.example")
POLICY = "default-src 'self'; img-src data:"
PAGE = """<!doctype html><html lang="en"><head><title>A page</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><script src="/script.js"></script></head>
<body><main><h1>A page</h1>{main}</main></body></html>"""
FAULTS = {
    "an unlabelled field": ("<input>", "", "label"),
    "faint words": ('<p><font color="#ccc">Faint</font></p>', "", "color-contrast"),
    "a style of its own": ('<p style="color:red">Red</p>', "", "CSP style-src-attr"),
    "an error in the console": ("", "console.error('gone wrong')", "gone wrong"),
    "an exception": ("", "setTimeout(() => { throw Error('lost'); })", "page error: .*lost"),
    "a refused request": ("", "fetch('/missing')", "GET .*/missing: 404"),
    "a word too long": ("<p>" + "long" * 500 + "</p>", "", "px wide where 390 px"),
}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def show(page: Page, main: str, script: str) -> Eyes:
    """A page of the portal made of these."""
    eyes = Eyes(page.context, SITE, width=390)
    headers = {"Content-Security-Policy": POLICY}
    page.route(f"{SITE.portal}/**", lambda route: route.fulfill(status=404))
    page.route(
        f"{SITE.portal}/script.js",
        lambda route: route.fulfill(body=script, content_type="text/javascript"),
    )
    page.route(
        f"{SITE.portal}/page",
        lambda route: route.fulfill(
            body=PAGE.format(main=main), headers=headers, content_type="text/html"
        ),
    )
    page.goto(f"{SITE.portal}/page", wait_until="networkidle")
    return eyes


@pytest.mark.browser
@pytest.mark.parametrize("fault", FAULTS)
def test_the_eyes_see(page: Page, fault: str) -> None:
    main, script, words = FAULTS[fault]

    eyes = show(page, main, script)

    with pytest.raises(AssertionError, match=re.compile(words)):
        eyes.look(page)


@pytest.mark.browser
def test_the_eyes_find_nothing_wrong_with_a_sound_page(page: Page) -> None:
    eyes = show(page, "<p>Sound.</p>", "")

    eyes.look(page)

    eyes.close()


@pytest.mark.browser
def test_a_page_nobody_looked_at_is_noticed(page: Page) -> None:
    eyes = show(page, "<p>Sound.</p>", "")

    with pytest.raises(AssertionError, match="never looked at"):
        eyes.close()
