"""What holds for every answer and every page, whichever test fetched it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from flask import Flask
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from tests.cast import PASSWORD
from tests.page import words

if TYPE_CHECKING:
    from tests.page import Page

CANARIES = (PASSWORD, "$argon2", "gAAAAA")  # a password, a hash of one, anything sealed
POLICY = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
)
LABELLED = ("input", "select", "textarea")
UNLABELLED_TYPES = ("hidden", "submit", "button", "image")
OWN_WORDS = re.compile(r"\bTraceback \(most recent call last\)|jinja2\.|\bNone None\b")


# A GET that writes, each with its reason. The session's own "last seen" is written on any page.
GETS_THAT_WRITE = {
    "invitation_links.show": "a link that opens nothing is counted, as a wrong password is",
    "connect.callback": "Microsoft sends people back by GET, with a code that works once",
    "sso.microsoft_callback": "so people who sign in with Microsoft come back",
    "sso.oidc_callback": "and those who sign in at another provider",
    "admin.authorized": "Microsoft sends administrators back by GET, with a state that works once",
}
MOST_KEPT = 2_000
_SOUND: set[tuple[str, bool]] = set()
HARMLESS = ("SELECT", "PRAGMA", "BEGIN", "UPDATE sessions SET seen_at=")


@contextmanager
def watched(engine: Engine) -> Iterator[list[str]]:
    """The statements that go to this engine meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_others: Any) -> None:
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def check_get(app: Flask, answer: TestResponse, statements: list[str]) -> None:
    """Reading a page changes nothing, but for the named exceptions."""
    writes = [said for said in statements if not said.startswith(HARMLESS)]
    if writes:
        endpoint, _values = app.url_map.bind("").match(answer.request.path)
        assert endpoint in GETS_THAT_WRITE, f"GET {answer.request.path} wrote: {writes}"


def check_answer(answer: TestResponse, *, secrets: list[str]) -> None:
    where = answer.request.path
    assert answer.status_code != 500, f"{where} met an unexpected error; the log has it"
    assert answer.headers["X-Content-Type-Options"] == "nosniff", where
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer"), where
    assert answer.headers["X-Request-ID"], where
    policy = answer.headers["Content-Security-Policy"]
    assert all(rule in policy for rule in POLICY), where
    assert "unsafe" not in policy, where
    if not where.startswith("/static/"):
        assert answer.headers["Cache-Control"] == "no-store", where
    sent = answer.get_data() + str(answer.headers).encode()
    for secret in (*CANARIES, *secrets):
        assert secret.encode() not in sent, f"a secret is in the answer of {where}"


def check_page(page: Page) -> None:
    """A whole page or a fragment. One like it that was found sound is not looked at again."""
    if page.likeness in _SOUND:
        return
    assert not page.mistakes, f"{page.address} is not valid HTML: {page.mistakes[:3]}"
    assert not OWN_WORDS.search(page.body), f"{page.address} shows its insides"
    for rule in (_no_inline, _unique_ids, _labels, _references, _tokens, _images):
        rule(page)
    if not page.fragment:
        _one_heading(page)
    if len(_SOUND) < MOST_KEPT:
        _SOUND.add(page.likeness)


def _one_heading(page: Page) -> None:
    assert len(page.all("h1")) == 1, f"{page.address} has {len(page.all('h1'))} h1"
    assert page.h1, f"the h1 of {page.address} is empty"
    assert page.title.strip(" ·"), f"{page.address} has no title"
    assert page.one("html").get("lang") == "en"
    assert len(page.all("main")) == 1


def _no_inline(page: Page) -> None:
    for element in page.all():
        if not isinstance(element.tag, str):
            continue
        assert element.tag != "style", f"inline style sheet on {page.address}"
        if element.tag == "script":
            assert element.get("src"), f"inline script on {page.address}"
        for name, value in element.attrib.items():
            assert name != "style", f"inline style on {page.address}"
            assert not re.match(r"on[a-z]|hx-on", name), f"{name} on {page.address}"
            assert not value.strip().lower().startswith(("javascript:", "js:")), page.address


def _unique_ids(page: Page) -> None:
    ids = Counter(e.get("id") for e in page.all() if e.get("id") is not None)
    twice = [name for name, count in ids.items() if count > 1 or not name]
    assert not twice, f"ids used twice on {page.address}: {twice}"


def _labels(page: Page) -> None:
    named = {e.get("for") for e in page.all("label") if words(e)}
    wrapped = {id(c) for label in page.all("label") if words(label) for c in label.iter()}
    for element in (e for tag in LABELLED for e in page.all(tag)):
        if element.get("type") in UNLABELLED_TYPES:
            continue
        has = element.get("id") in named or id(element) in wrapped or element.get("aria-label")
        assert has, f"the field {element.get('name')} on {page.address} has no label"
    for button in (*page.all("button"), *page.all("a")):
        assert _has_name(button), f"a button or link on {page.address} has no words"


def _has_name(element: Element) -> bool:
    inner = [e for e in element.iter() if e.get("aria-label") or e.get("alt")]
    return bool(words(element) or inner)


def _references(page: Page) -> None:
    if page.fragment:
        return
    ids = {e.get("id") for e in page.all()}
    for attribute in ("for", "aria-describedby", "aria-labelledby", "data-opens", "list"):
        for element in page.all():
            for target in (element.get(attribute) or "").split():
                assert target in ids, f"{attribute}={target} leads nowhere on {page.address}"


def _tokens(page: Page) -> None:
    for form in page.all("form"):
        method = form.get("method", "get").lower()
        has = any(e.get("name") == "csrf_token" for e in form.iter("input"))
        if method == "post" or form.get("hx-post"):
            assert has, f"a POST form without CSRF token on {page.address}"
        else:
            assert not has, f"a GET form would put the CSRF token into an address: {page.address}"


def _images(page: Page) -> None:
    for image in page.all("img"):
        assert image.get("alt") is not None, f"an image without alt on {page.address}"
