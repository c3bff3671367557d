"""Looks a provider over before people meet its mistakes."""

from m365.errors import BadAnswer, Later, MicrosoftError, Unreachable
from m365.identity.doctor import Finding
from m365.identity.oidc.discovery import WELL_KNOWN, Description, describe, keys_of
from m365.transport import Http

_FAULTS = {
    "issuer_not_https": "The address must begin with https, except on this machine.",
    "issuer_differs": "The provider calls itself something else than the issuer address entered. "
    "It must be the same, character by character, also a slash at its end.",
    "endpoint_not_https": "The provider names addresses that are not https.",
    "no_known_algorithm": "The provider signs with none of RS256, PS256 and ES256.",
    "http_404": f"There is no description at this address followed by {WELL_KNOWN}.",
    "unreadable": "What is there is not a description of an OpenID Connect provider.",
    "not_connected": "Nothing answers at this address.",
    "timeout": "No answer came in time.",
}


def fault(error: MicrosoftError) -> str:
    """What is wrong with a provider, as a sentence for whoever set it up."""
    said = _FAULTS.get(error.code)
    if said:
        return said
    if isinstance(error, Unreachable):
        return "The connection to the provider was lost."
    if isinstance(error, Later):
        return f"The provider is not well right now ({error.code}). Test again in a few minutes."
    return f"The provider gave an answer that cannot be used ({error.code})."


def check(http: Http, issuer: str, redirect_uri: str) -> list[Finding]:
    """The description, the keys, and what cannot be seen from here."""
    name = "Description of the provider"
    try:
        found = describe(http, issuer)
    except MicrosoftError as error:
        return [Finding(name, False, fault(error))]
    return [
        Finding(name, True, "The provider describes itself and names this issuer."),
        _keys(http, found),
        _code_exchange(found),
        Finding(
            "Client and redirect address",
            None,
            f"Only a sign-in can show them. At the provider it must be exactly {redirect_uri}",
        ),
    ]


def _keys(http: Http, found: Description) -> Finding:
    name = "Signing keys"
    try:
        keys = keys_of(http, found)
    except (MicrosoftError, BadAnswer) as error:
        return Finding(name, False, fault(error))
    if not keys:
        return Finding(name, False, "The provider published no key that can be used.")
    return Finding(name, True, "The keys that prove who signed in can be read.")


def _code_exchange(found: Description) -> Finding:
    name = "Protection of the code (PKCE)"
    methods = found.code_challenge_methods_supported
    if methods is None:
        return Finding(name, None, "The provider does not say; it is sent all the same.")
    if "S256" not in methods:
        return Finding(name, False, "The provider does not take S256, which is always sent.")
    return Finding(name, True, "The provider takes it.")
