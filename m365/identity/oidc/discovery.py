"""What a provider says about itself: its addresses and its keys.

Rules: openid.net/specs/openid-connect-discovery-1_0.html, sections 3 and 4.
"""

import msgspec
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, RSAKey

from m365.errors import BadAnswer, Later, MicrosoftError, Misconfigured, Throttled, retry_after
from m365.identity.oidc.id_token import ALGORITHMS, VerifyingKey
from m365.transport import Answer, Http, ask, is_safe, origin
from m365.wire.decode import decode

WELL_KNOWN = "/.well-known/openid-configuration"
MOST_KEYS = 50
_CURVES = {"P-256": "ES256"}


class Description(msgspec.Struct, frozen=True):
    """The members that are needed. Where a list is left out, the standard says what holds."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)
    code_challenge_methods_supported: list[str] | None = None
    authorization_response_iss_parameter_supported: bool = False


class _KeyShape(msgspec.Struct):
    kty: str
    kid: str = ""
    use: str = "sig"
    alg: str = ""
    n: str = ""
    e: str = ""
    crv: str = ""
    x: str = ""
    y: str = ""


class _KeysShape(msgspec.Struct):
    keys: list[_KeyShape]


def describe(http: Http, issuer: str) -> Description:
    """The provider's own description, believed only where it names itself exactly so."""
    if not is_safe(issuer):
        raise Misconfigured("issuer_not_https")
    found = decode(_get(http, issuer.rstrip("/") + WELL_KNOWN).body, Description)
    if found.issuer != issuer:
        raise Misconfigured("issuer_differs")
    ends = (found.authorization_endpoint, found.token_endpoint, found.jwks_uri)
    # A provider on the network may not send codes or secrets to this very machine.
    if not all(is_safe(end, like=issuer) for end in ends):
        raise BadAnswer("endpoint_not_https")
    if not ALGORITHMS & set(found.id_token_signing_alg_values_supported):
        raise Misconfigured("no_known_algorithm")
    return found


def keys_of(http: Http, description: Description) -> dict[str, VerifyingKey]:
    """The keys published now; such as cannot be used are left out. A single one without an id is
    found under the empty id.
    """
    published = decode(_get(http, description.jwks_uri).body, _KeysShape).keys[:MOST_KEYS]
    found: dict[str, VerifyingKey] = {}
    for each in published:
        try:
            found[each.kid] = _key(each)
        except (JoseError, ValueError):
            continue
    if len(found) == 1:
        found.setdefault("", next(iter(found.values())))
    return found


def _key(shape: _KeyShape) -> VerifyingKey:
    """Raises ValueError for what cannot sign an id_token."""
    if shape.use != "sig":
        raise ValueError("not for signatures")
    if shape.kty == "RSA":
        fits = {"RS256", "PS256"}
        key: RSAKey | ECKey = RSAKey.import_key({"kty": "RSA", "n": shape.n, "e": shape.e})
    elif shape.kty == "EC" and shape.crv in _CURVES:
        fits = {_CURVES[shape.crv]}
        key = ECKey.import_key({"kty": "EC", "crv": shape.crv, "x": shape.x, "y": shape.y})
    else:
        raise ValueError("of an unknown kind")
    if shape.alg:
        fits &= {shape.alg}
    return VerifyingKey(key, frozenset(fits))


def _get(http: Http, address: str) -> Answer:
    answer = ask(http, "GET", address, within=origin(address), headers={})
    if answer.status != 200:
        raise refused(answer)
    return answer


def refused(answer: Answer) -> MicrosoftError:
    """The meaning of a status that is no success, where the body says nothing that counts."""
    code = f"http_{answer.status}"
    if answer.status == 429 or answer.status >= 500:
        kind = Throttled if answer.status == 429 else Later
        later = kind(code, status=answer.status)
        later.retry_after = retry_after(answer.headers)
        return later
    return BadAnswer(code, status=answer.status)
