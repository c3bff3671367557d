"""The way out to Microsoft: one shared HTTP client, and one function that sends a request.

The only module that names the HTTP library. Threads share the client; HTTP/2 is off because it
lost connections under threads, redirects because they would carry a token to another address,
the environment because a proxy variable set for something else must not read our traffic.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar, DefaultCookiePolicy
from io import BytesIO

import httpx2

from m365.errors import BadAnswer, Unreachable

LARGEST_ANSWER = 64 * 1024 * 1024  # bytes, after decompression
CALL_DEADLINE = 30.0  # seconds for one whole call

Http = httpx2.Client


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end; header names are found whatever their case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def client(transport: httpx2.BaseTransport | None = None, *, read_timeout: float = 30) -> Http:
    """The client every request to Microsoft goes through; `transport` None = the network.

    `read_timeout`: seconds without a byte; the deadline of the whole call is kept by `ask`.
    """
    # It logs whole addresses: those of next and delta links hold cursors.
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    # Cookies of one mailbox must never go with the request of another.
    no_cookies = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
    return Http(
        transport=transport,
        http2=False,
        follow_redirects=False,
        trust_env=False,
        cookies=no_cookies,
        timeout=httpx2.Timeout(read_timeout, connect=10, pool=10),
        limits=httpx2.Limits(max_connections=64, max_keepalive_connections=16),
        headers={"Accept": "application/json", "User-Agent": "Lockstep"},
    )


def is_below(address: str, base: str) -> bool:
    """Whether a request to `address` stays within `base`: same origin, a path under its path."""
    try:
        url, root = httpx2.URL(address), httpx2.URL(base)
        origins = [(u.scheme, u.host, u.port) for u in (url, root)]
        path = url.raw_path.decode("ascii").partition("?")[0]
    except (httpx2.InvalidURL, ValueError, TypeError):
        return False
    folder = root.raw_path.decode("ascii").rstrip("/") + "/"
    climbs = any(
        part.casefold().replace("%2e", ".") == ".." for part in path.replace("\\", "/").split("/")
    )
    return origins[0] == origins[1] and not url.userinfo and path.startswith(folder) and not climbs


LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))


def origin(address: str) -> str:
    """Scheme, host and port: the base of everything one host serves."""
    try:
        url = httpx2.URL(address)
    except (httpx2.InvalidURL, ValueError, TypeError) as error:
        raise BadAnswer("address_unreadable") from error
    return str(url.copy_with(raw_path=b"/", username=None, password=None, fragment=None))


def is_safe(address: str, *, like: str | None = None) -> bool:
    """Whether a secret may go there: by https, or by http to this machine. `like`: and this
    machine only where that address lies on it, too.
    """
    try:
        url, other = httpx2.URL(address), httpx2.URL(like or address)
    except (httpx2.InvalidURL, ValueError, TypeError):
        return False
    if not url.host or url.userinfo or url.fragment:
        return False
    if _is_here(url.host):
        return url.scheme in ("http", "https") and _is_here(other.host)
    return url.scheme == "https"


def _is_here(host: str) -> bool:
    return host in LOOPBACK or host.endswith(".localhost")


def ask(
    http: Http,
    method: str,
    address: str,
    *,
    within: str,
    headers: Mapping[str, str],
    body: bytes | None = None,
    until: float | None = None,
) -> Answer:
    """Send one request and read the whole answer, whatever its status.

    `within`: the base the address has to lie below, for the request carries a secret.
    `until`: deadline on `time.monotonic()`, 30 s from now when not given.
    Raises Unreachable when no whole answer came in time, BadAnswer for what must not be read.
    """
    if not is_below(address, within):
        raise BadAnswer("address_outside")
    until = time.monotonic() + CALL_DEADLINE if until is None else until
    remaining = until - time.monotonic()
    if remaining <= 0:
        raise Unreachable("timeout")
    patience = httpx2.Timeout(
        **{step: min(wait or remaining, remaining) for step, wait in http.timeout.as_dict().items()}
    )
    try:
        with http.stream(
            method, address, headers=dict(headers), content=body, timeout=patience
        ) as response:
            return Answer(response.status_code, response.headers, _read(response, until))
    except httpx2.TimeoutException as error:
        raise Unreachable("timeout") from error
    except httpx2.DecodingError as error:
        raise BadAnswer("undecodable") from error
    # OSError: a transport that was handed in may break the way sockets do.
    except (httpx2.RequestError, OSError) as error:
        raise Unreachable(_how_lost(error)) from error


def _read(response: httpx2.Response, until: float) -> bytes:
    # One buffer that grows: a list of pieces would hold a large answer twice at its end.
    body = BytesIO()
    for chunk in response.iter_bytes():
        if body.tell() + len(chunk) > LARGEST_ANSWER:
            raise BadAnswer("too_large", status=response.status_code)
        if time.monotonic() > until:
            raise Unreachable("timeout")
        body.write(chunk)
    return body.getvalue()


def _how_lost(error: Exception) -> str:
    """`not_connected`: nothing was sent. `connection_lost`: an effect is possible."""
    return "not_connected" if isinstance(error, httpx2.ConnectError) else "connection_lost"


class Lent(httpx2.BaseTransport):
    """The shared client as a transport for a library that wants a client of its own.

    Every rule of `ask` holds for it too. Closing it closes nothing.
    """

    def __init__(self, http: Http, *, within: str) -> None:
        self._http = http
        self._within = within

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = ask(
            self._http,
            request.method,
            str(request.url),
            within=self._within,
            headers={
                name: value
                for name, value in request.headers.items()
                if name in {"accept", "content-type", "authorization"}
            },
            body=request.read(),
        )
        headers = {
            name: value
            for name, value in answer.headers.items()
            if name.lower() not in {"content-encoding", "content-length", "transfer-encoding"}
        }
        return httpx2.Response(answer.status, headers=headers, content=answer.body)
