"""A browser and a running portal for each journey."""

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import chromium, programs, someone
from tests.journeys.programs import Site
from tests.journeys.someone import Someone, Window

KEPT = Path(__file__).parents[2] / "build" / "journeys"
FAILED = pytest.StashKey[bool]()
SitsDown = Callable[[Site, Window], Someone]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if chromium.found() is None:
        pytest.skip(f"no Chromium here. {chromium.HOW_TO_HAVE_IT}")
    with chromium.started() as running:
        yield running


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Site]:
    with programs.demo(tmp_path) as site:
        yield site


@pytest.fixture
def new_portal(tmp_path: Path) -> Iterator[Site]:
    with programs.new_portal(tmp_path) as site:
        yield site


@pytest.fixture
def outlook(tmp_path: Path) -> Iterator[Site]:
    with programs.outlook(tmp_path) as site:
        yield site


@pytest.fixture
def sits_down(browser: Browser, request: pytest.FixtureRequest) -> Iterator[SitsDown]:
    """Puts people at browsers; at the end nothing may be left that nobody looked at. What they
    saw when a journey failed is kept as pictures.
    """
    seated: list[Someone] = []

    def sit_down(site: Site, window: Window) -> Someone:
        seated.append(someone.sits_down(browser, site, window))
        return seated[-1]

    yield sit_down
    if FAILED in request.node.stash:
        _keep_pictures(browser, request.node.name)
        return
    for one in seated:
        one.eyes.close()


def _keep_pictures(browser: Browser, journey: str) -> None:
    pages = [page for context in browser.contexts for page in context.pages]
    for number, page in enumerate(pages):
        page.screenshot(path=KEPT / f"{journey}-{number}.png", full_page=True)
