"""Puts the simulated addresses together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, redirect
from werkzeug.wrappers import Response as AnyResponse

from simulator.control import bp as control
from simulator.entra.routes import bp as entra
from simulator.graph.routes import bp as graph
from simulator.outlook.pages import bp as outlook
from simulator.world import World

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


ROOT = str(Path(__file__).parent)


class Wire:
    """Breaks connections on request, with the effect done or not."""

    def __init__(self, inner: Callable[..., Iterable[bytes]], world: World) -> None:
        self._inner = inner
        self._world = world

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        """Pass the request on, unless its connection is to break."""
        with self._world.lock:
            path = environ.get("PATH_INFO", "")
            cut = None if path.startswith("/_control") else self._world.faults.cut_for(path)
        if cut is None:
            return self._inner(environ, start)
        if cut.after_effect:
            for _ in self._inner(environ, lambda *parts: _nowhere):
                pass
        raise ConnectionResetError("The connection was broken on request.")


def _nowhere(data: bytes) -> Any:
    return len(data)


def create_app(world: World, *, latency_ms: int = 0) -> Flask:
    """The simulator over `world`. Graph and token answers take `latency_ms` longer."""
    app = Flask("simulator", root_path=ROOT, static_folder="static", template_folder="templates")
    app.config["WORLD"] = world
    app.json.sort_keys = False  # type: ignore[attr-defined]
    world.latency_ms = latency_ms
    for room in (control, graph, outlook, entra):
        app.register_blueprint(room)

    @app.after_request
    def dated(response: Response) -> Response:
        response.date = world.now()
        return response

    @app.get("/healthz")
    def healthz() -> Response:
        return Response("ok\n", content_type="text/plain")

    @app.get("/")
    def front() -> AnyResponse:
        return redirect("/outlook")

    app.wsgi_app = Wire(app.wsgi_app, world)  # type: ignore[method-assign, assignment]
    return app
