"""The provider's addresses, below /idp."""

from __future__ import annotations

import hashlib
from base64 import b64decode
from typing import Any
from urllib.parse import unquote, urlencode

from flask import Blueprint, Response, jsonify, make_response, redirect, request

from simulator.current import base_address, current_world
from simulator.entra.base64url import unpadded
from simulator.idp.desk import CODE_LIFE, TOKEN_LIFE, Client, Code, IdentityProvider
from simulator.pages import page_answer

bp = Blueprint("idp", __name__, url_prefix="/idp")


def issuer() -> str:
    """Who the provider says it is."""
    return f"{base_address()}/idp"


@bp.get("/.well-known/openid-configuration")
def discovery() -> Response:
    """The provider's description of itself."""
    here = issuer()
    return jsonify(
        {
            "issuer": here,
            "authorization_endpoint": f"{here}/authorize",
            "token_endpoint": f"{here}/token",
            "jwks_uri": f"{here}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", "profile", "email"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": current_world().idp.names_itself,
        }
    )


@bp.get("/keys")
def keys() -> Response:
    """The public keys."""
    world = current_world()
    with world.lock:
        wire = [each.wire(issuer()) for each in world.idp.keys.listed()]
    kept = ("kty", "use", "kid", "n", "e")
    return jsonify({"keys": [{name: one[name] for name in kept} for one in wire]})


@bp.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Somebody says who they are, or that they would rather not."""
    world = current_world()
    with world.lock:
        client = world.idp.clients.get(request.args.get("client_id", ""))
        address = request.args.get("redirect_uri", "")
        if client is None or not client.may_return_to(address):
            return _refused_here("The client or its redirect address is not registered.")
        problem = _problem()
        if problem:
            return _back({"error": "invalid_request", "error_description": problem})
        if request.form.get("decision") == "cancel":
            return _back({"error": "access_denied"})
        person = world.people.get(request.form.get("person", ""))
        if request.method == "GET" or person is None:
            return page_answer("idp_pick.html", people=world.people.values())
        verified = not request.form.get("unverified")
        return _back({"code": _code(world.idp, person.id, address, verified=verified)})


def _problem() -> str:
    if request.args.get("response_type") != "code":
        return "response_type is code."
    if "openid" not in request.args.get("scope", "").split():
        return "scope lacks openid."
    wanted = request.args.get("code_challenge_method")
    return "" if wanted == "S256" else "code_challenge_method is S256."


def _code(provider: IdentityProvider, person: str, address: str, *, verified: bool) -> str:
    return provider.issue_code(
        Code(
            person=person,
            client_id=request.args["client_id"],
            redirect_uri=address,
            nonce=request.args.get("nonce"),
            challenge=request.args.get("code_challenge"),
            verified=verified,
            expires=current_world().now() + CODE_LIFE,
            says_when="max_age" in request.args,
        )
    )


def _back(answer: dict[str, str]) -> Response:
    address = request.args["redirect_uri"]
    sent = {**answer, "state": request.args.get("state", "")}
    if current_world().idp.names_itself:
        sent["iss"] = issuer()
    joint = "&" if "?" in address else "?"
    return make_response(redirect(f"{address}{joint}{urlencode(sent)}", code=302))


def _refused_here(sentence: str) -> Response:
    response = page_answer("idp_error.html", sentence=sentence)
    response.status_code = 400
    return response


@bp.post("/token")
def token() -> tuple[Response, int] | Response:
    """A code for who it was that signed in."""
    world = current_world()
    with world.lock:
        name, secret = _credentials()
        client: Client | None = world.idp.clients.get(name)
        if client is None or client.secret != secret:
            return _error("invalid_client", 401)
        if request.form.get("grant_type") != "authorization_code":
            return _error("unsupported_grant_type", 400)
        code = world.idp.spend(request.form.get("code", ""))
        if code is None or not _fits(code, name):
            return _error("invalid_grant", 400)
        person = world.people[code.person]
        return jsonify(
            {
                "access_token": "of-no-use",
                "token_type": "Bearer",
                "expires_in": TOKEN_LIFE,
                "id_token": world.idp.id_token(code, person, issuer=issuer()),
            }
        )


def _credentials() -> tuple[str, str]:
    kind, _, rest = request.headers.get("Authorization", "").partition(" ")
    if kind == "Basic":
        name, _, secret = b64decode(rest).decode("utf-8", "replace").partition(":")
        return unquote(name), unquote(secret)
    return request.form.get("client_id", ""), request.form.get("client_secret", "")


def _fits(code: Code, client_id: str) -> bool:
    verifier = request.form.get("code_verifier", "")
    proof = unpadded(hashlib.sha256(verifier.encode()).digest())
    same = code.client_id == client_id and code.redirect_uri == request.form.get("redirect_uri")
    return same and code.challenge == proof


def _error(name: str, status: int) -> Any:
    return jsonify({"error": name}), status
