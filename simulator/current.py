"""What a request finds around it: the world of the running application, and its address."""

from __future__ import annotations

from typing import cast

from flask import current_app, request

from simulator.world import World


def current_world() -> World:
    """The world of the running application."""
    return cast(World, current_app.config["WORLD"])


def base_address() -> str:
    """Scheme and host of the request, without a slash at the end."""
    return request.host_url.rstrip("/")
