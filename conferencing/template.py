"""The link template: an address with places for a secret code and for words that help people."""

import re
import unicodedata
from urllib.parse import urlsplit

CODE, NAME, HOST = "{code}", "{name}", "{host}"
LONGEST = 255
LONGEST_SLUG = 40
_HOST_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9-]+)*", re.I)


def check_template(text: str) -> str | None:
    """Why this cannot be a link template, as a sentence for the form; None when it can."""
    if len(text) > LONGEST:
        return f"The link is longer than {LONGEST} characters."
    if re.search(r"[\s\x00-\x1f\\<>\"]", text):
        return "The link cannot hold spaces, quotes or backslashes."
    return _check_address(text) or _check_places(text)


def _check_address(text: str) -> str | None:
    try:
        address = urlsplit(text)
        port_is_wrong = address.port == 0
    except ValueError:
        return "This is not a web address."
    if address.scheme != "https":
        return "The link must begin with https://."
    if port_is_wrong or "@" in address.netloc or not _HOST_NAME.fullmatch(address.hostname or ""):
        return "The link needs a plain host name after https://, such as meet.example.com."
    return None


def _check_places(text: str) -> str | None:
    rest = text
    for place in (CODE, NAME, HOST):
        rest = rest.replace(place, "")
    if "{" in rest or "}" in rest:
        return f"Only {CODE}, {NAME} and {HOST} can stand in braces."
    if CODE not in text:
        return f"The link needs {CODE}: without it every meeting would share one room."
    return None


def join_link(template: str, *, code: str, title: str, host: str) -> str:
    """The link of one meeting. `code` is random and safe in an address; `host` is who hosts it."""
    return (
        template.replace(CODE, code)
        .replace(NAME, slug(title) or "meeting")
        .replace(HOST, slug(host) or "host")
    )


def host_of(template: str) -> str | None:
    """The host whose links are this portal's own; None without a template."""
    return urlsplit(template).hostname if template else None


def slug(words: str) -> str:
    """Words as they can stand in an address: plain letters and digits with hyphens."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:LONGEST_SLUG].strip("-")
