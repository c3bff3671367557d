"""From a provider's code to who it is that came, with every check stood."""

from flask import request

from blueprints.edge import parts, reading
from blueprints.sso import words
from blueprints.sso.room import at_provider
from m365.identity import MicrosoftUser
from portal import accounts, registrations
from portal.addresses import is_mail_address
from portal.signing_in import providers
from portal.signing_in.identities import Arrival, NotLetIn
from portal.signing_in.providers import MICROSOFT
from portal.tables import SignInProvider, SignInRequest
from sync.live import registration_of


def proven(provider: SignInProvider, asked: SignInRequest, code: str) -> Arrival:
    """Raises MicrosoftError, and NotLetIn for a tenant that may not sign in."""
    with reading() as db:
        back = providers.callback_address(accounts.the_account(db), provider)
    if provider.kind == MICROSOFT:
        return _at_microsoft(provider, asked, code, back)
    user = parts().open_id.redeem(
        at_provider(provider),
        code=code,
        verifier=asked.verifier,
        redirect_uri=back,
        nonce=asked.nonce,
        named=request.args.get("iss"),
    )
    return Arrival(
        issuer=user.issuer,
        subject=user.subject,
        name=user.name,
        address=user.email or "",
        verified=user.email_verified,
        claims=user.claims,
    )


def _at_microsoft(provider: SignInProvider, asked: SignInRequest, code: str, back: str) -> Arrival:
    with reading() as db:
        kept = registrations.current(db)
        registration = None if kept is None else registration_of(db)
    if kept is None or registration is None:
        raise NotLetIn(words.NOT_REGISTERED)
    _tokens, user = parts().identity.redeem(
        registration, code=code, verifier=asked.verifier, redirect_uri=back, nonce=asked.nonce
    )
    if not providers.admits_tenant(provider, kept, user.tenant_id):
        raise NotLetIn(words.TENANT)
    return Arrival(
        issuer=parts().identity.issuer_template.replace("{tenantid}", user.tenant_id),
        subject=user.object_id,
        name=user.name,
        address=_address(user),
        verified=True,  # for a tenant that may sign in, and still only within the allowed domains
        claims=user.claims,
    )


def _address(user: MicrosoftUser) -> str:
    """The sign-in name where it is an address: its domain is the tenant's own, while a tenant's
    administrator can write anything into the other.
    """
    return user.username if is_mail_address(user.username) else user.email or ""
