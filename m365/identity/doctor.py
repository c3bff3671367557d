"""Looks over an app registration before people meet its mistakes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from m365.errors import Later, MicrosoftError, Misconfigured, http_date
from m365.explain import explain
from m365.identity.id_token import SHARED_TENANTS
from m365.identity.registration import Registration, certificate_of
from m365.identity.scopes import Level, lacking, names, scopes_for
from m365.transport import Http, ask

if TYPE_CHECKING:
    from m365.identity.entra import Identity

EXPIRY_WARNING_DAYS = 30
CLOCK_MAY_DIFFER = 60  # seconds; Microsoft bears five minutes


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ok None: it cannot be seen from here, and why.

    `code`: Microsoft's or ours, for whoever looks it up. `who`: ends it, as explain says.
    """

    name: str
    ok: bool | None
    sentence: str
    code: str = ""
    who: str = ""


def check_registration(
    identity: "Identity", registration: Registration, redirect_uri: str, *, now: datetime
) -> list[Finding]:
    """Everything that can be tried without a person signing in, each with its outcome."""
    findings = [_tenant(identity, registration)]
    if findings[0].ok:
        findings += [_keys(identity, registration), _client(identity, registration)]
    if registration.has_certificate:
        findings.append(_certificate(registration, now))
    findings.append(_redirect(redirect_uri))
    return findings


def _tenant(identity: "Identity", registration: Registration) -> Finding:
    tenant, name = registration.tenant, "Organisation (tenant)"
    try:
        issuer = identity.keys.issuer(tenant)
    except Later as error:
        return _failed("Microsoft sign-in address", error)
    except MicrosoftError as error:
        return _failed(name, error)
    start, _, end = identity.issuer_template.partition("{tenantid}")
    if not (issuer.startswith(start) and issuer.endswith(end)):
        return Finding(name, False, "The sign-in address answers for another issuer than itself.")
    if tenant.casefold() in SHARED_TENANTS:
        return Finding(name, True, "Microsoft answers; people of any organisation may sign in.")
    return Finding(name, True, "Microsoft answers and knows this organisation.")


def _keys(identity: "Identity", registration: Registration) -> Finding:
    name = "Signing keys"
    try:
        keys = identity.keys.fetch(registration.tenant)
    except MicrosoftError as error:
        return _failed(name, error)
    if not keys:
        return Finding(name, False, "Microsoft published no key that can be used.")
    return Finding(name, True, "The keys that prove who signed in can be read.")


def _client(identity: "Identity", registration: Registration) -> Finding:
    kind = "certificate" if registration.has_certificate else "secret"
    name = f"Client id and {kind}"
    if registration.tenant.casefold() in SHARED_TENANTS:
        return Finding(
            name, None, "Cannot be tried without one organisation; the first sign-in will show it."
        )
    try:
        identity.app_token(registration, registration.tenant)
    except MicrosoftError as error:
        return _failed(name, error)
    return Finding(name, True, f"Microsoft accepts the client id and the {kind}.")


_CERTIFICATE_FAULTS = {
    "certificate_unreadable": "The certificate is not readable PEM.",
    "private_key_unreadable": "The private key is not readable PEM, or has a passphrase.",
    "private_key_not_rsa": "The private key is not an RSA key; Microsoft takes no other here.",
    "private_key_of_another_certificate": "The private key belongs to another certificate.",
}


def _certificate(registration: Registration, now: datetime) -> Finding:
    name = "Certificate validity"
    try:
        certificate = certificate_of(registration)
    except Misconfigured as error:
        return Finding(name, False, _CERTIFICATE_FAULTS[error.code])
    until = certificate.not_valid_after_utc
    days = (until - now).days
    if certificate.not_valid_before_utc > now:
        return Finding(name, False, "The certificate is not valid yet.")
    if until <= now:
        return Finding(name, False, f"The certificate expired on {until:%d %B %Y}.")
    hurry = " Renew it soon." if days < EXPIRY_WARNING_DAYS else ""
    return Finding(name, True, f"Valid until {until:%d %B %Y}, {days} more days.{hurry}")


def _redirect(redirect_uri: str) -> Finding:
    name = "Redirect address"
    parts = urlsplit(redirect_uri)
    loopback = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if parts.scheme != "https" and not loopback:
        return Finding(name, False, "Microsoft takes only https addresses, except on localhost.")
    return Finding(
        name,
        None,
        f"Only a sign-in can show it. In Entra it must be exactly {redirect_uri}",
    )


def _failed(name: str, error: MicrosoftError) -> Finding:
    fault = _CERTIFICATE_FAULTS.get(error.code)
    if fault:
        return Finding(name, False, fault, error.code)
    words = explain(error)
    todo = "Test again in a few minutes." if isinstance(error, Later) else words.todo
    sentence = f"{words.what} {words.why} {todo} ({error.code})"
    return Finding(name, False, sentence, error.code, words.who)


def check_clock(http: Http, base: str, *, clock: Callable[[], datetime]) -> Finding:
    """This machine's clock against the Date that Microsoft's sign-in service answers with."""
    name = "Clock of this machine"
    address = f"{base}/common/v2.0/.well-known/openid-configuration"
    try:
        answer = ask(http, "GET", address, within=base, headers={})
    except MicrosoftError as error:
        return _failed(name, error)
    theirs = http_date(answer.headers.get("date", ""))
    if theirs is None:
        return Finding(name, None, "Microsoft's answer does not say what time it is there.")
    off = round((clock() - theirs).total_seconds())
    if abs(off) <= CLOCK_MAY_DIFFER:
        return Finding(name, True, f"It agrees with Microsoft's to {abs(off) + 1} seconds.")
    way = "ahead of" if off > 0 else "behind"
    return Finding(
        name,
        False,
        f"It is {abs(off)} seconds {way} Microsoft's. Microsoft refuses what comes from another "
        "time (AADSTS700024). Set this machine's clock, best by network time.",
        "AADSTS700024",
        "operator",
    )


def lacking_permissions(
    granted: Iterable[str], calendar: Level, contacts: Level = "off"
) -> tuple[str, ...]:
    """Names of the permissions that a connection with these choices wants and was not granted."""
    return names(lacking(granted, scopes_for(calendar, contacts)))
