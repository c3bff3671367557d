"""Sign-in and tokens at Microsoft Entra ID. Pure network: it returns tokens and stores none."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

from authlib.integrations.httpx_client import OAuth2Client

from m365.errors import BadAnswer, BadProof, Misconfigured
from m365.identity import doctor
from m365.identity.answers import Tokens, TokenShape, refusal, token_shape, tokens_from
from m365.identity.id_token import (
    GUID,
    SHARED_TENANTS,
    MicrosoftUser,
    check_issuer,
    key_id_of,
    read_id_token,
    user_from,
)
from m365.identity.keys import SigningKeys
from m365.identity.registration import Registration, proof
from m365.identity.scopes import Level
from m365.transport import Http, Lent

GRAPH_DEFAULT = "https://graph.microsoft.com/.default"


class Identity:
    """`entra_base`: such as https://login.microsoftonline.com. `clock`: now, aware UTC.

    Its methods raise the errors of `m365.errors`: NeedsConsent and its kinds are the person's to
    end, Misconfigured the operator's, Later nobody's.
    """

    def __init__(self, http: Http, entra_base: str, *, clock: Callable[[], datetime]) -> None:
        self._http = http
        self._base = entra_base.rstrip("/")
        self._clock = clock
        self.keys = SigningKeys(http, self._base, clock)

    @property
    def issuer_template(self) -> str:
        return f"{self._base}/{{tenantid}}/v2.0"

    def consent_address(
        self,
        registration: Registration,
        *,
        redirect_uri: str,
        scopes: Iterable[str],
        state: str,
        nonce: str,
        verifier: str,
        login_hint: str | None = None,
        prompt: str | None = None,
        claims: str | None = None,
        max_age: int | None = None,
    ) -> str:
        """Where to send the person. `verifier`: PKCE, 43-128 characters, kept with the state.

        `claims`: from a NeedsConsent that carried some. `prompt` select_account drops the
        `login_hint`, for Microsoft refuses both together. `max_age`: seconds since the person last
        proved who they are.
        """
        client = OAuth2Client(
            registration.client_id,
            redirect_uri=redirect_uri,
            scope=" ".join(scopes),
            code_challenge_method="S256",
            transport=Lent(self._http, within=self._base),
        )
        address, _ = client.create_authorization_url(
            self._at(registration.tenant, "authorize"),
            state=state,
            code_verifier=verifier,
            nonce=nonce,
            response_mode="query",
            prompt=prompt,
            login_hint=None if prompt == "select_account" else login_hint,
            claims=claims,
            max_age=max_age,
        )
        return str(address)

    def admin_consent_address(
        self, registration: Registration, tenant: str, *, redirect_uri: str, state: str
    ) -> str:
        """Where to send an administrator of that tenant. Application permissions are granted by
        `.default` alone: all that stand in the app registration.
        """
        asked = {
            "client_id": registration.client_id,
            "scope": GRAPH_DEFAULT,
            "redirect_uri": redirect_uri,
            "state": state,
        }
        query = urlencode(asked, quote_via=quote)
        return f"{self._base}/{quote(tenant, safe='')}/v2.0/adminconsent?{query}"

    def tenant_id(self, tenant: str) -> str:
        """The directory id of a tenant that is named by one of its domains.

        Raises Misconfigured for a name that stands for many.
        """
        issuer = self.keys.issuer(tenant)
        start, _, end = self.issuer_template.partition("{tenantid}")
        found = issuer.removeprefix(start).removesuffix(end).lower()
        if tenant.casefold() in SHARED_TENANTS or not GUID.fullmatch(found):
            raise Misconfigured("tenant_not_concrete")
        return found

    def redeem(
        self, registration: Registration, *, code: str, verifier: str, redirect_uri: str, nonce: str
    ) -> tuple[Tokens, MicrosoftUser]:
        """Tokens for the code that came back, and who it was that signed in.

        Whether that tenant is allowed here is for the caller to say.
        """
        found = self._ask_token(
            registration,
            registration.tenant,
            grant_type="authorization_code",
            code=code,
            code_verifier=verifier,
            redirect_uri=redirect_uri,
        )
        if not found.id_token:
            raise BadProof("id_token_missing")
        user = self._user(registration, found.id_token, nonce)
        return tokens_from(found, self._clock()), user

    def refresh(self, registration: Registration, *, tenant_id: str, refresh_token: str) -> Tokens:
        """New tokens for a connection of that tenant. The old refresh token stays valid, so two
        refreshes at once both succeed; keep the newest.
        """
        found = self._ask_token(
            registration, tenant_id, grant_type="refresh_token", refresh_token=refresh_token
        )
        return tokens_from(found, self._clock(), kept_refresh=refresh_token)

    def app_token(self, registration: Registration, tenant: str) -> Tokens:
        """A token of the app itself for one tenant (application permissions): a concrete tenant,
        never a shared name. It has no refresh token.
        """
        if tenant.casefold() in SHARED_TENANTS:
            raise Misconfigured("tenant_not_concrete")
        found = self._ask_token(
            registration, tenant, grant_type="client_credentials", scope=GRAPH_DEFAULT
        )
        return tokens_from(found, self._clock())

    def check_registration(
        self, registration: Registration, redirect_uri: str
    ) -> list[doctor.Finding]:
        """Everything that can be tried without a person signing in, each with its outcome."""
        return doctor.check_registration(self, registration, redirect_uri, now=self._clock())

    def check_clock(self) -> doctor.Finding:
        """This machine's clock against Microsoft's."""
        return doctor.check_clock(self._http, self._base, clock=self._clock)

    def lacking(self, granted: Iterable[str], calendar: Level) -> tuple[str, ...]:
        """Permissions that a connection with that access to the calendar was not granted."""
        return doctor.lacking_permissions(granted, calendar)

    def _user(self, registration: Registration, id_token: str, nonce: str) -> MicrosoftUser:
        signing = self.keys.find(registration.tenant, key_id_of(id_token))
        claims, everything = read_id_token(
            id_token,
            signing,
            client_id=registration.client_id,
            nonce=nonce,
            now=self._clock(),
        )
        tenant = registration.tenant
        check_issuer(claims, signing, template=self.issuer_template, tenant=tenant)
        by_domain = tenant.casefold() not in SHARED_TENANTS and not GUID.fullmatch(tenant)
        if by_domain and self.keys.issuer(tenant) != claims.iss:
            raise BadProof("id_token_tenant")
        return user_from(claims, everything)

    def _ask_token(self, registration: Registration, tenant: str, **request: Any) -> TokenShape:
        address = self._at(tenant, "token")
        client = OAuth2Client(
            registration.client_id,
            transport=Lent(self._http, within=self._base),
            **proof(registration, address, self._clock()),
        )
        answers: list[TokenShape] = []

        def checked(response: Any) -> Any:
            # Before the library reads it: it would lose the number and trip over a bad body.
            if response.status_code != 200:
                raise refusal(response.status_code, response.headers, response.content)
            answers.append(token_shape(response.content))
            return response

        client.register_compliance_hook("access_token_response", checked)
        client.fetch_token(address, **request)
        if not answers:
            raise BadAnswer("token_missing")
        return answers[-1]

    def _at(self, tenant: str, action: str) -> str:
        return f"{self._base}/{quote(tenant, safe='')}/oauth2/v2.0/{action}"
