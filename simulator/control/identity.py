"""What an administrator of Entra and Exchange does, by an address for each act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, get_args

from flask import Response, abort, jsonify

from simulator.control.room import bp, done, wish
from simulator.current import current_world
from simulator.world import ConsentPolicy, World

POLICIES = get_args(ConsentPolicy)
# What is changed on a registration once it is there.
FURTHER = ("scopes", "roles", "id_tokens", "public", "optional_claims", "logout_address")
# Each takes the arguments of the method as JSON; `person` is another word for `who`.
ACTS: dict[str, Callable[..., object]] = {
    "revoke": World.revoke,
    "disable": World.disable,
    "enable": World.enable,
    "expire-access": World.expire_access_tokens,
    "take-mailbox": World.take_mailbox,
    "grant-consent": World.grant_consent,
    "withdraw-consent": World.withdraw_consent,
    "decide-request": World.decide_request,
    "grant-roles": World.grant_roles,
    "limit-app": World.limit_app,
    "unlimit-app": World.unlimit_app,
    "scope-app": World.scope_app,
    "switch-off-app": World.switch_off_app,
    "require-assignment": World.require_assignment,
    "remove-app": World.remove_app,
    "expire-secrets": World.expire_secrets,
    "renew-secrets": World.renew_secrets,
    "roll-keys": World.roll_keys,
    "token-fail": World.fail_next_token,
    "token-claims": World.forge_next_id_token,
}


def _address(act: Callable[..., object]) -> Callable[[], Response]:
    def view() -> Response:
        asked = wish()
        if "person" in asked:
            asked["who"] = asked.pop("person")
        act(current_world(), **asked)
        return done()

    return view


for _name, _act in ACTS.items():
    bp.add_url_rule(f"/{_name}", f"identity_{_name}", _address(_act), methods=["POST"])


@bp.post("/consent")
def consent() -> Response:
    """{policy}: who may consent: `user`, `admin_only`, or `request` for asking an administrator."""
    policy = wish()["policy"]
    if policy not in POLICIES:
        abort(400, f"policy is one of {', '.join(POLICIES)}.")
    current_world().consent_policy = policy
    return done()


@bp.post("/register-app")
def register_app() -> Response:
    """{client_id, secret, redirect_uris, secret_expires, only_tenant …}, and fields of the app."""
    world = current_world()
    asked = wish()
    further = {name: asked.pop(name) for name in FURTHER if name in asked}
    if asked.get("secret_expires"):
        asked["secret_expires"] = datetime.fromisoformat(asked["secret_expires"])
    with world.lock:
        app = world.register_app(**asked)
        for name, value in further.items():
            setattr(app, name, tuple(value) if isinstance(value, list) else value)
    return done()


@bp.get("/requests")
def requests() -> Response:
    """The requests for approval that wait for an administrator."""
    world = current_world()
    with world.lock:
        found: list[dict[str, Any]] = [
            {
                "person": world.people[each.person].address, "client_id": each.client_id,
                "scopes": each.scopes, "reason": each.reason, "at": each.at.isoformat(),
            }
            for tenant in world.tenants.values() for each in tenant.requests
        ]  # fmt: skip
    return jsonify(found)
