"""Why somebody is not let in, in words for whoever stands before the door."""

from m365.identity import (
    AdminApprovalNeeded,
    ConsentDeclined,
    Later,
    MicrosoftError,
    Misconfigured,
    explain,
)
from portal.signing_in import identities
from portal.signing_in.providers import MICROSOFT
from portal.tables import SignInProvider

TENANT = "tenant_not_allowed"
OFF, NOT_REGISTERED = "provider_off", "not_registered"
ASK = "Ask an administrator of this portal."
BY_HAND = "If you have an account here, sign in with your password and link {name} on your profile"

_NOT_LET_IN = {
    identities.DISABLED: "Your account in this portal is disabled. {ask}",
    identities.NO_ADDRESS: "{name} did not say which e-mail address is yours, so nobody here could "
    "be found. Allow it to tell your address, or ask an administrator of this portal.",
    identities.NOT_VERIFIED: "{name} does not answer for your e-mail address: it was never "
    "verified there. {by_hand}, or have the address verified at {name}.",
    identities.DOMAIN: "Addresses of your domain are not let in by themselves. {by_hand}, or ask "
    "an administrator of this portal.",
    identities.OWNER_FIRST: "Owners are never tied to {name} by their address alone. Sign in with "
    "your password, and link {name} on your profile.",
    identities.OWNER_INVITED: "You are invited as an owner. Nobody becomes an owner by signing in "
    "with {name}: open the link of your invitation and choose a password, or ask whoever invited "
    "you to invite you as an administrator first.",
    identities.NOBODY: "There is nobody in this portal for your account at {name}, and nobody is "
    "added by signing in. {ask}",
    identities.TAKEN: "Somebody else in this portal signs in with this account of {name}. Choose "
    "your own, or ask an administrator.",
    identities.ANOTHER: "You have linked another account of {name} before. Unlink it first.",
    TENANT: "Your organisation at Microsoft may not sign in to this portal. Choose an account of "
    "an organisation that may. {ask}",
    OFF: "Signing in with {name} is switched off. Choose another way, or ask an administrator.",
    NOT_REGISTERED: "This portal is not registered at Microsoft yet, so nobody can sign in so. "
    "{ask}",
}
_OF_A_PROOF = {
    "id_token_time": "The clocks of this portal and of {name} differ by more than five minutes, or "
    "the answer was old. Try again; if it stays so, an administrator has to set the clock of this "
    "portal's machine.",
    "auth_time_old": "{name} let you in by an earlier sign-in and did not ask who you are, so it "
    "is not proven that you are there now. Sign out at {name}, then sign in again here.",
    "auth_time_missing": "{name} does not say when you signed in there, so it is not proven that "
    "you are there now. Try again; if it stays so, an administrator has to let {name} send the "
    "claim auth_time in its ID tokens.",
    "id_token_tenant": _NOT_LET_IN[TENANT],
    "no_code": "{name} sent you back without an answer. Try again.",
    "answer_of_another": "The answer came from another provider than the one you were sent to. Try "
    "again; if it stays so, tell an administrator.",
}


def not_let_in(why: str, provider: SignInProvider | None) -> str:
    return _filled(_NOT_LET_IN[why], provider)


def failed(error: MicrosoftError, provider: SignInProvider) -> str:
    """What went wrong on the way, why, and what to do."""
    if said := _OF_A_PROOF.get(error.code):
        return _filled(said, provider)
    if isinstance(error, ConsentDeclined):
        return f"Nobody was signed in: you did not agree at {provider.name}. Try again any time."
    if provider.kind == MICROSOFT:
        words = explain(error)
        return f"{words.what} {words.why} {_todo(error)} ({error.code})"
    return f"{_at_other(error, provider.name)} ({error.code})"


def _todo(error: MicrosoftError) -> str:
    if isinstance(error, AdminApprovalNeeded):
        return "Ask your Microsoft 365 administrator to approve this app, then sign in again."
    if isinstance(error, Later):
        return "Sign in again in a few minutes."
    if isinstance(error, Misconfigured):
        return "Tell an administrator of this portal."
    return "Sign in again; if it stays so, ask an administrator of this portal."


def _at_other(error: MicrosoftError, name: str) -> str:
    if isinstance(error, Later):
        return f"{name} does not answer as it should right now. Sign in again in a few minutes."
    if isinstance(error, Misconfigured):
        return f"{name} refused this portal: it is not set up rightly. Tell an administrator."
    return f"The proof of who you are that {name} sent did not check out. Sign in again."


def _filled(sentence: str, provider: SignInProvider | None) -> str:
    name = provider.name if provider else "the provider"
    return sentence.format(name=name, ask=ASK, by_hand=BY_HAND.format(name=name))
