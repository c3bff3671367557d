"""A page as a test reads it: what it says, its forms, its links, its messages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

TOKEN = re.compile(r"""csrf_?token"[^>]*?"([\w.-]{20,})["]""", re.IGNORECASE)
A_TOKEN = "the-token-of-the-forms"
CONTROLS = ("input", "select", "textarea", "button")


@dataclass(frozen=True, slots=True)
class Form:
    """A form as a browser would send it when one of its buttons is pressed."""

    method: str
    action: str
    htmx: bool
    names: frozenset[str]
    fields: MultiDict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One answer. `tree` is None for what is not HTML or has no body."""

    status: int
    address: str
    headers: Any
    body: str
    tree: Element | None
    fragment: bool
    mistakes: tuple[str, ...] = ()
    # The same for two answers that differ in nothing but the token of their forms.
    likeness: tuple[str, bool] = ("", False)

    @property
    def is_html(self) -> bool:
        return str(self.headers.get("Content-Type", "")).startswith("text/html")

    @property
    def path(self) -> str:
        return urlsplit(self.address).path

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        where: str | None = self.headers.get("Location")
        return where

    @property
    def text(self) -> str:
        """All that is to be read on it, with single spaces."""
        return words(self._root())

    @property
    def title(self) -> str:
        return self.texts("title")[0]

    @property
    def h1(self) -> str:
        return self.texts("h1")[0]

    @property
    def notices(self) -> list[str]:
        return [text for text in self.texts("div", class_="notice") if text]

    @property
    def errors(self) -> dict[str, str]:
        """Name of a field -> the message at it."""
        found = {}
        for control in self._root().iter():
            tied = control.get("aria-describedby", "").split()
            names = [e.get("name") for e in control.iter() if e.get("name")]
            for place in (self.by_id(i) for i in tied if i.endswith("-error")):
                found[names[0] or ""] = words(place)
        return found

    @property
    def csrf_token(self) -> str | None:
        fields = self.all("input", name="csrf_token")
        return fields[0].get("value") if fields else None

    def all(self, tag: str | None = None, **attributes: str) -> list[Element]:
        """Elements with this tag and these attributes; `class_` matches one class of several."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [e for e in self._root().iter() if (tag in (None, e.tag)) and _fits(e, wanted)]

    def one(self, tag: str | None = None, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes} on {self.address}"
        return found[0]

    def by_id(self, wanted: str) -> Element:
        return self.one(id=wanted)

    def texts(self, tag: str | None = None, **attributes: str) -> list[str]:
        return [words(element) for element in self.all(tag, **attributes)]

    def value(self, name: str) -> str | None:
        """What a field holds as the page shows it."""
        control = next(e for e in self._root().iter() if e.get("name") == name)
        chosen = [value for key, value in _entered(self._root()) if key == name]
        return chosen[0] if chosen else control.get("value")

    def link(self, text: str) -> str:
        """Where the link of that text leads."""
        found = [e.get("href", "") for e in self.all("a") if words(e) == text]
        assert found, f"no link {text!r} on {self.address}: {self.texts('a')}"
        return found[0]

    def form_of(self, button: str) -> Form:
        """The form of the button with that text."""
        for form in self.all("form"):
            for pressed in _buttons(form):
                if words(pressed) == button or pressed.get("value") == button:
                    return _form(form, pressed)
        raise AssertionError(f"no button {button!r} on {self.address}: {self.texts('button')}")

    def redirects_within(self, origin: str) -> bool:
        if not 300 <= self.status < 400 or not self.location:
            return False
        target = urlsplit(self.location)
        return not target.netloc or f"{target.scheme}://{target.netloc}" == origin

    def _root(self) -> Element:
        assert self.tree is not None, f"{self.address} answered {self.status} without HTML"
        return self.tree


def read(answer: TestResponse, *, fragment: bool) -> Page:
    body = answer.get_data(as_text=True) if _is_text(answer) else ""
    tree: Element | None = None
    mistakes: tuple[str, ...] = ()
    likeness = ("", fragment)
    if answer.mimetype == "text/html" and body and not 300 <= answer.status_code < 400:
        found = TOKEN.search(body)
        token = found[1] if found else A_TOKEN
        likeness = (body.replace(token, A_TOKEN), fragment)
        same, mistakes = _parsed(*likeness)
        tree = _with_token(same, token)
    where = answer.request.url
    return Page(
        answer.status_code, where, answer.headers, body, tree, fragment, mistakes, likeness
    )  # fmt: skip


@lru_cache(128)
def _parsed(body: str, fragment: bool) -> tuple[Element, tuple[str, ...]]:
    """To read a page takes longer than to make it, and many stories begin on the same ones."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    tree = parser.parseFragment(body, container="div") if fragment else parser.parse(body)
    return tree, tuple(f"{place}: {code} {data}" for place, code, data in parser.errors)


def _with_token(same: Element, token: str) -> Element:
    tree = deepcopy(same)
    for element in tree.iter():
        for name, value in element.items():
            if A_TOKEN in value:
                element.set(name, value.replace(A_TOKEN, token))
    return tree


def words(element: Element) -> str:
    """The text of an element as people read it: without script, style and hidden parts."""
    return " ".join(" ".join(_strings(element)).split())


def _strings(element: Element) -> Iterator[str]:
    if element.tag in ("script", "style", "template") or not isinstance(element.tag, str):
        return
    yield element.text or ""
    for child in element:
        yield from _strings(child)
        yield child.tail or ""


def _is_text(answer: TestResponse) -> bool:
    kind = answer.mimetype or ""
    return kind.startswith("text/") or kind == "application/json"


def _fits(element: Element, wanted: dict[str, str]) -> bool:
    for name, value in wanted.items():
        has = element.get(name)
        if has is None or (value not in has.split() if name == "class" else value != has):
            return False
    return True


def _buttons(form: Element) -> Iterator[Element]:
    for element in form.iter():
        if (element.tag == "button" and element.get("type", "submit") == "submit") or (
            element.tag == "input" and element.get("type") == "submit"
        ):
            yield element


def _form(form: Element, pressed: Element) -> Form:
    pairs = list(_entered(form))
    if pressed.get("name"):
        pairs.append((pressed.get("name", ""), pressed.get("value", "")))
    names = {e.get("name", "") for e in form.iter() if e.tag in CONTROLS and e.get("name")}
    hx = form.get("hx-post") or pressed.get("hx-post")
    action = pressed.get("formaction") or hx or form.get("action") or ""
    method = "POST" if hx else form.get("method", "get").upper()
    return Form(method, action, bool(hx), frozenset(names), MultiDict(pairs))


def _entered(form: Element) -> Iterator[tuple[str, str]]:
    for control in form.iter():
        name, kind = control.get("name"), control.get("type", "")
        if not name or control.get("disabled") is not None:
            continue
        if control.tag == "textarea":
            yield name, (control.text or "").removeprefix("\n")
        elif control.tag == "select":
            yield from ((name, value) for value in _selected(control))
        elif control.tag == "input" and kind in ("checkbox", "radio"):
            if control.get("checked") is not None:
                yield name, control.get("value", "on")
        elif control.tag == "input" and kind not in ("submit", "button", "file"):
            yield name, control.get("value", "")


def _selected(select: Element) -> list[str]:
    options = list(select.iter("option"))
    chosen = [o for o in options if o.get("selected") is not None]
    if not chosen and select.get("multiple") is None:
        chosen = options[:1]
    return [o.get("value", words(o)) for o in chosen]
