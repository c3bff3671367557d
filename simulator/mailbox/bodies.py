"""Bodies of events: what Exchange makes of the HTML it is given, and their text."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape, unescape
from html.parser import HTMLParser
from typing import Any

from simulator.mailbox.checks import mapping, one_of, text

NO_BODY = {"contentType": "html", "content": ""}
KNOWN = frozenset({"content", "contentType"})
PREVIEW = 255
# Elements that go with everything inside them, and such that go alone.
POISON = {"script", "style", "iframe", "object", "embed", "applet", "noscript", "template"}
ALONE = {"link", "base", "form", "input", "button", "meta", "html", "head", "body"}
EMPTY = {"br", "hr", "img", "col", "area", "wbr", "source", "embed", "input", "link", "base"}
ADDRESSES = {"href", "src", "background", "action", "formaction", "poster", "cite", "longdesc"}
UNSAFE_ADDRESS = re.compile(r"^[\s\x00-\x20]*(javascript|vbscript|data|file)\s*:", re.IGNORECASE)
UNSAFE_STYLE = re.compile(
    r"expression\s*\(|javascript:|url\s*\(|@import|behavior\s*:", re.IGNORECASE
)
TAGS = re.compile(r"<[^>]+>")
HEAD = re.compile(r"(?is)^.*?<body[^>]*>|<(style|script)\b.*?</\1\s*>|<!--.*?-->")
LINK = re.compile(r"(?is)<a\b[^>]*?\bhref\s*=\s*\"([^\"]*)\"[^>]*>(.{0,400}?)</a\s*>")
SOURCE_LINES = re.compile(r"\s*[\r\n]+\s*")
BREAKS = re.compile(r"(?i)<br\s*/?>\s*|</(?:p|div|li|tr|h[1-6]|pre)\s*>\s*")
RULES = re.compile(r"(?i)<hr\b[^>]*>")
RULE = "_" * 32


def read_body(name: str, value: Any) -> dict[str, str]:
    """An itemBody of a request as a mailbox keeps it; `unsafe` is what the cleaning took away."""
    given = mapping(name, value, KNOWN)
    content = text("content", given.get("content") or "")
    kind = one_of("text", "html")("contentType", given.get("contentType") or "text")
    if kind == "text":
        return {"contentType": "html", "content": whole_page(_paragraphs(content))}
    safe = sanitised(content)
    body = {"contentType": "html", "content": whole_page(safe)}
    if safe != content and _has_poison(content):
        body["unsafe"] = whole_page(_inner(content))
    return body


def _paragraphs(content: str) -> str:
    return "<br>\r\n".join(escape(line, quote=False) for line in content.splitlines())


def _inner(html: str) -> str:
    found = re.search(r"(?is)<body[^>]*>(.*?)(</body\s*>|$)", html)
    return found[1].strip("\r\n") if found else html


def whole_page(inner: str) -> str:
    """Exchange stores whole documents, so that what comes back is not what was sent."""
    if not inner:
        return ""
    meta = '<meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
    return f"<html>\r\n<head>\r\n{meta}\r\n</head>\r\n<body>\r\n{inner}\r\n</body>\r\n</html>\r\n"


class _Cleaner(HTMLParser):
    """Writes HTML anew without what could run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.parts: list[str] = []
        self.took = False
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in POISON and not self._inside:
            self.took = True
            self._inside = tag if tag not in EMPTY else ""
            return
        if self._inside or tag in ALONE:
            return
        kept = "".join(self._attribute(*each) for each in attrs)
        self.parts.append(f"<{tag}{kept}>")

    def _attribute(self, name: str, value: str | None) -> str:
        words = value or ""
        unsafe = (
            name.startswith("on")
            or (name in ADDRESSES and UNSAFE_ADDRESS.match(words))
            or (name == "style" and UNSAFE_STYLE.search(words))
            or not re.fullmatch(r"[a-z][a-z0-9:_-]*", name)
        )
        if unsafe:
            self.took = True
            return ""
        return f' {name}="{escape(words)}"'

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._inside == tag:
            self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        if self._inside:
            self._inside = "" if tag == self._inside else self._inside
        elif tag not in ALONE | EMPTY | POISON:
            self.parts.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.parts.append(data.replace("<", "&lt;").replace(">", "&gt;"))

    def handle_entityref(self, name: str) -> None:
        self._keep(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._keep(f"&#{name};")

    def _keep(self, written: str) -> None:
        if not self._inside:
            self.parts.append(written)


def _cleaned(html: str) -> _Cleaner:
    cleaner = _Cleaner()
    cleaner.feed(_inner(html))
    cleaner.close()
    return cleaner


def sanitised(html: str) -> str:
    """HTML without scripts, handlers and addresses that run, written anew."""
    if "<" not in html:
        return html
    return "".join(_cleaned(html).parts).strip("\r\n")


def _has_poison(html: str) -> bool:
    return _cleaned(html).took


def plain(html: str, *, links: bool = True) -> str:
    """The text of an HTML body, as `outlook.body-content-type="text"` gives it.

    Every line ends with CRLF, and the address of a link follows it in angle brackets.
    """
    body = SOURCE_LINES.sub(" ", HEAD.sub("", html))
    if links:
        body = LINK.sub(_with_address, body)
    lines = TAGS.sub("", BREAKS.sub("\r\n", RULES.sub(f"{RULE}\r\n", body)))
    return "\r\n".join(line.strip() for line in unescape(lines).split("\r\n")).strip()


def _with_address(link: re.Match[str]) -> str:
    address, words = link[1], link[2]
    return words if address == TAGS.sub("", words) else f"{words}&lt;{address}&gt;"


@lru_cache(maxsize=8192)
def preview(html: str) -> str:
    """The first 255 characters of the text, without the addresses of links."""
    return plain(html, links=False)[:PREVIEW]


def teams_block(join_url: str) -> str:
    """What Exchange writes into the body of an online meeting."""
    return (
        '<div class="me-email-text"><hr>\r\n<p>Microsoft Teams meeting</p>\r\n'
        f'<p><a href="{escape(join_url)}">Join the meeting now</a></p>\r\n</div>'
    )


def with_block(content: str, join_url: str) -> str:
    """A body with the meeting block at its end."""
    page = content or whole_page("<br>").replace("<br>\r\n", "")
    return page.replace("</body>", f"{teams_block(join_url)}\r\n</body>")


def carries(content: str, join_url: str) -> bool:
    """Does a body still hold the link of the meeting?"""
    return join_url in unescape(content)
