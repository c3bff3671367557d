"""The one screen that asks to connect a calendar after signing in through a provider."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from blueprints.connect.redeeming import waiting
from blueprints.connect.room import bp, refused
from blueprints.connect.steps import ask
from blueprints.edge import me, reading, writing
from blueprints.sign_in import own_path
from m365.identity import Level, scopes_for
from portal import connections, policy, prompts
from portal.configuration.choices import READ


@bp.get("/prompt")
def prompt() -> str | Redirect:
    goes_to = own_path(request.args.get("next"))
    with reading() as db:
        open_to_me = prompts.may_be_asked(db, me().person_id)
    if not open_to_me:
        return redirect(goes_to)
    level = _level()
    return render_template(
        "connect/prompt.html",
        goes_to=goes_to,
        scopes=[scope for scope in scopes_for(level) if scope.purpose != "sign_in"],
        writes=level == connections.READ_WRITE,
    )


@bp.post("/prompt")
def accept_prompt() -> Redirect:
    """To Microsoft, as whom one is already: nobody picks an account again."""
    if turned := refused():
        return turned
    with writing() as db:
        prompts.note_answer(db, me().person_id, prompts.LEFT)
    with reading() as db:
        hint = prompts.account_of(db, me().person_id)
    return redirect(ask(_level(), other=False, hint=hint), 303)


@bp.post("/prompt/not-now")
def not_now() -> Redirect:
    """Always works, whatever has changed meanwhile."""
    with writing() as db:
        prompts.note_answer(db, me().person_id, prompts.NOT_NOW)
    return redirect(own_path(request.form.get("next")), 303)


def note_outcome() -> None:
    """How a consent ended that the screen had led to; nothing while Microsoft makes one wait."""
    if waiting() is not None:
        return
    with writing() as db:
        connected = connections.live_of(db, me().person_id) is not None
        outcome = prompts.ACCEPTED if connected else prompts.FAILED
        prompts.note_outcome(db, me().person_id, outcome)


def _level() -> Level:
    with reading() as db:
        chosen = policy.of(db, me().person_id)
    return "read" if chosen.calendar_permission == READ else "read_write"
