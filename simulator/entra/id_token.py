"""The id_token: who signed in, and what is wrong with it when somebody asked for that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

from simulator.directory import App, Person
from simulator.entra.base64url import unpadded
from simulator.entra.grants import Standing
from simulator.entra.tenants import issuer
from simulator.registration import CONTOSO, FABRIKAM
from simulator.world import SPACE, World

LIFE = 3600


@dataclass(frozen=True, slots=True)
class Issue:
    """What one id_token is made from. `code` and `access` go into its hashes."""

    person: Person
    app: App
    scopes: tuple[str, ...]
    standing: Standing
    base: str
    nonce: str | None = None
    code: str | None = None
    access: str | None = None
    says_when: bool = False


def id_token(world: World, issue: Issue) -> str:
    """The signed token, right in every way unless a switch or a test wants it wrong."""
    claims = _claims(world, issue) | world.faults.claims_now()
    ring = world.signing
    fault = world.switches.strikes("identity.id_token", issue.person.id)
    if fault in WRONG_CLAIMS:
        claims |= WRONG_CLAIMS[str(fault)](claims, issue)
    if fault == "alg_none":
        return _unsigned(claims)
    if fault == "bad_signature":
        return ring.unlisted.sign(claims, kid=ring.signing.kid)
    if fault == "unknown_key":
        return ring.unlisted.sign(claims)
    return ring.signing.sign(claims)


def subject(person: Person, app: App) -> str:
    """The person's `sub`: another one for each application."""
    return uuid5(SPACE, f"{app.client_id}/{person.id}").hex


def login_hint(person: str) -> str:
    """What names this person (object id) to whoever signs them in or out."""
    return f"O.{uuid5(SPACE, f'hint/{person}').hex}"


def _claims(world: World, issue: Issue) -> dict[str, Any]:
    person, app, now = issue.person, issue.app, int(world.now().timestamp())
    claims: dict[str, Any] = {
        "aud": app.client_id,
        "iss": issuer(issue.base, person.tenant),
        "iat": now,
        "nbf": now,
        "exp": now + LIFE,
        "rh": "1.AXoA.",
        "sub": subject(person, app),
        "tid": person.tenant.id,
        "uti": world.new_id().replace("-", "")[:22],
        "ver": "2.0",
    }
    claims |= _of_the_request(issue)
    if "profile" in issue.scopes:
        claims |= {
            "oid": person.id, "name": person.name, "preferred_username": person.address,
        }  # fmt: skip
    if "email" in issue.scopes and person.has_mailbox:
        claims["email"] = person.address
    possible = {
        "auth_time": int(issue.standing.since.timestamp()),
        "acct": 0,
        "login_hint": login_hint(person.id),
        "upn": person.address,
    }
    wanted = {*app.optional_claims, *(["auth_time"] if issue.says_when else [])}
    return claims | {key: value for key, value in possible.items() if key in wanted}


def _of_the_request(issue: Issue) -> dict[str, Any]:
    known = {
        "nonce": issue.nonce,
        "sid": issue.standing.sid,
        "c_hash": issue.code and _half(issue.code),
        "at_hash": issue.access and _half(issue.access),
    }
    return {name: value for name, value in known.items() if value}


def _half(text: str) -> str:
    return unpadded(hashlib.sha256(text.encode("ascii")).digest()[:16])


def _unsigned(claims: dict[str, Any]) -> str:
    parts = ({"typ": "JWT", "alg": "none"}, claims)
    written = [unpadded(json.dumps(each, separators=(",", ":")).encode()) for each in parts]
    return f"{'.'.join(written)}."


def _foreign(claims: dict[str, Any], issue: Issue) -> dict[str, Any]:
    other = FABRIKAM if claims["tid"] == CONTOSO else CONTOSO
    return {"tid": other, "iss": f"{issue.base}/{other}/v2.0"}


def _expired(claims: dict[str, Any], issue: Issue) -> dict[str, Any]:
    return {name: claims[name] - 2 * LIFE for name in ("iat", "nbf", "exp")}


# Position of identity.id_token -> the claims it changes.
WRONG_CLAIMS = {
    "wrong_issuer": lambda claims, issue: {"iss": f"https://evil.example/{claims['tid']}/v2.0"},
    "wrong_nonce": lambda claims, issue: {"nonce": "somebody else's"},
    "wrong_audience": lambda claims, issue: {"aud": "00000000-0000-4000-8000-0000000000bb"},
    "foreign_tenant": _foreign,
    "expired": _expired,
}
