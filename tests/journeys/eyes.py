"""Looks at every page a browser shows, and at what its console and its network say."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request, Response

from tests.journeys.programs import Site

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) => console.error(
  "CSP", event.effectiveDirective, event.blockedURI, event.sourceFile, event.lineNumber));
"""
JUDGE = """async (width) => {
  const said = [];
  const room = document.documentElement.scrollWidth;
  if (room > width) said.push(`is ${room} px wide where ${width} px are to be had`);
  const { violations } = await axe.run();
  for (const rule of violations)
    for (const node of rule.nodes) said.push(`${rule.id}: ${node.html} ${node.failureSummary}`);
  return said;
}"""


class Eyes:
    """Watches one browser context from its first page on. A fault anywhere fails the next look."""

    def __init__(self, context: BrowserContext, site: Site, *, width: int) -> None:
        self._own, self._width = (site.portal, site.microsoft), width
        self._faults: list[str] = []
        self._not_looked_at: set[str] = set()
        context.add_init_script(TELL_OF_VIOLATIONS)
        context.on("console", self._console)
        context.on("weberror", lambda error: self._faults.append(f"page error: {error.error}"))
        context.on("response", self._response)
        context.on("requestfailed", self._failed)
        context.on("pageload", self._loaded)

    def look(self, page: Page) -> None:
        """Judges the page as it stands: accessible, no wider than the window, nothing broken."""
        page.wait_for_load_state("load")
        page.evaluate(AXE)
        where = _place(page.url)
        self._faults += [f"{where} {fault}" for fault in page.evaluate(JUDGE, self._width)]
        self._not_looked_at.discard(where)
        self.rest()

    def rest(self) -> None:
        """Nothing was wrong so far."""
        assert not self._faults, "\n\n".join(self._faults)

    def close(self) -> None:
        """Every page that was visited was looked at, and nothing was wrong."""
        self.rest()
        assert not self._not_looked_at, f"never looked at: {sorted(self._not_looked_at)}"

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._faults.append(f"console: {message.text} at {message.location}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.url.startswith(self._own):
            self._faults.append(f"{response.request.method} {response.url}: {response.status}")

    def _failed(self, request: Request) -> None:
        # A page that is left drops what it was still asking for.
        if request.failure != "net::ERR_ABORTED":
            self._faults.append(f"{request.method} {request.url}: {request.failure}")

    def _loaded(self, page: Page) -> None:
        if page.url.startswith(self._own):
            self._not_looked_at.add(_place(page.url))


def _place(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"
