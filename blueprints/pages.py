"""Lays the pages out: headers, sessions, tokens of forms, and every room behind its guard."""

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from blueprints import answers, edge, guards, hooks, news
from blueprints.rooms import ROOMS


def lay_out(app: Flask, *, entra_base: str) -> None:
    answers.prepare(app, entra_base=entra_base)
    app.before_request(edge.make_room)
    CSRFProtect(app).exempt(hooks.bp)  # Microsoft has no page to take a token from
    # Pages get `current_user` unread: an error page must not need the database to be drawn.
    login = LoginManager(app, add_context_processor=False)
    login.session_protection = None
    login.user_loader(guards.load_user)
    app.context_processor(edge.context_for_pages)
    app.context_processor(news.context_for_pages)
    app.url_map.converters["int"] = edge.RowId
    for blueprint, address, guard in ROOMS:
        app.register_blueprint(blueprint, url_prefix=address)
        app.before_request_funcs.setdefault(blueprint.name, []).append(guard)
