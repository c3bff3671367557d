"""Where Microsoft calls: its check of the address, notices of changes, news of the subscription.

It counts who answers late, so nothing here waits for anything but the body.
"""

from http import HTTPStatus

from flask import Blueprint, Response, request

from blueprints.edge import parts
from sync.live import Taken

bp = Blueprint("hooks", __name__)

LONGEST_TOKEN = 4096  # characters; Microsoft's have about two hundred
STATUS = {
    Taken.YES: HTTPStatus.ACCEPTED,
    Taken.FORGED: HTTPStatus.FORBIDDEN,
    Taken.MALFORMED: HTTPStatus.BAD_REQUEST,
}


@bp.post("/graph")
def graph() -> Response:
    """Changes in a mailbox."""
    return _answer()


@bp.post("/graph-life")
def graph_life() -> Response:
    """What becomes of a subscription. Both addresses take both, for they may come mixed."""
    return _answer()


def _answer() -> Response:
    token = request.args.get("validationToken")
    if token is not None:
        return _echo(token)
    return Response(status=STATUS[parts().inbox.take(request.get_data())])


def _echo(token: str) -> Response:
    """Shows that somebody is at home. The token is a stranger's text, so it goes back as plain
    text that no browser takes for a page.
    """
    if len(token) > LONGEST_TOKEN or not token.isprintable():
        return Response(status=HTTPStatus.BAD_REQUEST)
    return Response(token, mimetype="text/plain")
