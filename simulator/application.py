"""Puts the simulated addresses together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, redirect
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from simulator.control import bp as control
from simulator.current import current_world
from simulator.entra.routes import bp as entra
from simulator.entra.userinfo import bp as userinfo
from simulator.faults.strikes import Cut
from simulator.graph.astray import BREAKS
from simulator.graph.routes import beta, unforeseen
from simulator.graph.routes import bp as graph
from simulator.idp.routes import bp as idp
from simulator.outlook.pages import bp as outlook
from simulator.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


BROKEN = "The connection was broken on request."
ROOT = str(Path(__file__).parent)


class Wire:
    """Breaks connections on request: before the effect, after it, or within the answer."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], app: Flask) -> None:
        self._inner = inner
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Pass the request on, unless its connection is to break."""
        # Without a lock: most of the time nothing waits here, and every request passes.
        world: World = self._app.config["WORLD"]
        cut = _cut(world, environ.get("PATH_INFO", "")) if world.faults.cuts else None
        if cut is None:
            answer = self._inner(environ, start)
            return _broken(answer, environ[BREAKS]) if BREAKS in environ else answer
        if cut.after_effect:
            for _ in self._inner(environ, lambda *parts: _nowhere):
                pass
        raise ConnectionResetError(BROKEN)


def _cut(world: World, path: str) -> Cut | None:
    with world.lock:
        return None if path.startswith("/_control") else world.faults.cut_for(path)


def _broken(answer: Iterable[bytes], where: str) -> Iterator[bytes]:
    content = b"".join(answer)
    if where != "middle":
        raise ConnectionResetError(BROKEN)
    return _half(content)


def _half(content: bytes) -> Iterator[bytes]:
    yield content[: len(content) // 2]
    raise ConnectionResetError(BROKEN)


def _nowhere(data: bytes) -> Any:
    return len(data)


def create_app(world: World, *, latency_ms: int = 0) -> Flask:
    """The simulator over `world`. Graph and token answers take `latency_ms` longer."""
    app = Flask("simulator", root_path=ROOT, static_folder="static", template_folder="templates")
    app.config["WORLD"] = world
    app.url_map.merge_slashes = False  # a redirect is no answer of Graph
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's own provider has it
    world.latency_ms = latency_ms
    for room in (control, graph, beta, userinfo, outlook, idp, entra):
        app.register_blueprint(room)

    app.register_error_handler(HTTPException, unforeseen)

    @app.after_request
    def dated(response: Response) -> Response:
        response.date = current_world().now()
        return response

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @app.get("/")
    def front() -> AnyResponse:
        return redirect("/outlook")

    # Flask means middleware to be put in so, whatever its types say.
    app.wsgi_app = Wire(app.wsgi_app, app)  # type: ignore[method-assign, assignment]
    return app
