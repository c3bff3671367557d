"""Finds the link to join by in what others wrote. Pure: a link is looked at, never fetched."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import SplitResult, parse_qs, quote, urlsplit

LONGEST_TEXT = 256 * 1024
LAYERS = 3  # of wrappers around a link
OWN = "link"

# Bounded and without nested repeats, so that time grows with the length of the text alone.
_HREF = re.compile(r"""\bhref\s{0,8}=\s{0,8}(?:"([^"]{1,4096})"|'([^']{1,4096})')""", re.I)
_BARE = re.compile(r"""\b(?:https?|zoommtg|zoomus)://[^\s<>"']{1,4096}""", re.I)
_TRAILING = ".,;:)]>\"'!?*_"
_HOST_NAME = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_URLDEFENSE = re.compile(r"/v3/__(https?:/{1,2}[^\s]{1,4096}?)__;")


@dataclass(frozen=True, slots=True)
class JoinLink:
    provider: str  # the name people know it by; "link" for the account's own template
    url: str


@dataclass(frozen=True, slots=True)
class Provider:
    """Hosts (each with its sub-domains) and the paths on them that lead into a meeting."""

    name: str
    hosts: tuple[str, ...]
    paths: re.Pattern[str]


# In the order in which they win when one text holds several.
PROVIDERS = (
    Provider(
        "Zoom",
        ("zoom.us", "zoom.com", "zoomgov.com", "zoom.com.cn", "zoom-x.de"),
        re.compile(
            r"/(?:j|w)/\d{9,11}/?|/my/[\w.-]+/?|/wc/(?:\d{9,11}/join|join/\d{9,11})/?"
            r"|/(?:meeting|webinar)/register/[\w-]+/?"
        ),
    ),
    Provider(
        "Microsoft Teams",
        ("teams.microsoft.com", "teams.microsoft.us", "teams.cloud.microsoft"),
        re.compile(r"/l/(?:meetup-join|meeting)/.+|/meet/\d+/?"),
    ),
    Provider("Microsoft Teams", ("teams.live.com",), re.compile(r"/meet/\d+/?")),
    Provider(
        "Google Meet",
        ("meet.google.com",),
        re.compile(r"/[a-z]{3}-[a-z]{4}-[a-z]{3}/?|/lookup/[\w-]+/?|/_meet/.+", re.I),
    ),
    Provider("Google Meet", ("g.co",), re.compile(r"/meet/[\w-]+/?")),
    Provider(
        "Webex",
        ("webex.com",),
        re.compile(
            r"/[\w.-]+/j\.php|/(?:meet|join)/[\w.@-]+/?|/wbxmjs/joinservice/.+"
            r"|/webappng/sites/[\w.-]+/meeting/.+"
        ),
    ),
    Provider(
        "Jitsi",
        ("meet.jit.si", "8x8.vc", "moderated.jitsi.net"),
        re.compile(r"/(?!(?:static|about)(?:/|\Z))[^/]+(?:/[^/]+)?/?"),
    ),
)


def join_link_in(*texts: str | None, own_hosts: Collection[str] = ()) -> JoinLink | None:
    """The link to join by, from the first text (HTML or plain) that holds one.

    Links on `own_hosts`, where the account's template points, come before everybody else's.
    """
    for text in texts:
        links = [link for url in _candidates(text or "") if (link := _known(url, own_hosts))]
        if links:
            return min(links, key=lambda ranked: ranked[0])[1]
    return None


def _candidates(text: str) -> Iterator[str]:
    text = text[:LONGEST_TEXT]
    for found in _HREF.finditer(text):
        yield unescape(found[1] or found[2]).strip()
    for found in _BARE.finditer(text):
        yield unescape(found[0]).rstrip(_TRAILING)


def _known(url: str, own_hosts: Collection[str]) -> tuple[int, JoinLink] | None:
    """The link behind one address and its rank; None when it leads nowhere we know."""
    plain = _unwrapped(url)
    address = _address(plain)
    if address is None:
        return None
    host = address.hostname or ""
    if host in own_hosts and address.path.strip("/"):
        return -1, JoinLink(OWN, plain)
    for rank, provider in enumerate(PROVIDERS):
        if _is_on(host, provider.hosts) and provider.paths.fullmatch(address.path):
            return rank, JoinLink(provider.name, plain)
    return None


def _unwrapped(url: str) -> str:
    for _layer in range(LAYERS):
        inner = _inside(url)
        if inner is None:
            break
        url = inner
    return _from_app_scheme(url)


def _inside(url: str) -> str | None:
    """The address that a mail filter wrapped; None when nothing did."""
    address = _address(url)
    if address is None:
        return None
    host = address.hostname or ""
    if _is_on(host, ("safelinks.protection.outlook.com", "office365.us")):
        return _parameter(address, "url")
    if host == "urldefense.com":
        found = _URLDEFENSE.match(f"{address.path}?{address.query}")
        return re.sub(r"^(https?:)/+", r"\1//", found[1]) if found else None
    if host == "www.google.com" and address.path == "/url":
        return _parameter(address, "q")
    return None


def _from_app_scheme(url: str) -> str:
    """Zoom's own scheme opens only its program; the same meeting in a browser is https."""
    scheme, _, rest = url.partition("://")
    if scheme.lower() not in ("zoommtg", "zoomus"):
        return url
    address = _address(f"https://{rest}")
    number = _parameter(address, "confno") if address else None
    if address is None or number is None or not number.isdigit():
        return url
    secret = _parameter(address, "pwd")
    return f"https://{address.hostname}/j/{number}" + (f"?pwd={quote(secret)}" if secret else "")


def _address(url: str) -> SplitResult | None:
    """The parts of an address that every browser reads as we do; None for any other."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        return None
    try:
        address = urlsplit(url)
        port = address.port
    except ValueError:
        return None
    plain = port in (None, 443) and "@" not in address.netloc
    if address.scheme not in ("http", "https") or not plain:
        return None
    return address if _HOST_NAME.fullmatch(address.hostname or "") else None


def _is_on(host: str, hosts: tuple[str, ...]) -> bool:
    return any(host == known or host.endswith(f".{known}") for known in hosts)


def _parameter(address: SplitResult, name: str) -> str | None:
    try:
        return parse_qs(address.query, max_num_fields=50).get(name, [None])[0]
    except ValueError:
        return None
