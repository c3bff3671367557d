"""The web server: one worker process with threads for pages, and what runs beside them."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

Stop = Callable[[], None]


class Server(BaseApplication):
    """`start_beside` is called in the worker and answers how to stop what it started."""

    def __init__(
        self,
        *,
        make_app: Callable[[], Flask],
        start_beside: Callable[[Flask], Stop],
        bind: str,
        threads: int,
    ) -> None:
        self._make_app, self._start_beside = make_app, start_beside
        self._bind, self._threads = bind, threads
        self._stop: Stop | None = None
        super().__init__()

    def load_config(self) -> None:
        choices: dict[str, Any] = {
            "bind": self._bind,
            "workers": 1,
            "worker_class": "gthread",
            "threads": self._threads,
            "timeout": 60,
            "graceful_timeout": 30,
            # The application counts proxies (TRUSTED_PROXIES). By itself the server would believe
            # the scheme and the path prefix that anybody on this machine, so any proxy, hands on.
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "loglevel": "warning",
            "post_worker_init": self._begin,
            "worker_exit": self._end,
        }
        for name, value in choices.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._make_app()

    def _begin(self, worker: Any) -> None:
        # After the fork: threads do not survive one.
        self._stop = self._start_beside(worker.wsgi)

    def _end(self, _server: Any, _worker: Any) -> None:
        if self._stop is not None:
            self._stop()
