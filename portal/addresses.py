"""Addresses: which host is this one, what a portal may be reached by, where people get mail."""

import ipaddress
import unicodedata
from urllib.parse import urlsplit

LONGEST_MAIL, LONGEST_HOST = 254, 253


def is_mail_address(text: str) -> bool:
    """Whether it looks like what people have; whether it exists is not asked."""
    local, at, domain = text.rpartition("@")
    fits = bool(at and local) and "." in domain.strip(".") and ".." not in domain
    strange = any(not _is_seen(sign) or sign in '@<>(),;:"\\' for sign in local + domain)
    return fits and not strange and len(text) <= LONGEST_MAIL


def is_loopback(host: str) -> bool:
    """Whether `host` can only be this machine."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def public_address_problem(text: str) -> str | None:
    """Why people cannot reach a portal by this address, as a sentence, or None."""
    try:
        address = urlsplit(text)
        host, _port = address.hostname or "", address.port
    except ValueError:
        return "This is not an address. It looks like https://portal.example.org."
    if address.scheme not in ("http", "https") or not host or not _is_plain(host):
        return "This is not an address. It looks like https://portal.example.org."
    if address.username is not None or address.path.strip("/") or address.query or address.fragment:
        return "Give the address up to the host and port only, without a path."
    if address.scheme == "http" and not is_loopback(host):
        return "Use https. Plain http is only accepted for this machine itself."
    return None


def can_be_called(public_address: str, *, by: str) -> bool:
    """Whether Microsoft, whose base address is `by`, may be able to call a portal: it wants https
    and cannot reach this machine by its own name, unless it is simulated here itself.
    """
    try:
        address, caller = urlsplit(public_address), urlsplit(by)
        host = address.hostname or ""
    except ValueError:
        return False
    if is_loopback(host):
        return is_loopback(caller.hostname or "")
    return address.scheme == "https" and bool(host)


def network_of(origin: str) -> str:
    """The network a throttle counts by: an IPv4 address, or the /64 that one IPv6 site holds."""
    try:
        address = ipaddress.ip_address(origin)
    except ValueError:
        return "unknown"
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _is_plain(host: str) -> bool:
    if ":" in host:
        return is_ip(host)
    named = all(part.replace("-", "").isalnum() for part in host.split("."))
    return named and len(host) <= LONGEST_HOST


def is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_seen(sign: str) -> bool:
    """Neither a space nor a control, format or surrogate code, which hide in a line of text."""
    return not sign.isspace() and unicodedata.category(sign) not in ("Cc", "Cf", "Cs")


def mail_server_problem(host: str) -> str | None:
    """Why no server can be called so, as a sentence, or None."""
    if is_ip(host) or (host and _is_plain(host.rstrip(".")) and host.isascii()):
        return None
    return "Give the server's name alone, such as smtp.example.org."
