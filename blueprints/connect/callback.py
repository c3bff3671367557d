"""Back from Microsoft, with a code or a refusal."""

from flask import g, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from blueprints.connect.prompt import note_outcome
from blueprints.connect.redeeming import declined, redeemed, waiting
from blueprints.connect.room import back, bp, known, log, refused, stopped, to_profile
from blueprints.edge import me, now, writing
from m365.identity import consent_error
from portal import connections, consents
from portal.signing_in import oauth_states


@bp.get("/microsoft/callback")
def callback() -> Redirect:
    """Back from Microsoft, whatever happened there. Ends on the profile with a sentence."""
    answer = _answered()
    note_outcome()
    return answer


def _answered() -> Redirect:
    who = me()
    try:
        with writing() as db:
            asked = consents.use(
                db, state=request.args.get("state", ""), session_id=who.session_id, now=now()
            )
    except oauth_states.StateUsed:
        return _back_again()
    except oauth_states.StateExpired:
        return stopped("state_expired", "This sign-in at Microsoft took more than ten minutes.")
    except oauth_states.StateUnknown:
        return stopped(
            "state_unknown",
            "This answer from Microsoft does not belong to a sign-in begun in this browser.",
        )
    if refused():
        return to_profile()
    if error := request.args.get("error"):
        return declined(consent_error(error, request.args.get("error_description")))
    code = request.args.get("code", "")
    if code and code.isascii():  # as RFC 6749 has it; the library breaks on anything else
        return redeemed(asked, code)
    return stopped("no_code", "Microsoft sent you back without an answer.")


def _back_again() -> Redirect:
    if waiting() is not None:
        return redirect(url_for("connect.finishing"), 303)
    former = known()
    if former is not None and former.state in connections.AT_WORK:
        return back("That sign-in at Microsoft was finished before; you are connected.", "info")
    # The first answer may still be on its way: whether it connects anything is not known here.
    log.warning("consent stopped why=state_used request=%s", g.request_id)
    with writing() as db:
        consents.note_refusal(db, me().person_id, "state_used", now=now())
    return back(
        "That sign-in at Microsoft was used before. If your calendar is not connected below, "
        "connect again from here."
    )
