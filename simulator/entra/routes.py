"""The addresses of Entra, for every tenant name."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify

from simulator.current import base_address, current_world
from simulator.entra import admin_consent
from simulator.entra.authorize import authorize
from simulator.entra.errors import EntraRefused, token_error
from simulator.entra.sign_out import sign_out
from simulator.entra.tenants import issuer, tenant_named
from simulator.entra.token import token

bp = Blueprint("entra", __name__)
PAGES = ["GET", "POST"]
bp.add_url_rule("/<tenant>/oauth2/v2.0/authorize", view_func=authorize, methods=PAGES)
bp.add_url_rule("/<tenant>/oauth2/v2.0/token", view_func=token, methods=["POST"])
bp.add_url_rule("/<tenant>/oauth2/v2.0/logout", view_func=sign_out, methods=PAGES)
bp.add_url_rule("/<tenant>/adminconsent", view_func=admin_consent.older, methods=PAGES)
bp.add_url_rule("/<tenant>/v2.0/adminconsent", view_func=admin_consent.newer, methods=PAGES)

CLAIMS = [
    "sub", "iss", "cloud_instance_name", "cloud_instance_host_name", "cloud_graph_host_name",
    "msgraph_host", "aud", "exp", "iat", "auth_time", "acr", "nonce", "preferred_username",
    "name", "tid", "ver", "at_hash", "c_hash", "email",
]  # fmt: skip
ABILITIES: dict[str, Any] = {
    "token_endpoint_auth_methods_supported": [
        "client_secret_post", "private_key_jwt", "client_secret_basic",
    ],
    "response_modes_supported": ["query", "fragment", "form_post"],
    "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
    "scopes_supported": ["openid", "profile", "email", "offline_access"],
    "subject_types_supported": ["pairwise"],
    "id_token_signing_alg_values_supported": ["RS256"],
    "claims_supported": CLAIMS,
    "request_uri_parameter_supported": False,
    "http_logout_supported": True,
    "frontchannel_logout_supported": True,
    "tenant_region_scope": None,
    "cloud_instance_name": "microsoftonline.com",
    "cloud_graph_host_name": "graph.windows.net",
    "msgraph_host": "graph.microsoft.com",
}  # fmt: skip


@bp.get("/<tenant>/v2.0/.well-known/openid-configuration")
def discovery(tenant: str) -> Response:
    """The discovery document; its issuer is a template for `common` and `organizations`."""
    base = base_address()
    here = f"{base}/{tenant}"
    return jsonify(
        {
            "authorization_endpoint": f"{here}/oauth2/v2.0/authorize",
            "token_endpoint": f"{here}/oauth2/v2.0/token",
            "end_session_endpoint": f"{here}/oauth2/v2.0/logout",
            "jwks_uri": f"{here}/discovery/v2.0/keys",
            "userinfo_endpoint": f"{base}/oidc/userinfo",
            "issuer": issuer(base, tenant_named(current_world(), tenant)),
            **ABILITIES,
        }
    )


@bp.get("/<tenant>/discovery/v2.0/keys")
def keys(tenant: str) -> Response:
    """The public keys, each with the issuer it signs for."""
    world = current_world()
    whose = issuer(base_address(), tenant_named(world, tenant))
    with world.lock:
        return jsonify({"keys": [each.wire(whose) for each in world.signing.listed()]})


@bp.errorhandler(EntraRefused)
def refused(refusal: EntraRefused) -> Response:
    """An unknown tenant, as JSON."""
    return token_error(refusal, current_world())
