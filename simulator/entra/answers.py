"""How Entra answers a browser: back to the application, or by a page of its own."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from flask import Response, make_response, redirect, request

from simulator.directory import Person
from simulator.entra.base64url import unpadded
from simulator.entra.errors import EntraRefused, described
from simulator.pages import page_answer
from simulator.world import World

MODES = ("query", "fragment", "form_post")


def back(mode: str, answer: dict[str, str]) -> Response:
    """Back to the application, in the way it asked for, with the state that it sent."""
    address = request.args["redirect_uri"]
    if "state" in request.args:
        answer = {**answer, "state": request.args["state"]}
    if mode == "form_post":
        return page_answer("entra_post.html", address=address, answer=answer)
    joint = "#" if mode == "fragment" else "&" if "?" in address else "?"
    return make_response(redirect(f"{address}{joint}{urlencode(answer)}", code=302))


def refusal_answer(world: World, refusal: EntraRefused) -> dict[str, str]:
    """What a refusal carries back to the application."""
    said = described(refusal, world)
    answer = {"error": refusal.error, "error_description": said["error_description"]}
    answer["error_uri"] = said["error_uri"]
    if refusal.claims:
        answer["claims"] = refusal.claims
    return answer


def refusal_page(world: World, refusal: EntraRefused) -> Response:
    """The page on which a sign-in ends when nothing may be sent back."""
    response = page_answer("entra_error.html", refusal=refusal, said=described(refusal, world))
    response.status_code = 400
    return response


def client_info(person: Person) -> str:
    """Who signed in, as Microsoft's own libraries ask for it."""
    written = json.dumps({"uid": person.id, "utid": person.tenant.id}, separators=(",", ":"))
    return unpadded(written.encode())
