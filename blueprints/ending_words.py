"""A connection that a setting is to end, or has ended, in plain words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import url_for

from blueprints import wording
from portal import eligibility
from portal.configuration import domains
from portal.endings import Ending, Listed

FEW = 3  # domains named in a sentence
IN_SHORT = {
    eligibility.SWITCHED_OFF: "The integration is switched off for them.",
    eligibility.DOMAIN: "Their address is outside the allowed domains.",
    eligibility.PERMISSION: "People may not grant access to their calendar.",
    eligibility.OWN_CONSENT: "Application permissions ended: they are to connect by themselves.",
}
_MORE = (
    "Nothing was deleted, here or in Outlook. Once it is allowed again, your calendar is read "
    "before anything is written."
)


@dataclass(frozen=True, slots=True)
class EndingWords:
    """`link`: where the person does what helps, with the words of its button."""

    title: str
    sentence: str
    cause: str
    todo: str
    link: tuple[str, str] | None = None

    @property
    def whole(self) -> str:
        return " ".join((self.cause, self.sentence, self.todo))


def of(ending: Ending | None, zone: ZoneInfo) -> EndingWords | None:
    if ending is None:
        return None
    return _over(ending) if ending.is_over else _noticed(ending, zone)


def _noticed(ending: Ending, zone: ZoneInfo) -> EndingWords:
    until = wording.moment(ending.until, zone) if ending.until else "then"
    todo, link = _what_helps(ending)
    return EndingWords(
        title=f"Your calendar stays connected until {until}",
        sentence="Until then everything goes on as before.",
        cause=_cause(ending),
        todo=f"{todo} Nothing is deleted when it ends, here or in Outlook.",
        link=link,
    )


def _over(ending: Ending) -> EndingWords:
    todo, link = _what_helps(ending)
    return EndingWords(
        title="A setting of your administrators has ended your calendar's connection",
        sentence="A setting of your administrators has ended the connection of your calendar, so "
        "nothing moves either way.",
        cause=_cause(ending),
        todo=f"{todo} {_MORE}",
        link=link,
    )


def _cause(ending: Ending) -> str:
    whom = f"the group {ending.group}" if ending.group else "this portal"
    reason = f" Their reason: {ending.reason.rstrip('.')}." if ending.reason else ""
    if ending.why == eligibility.DOMAIN:
        said = (
            f"Your administrators restricted calendars to addresses of "
            f"{domain_list(ending.allowed)}"
        )
        said += f", and {ending.address} is not one of them." if ending.address else "."
    elif ending.why == eligibility.PERMISSION:
        said = f"Your administrators no longer let people of {whom} grant access to their calendar."
    elif ending.why == eligibility.OWN_CONSENT:
        said = (
            "Your administrators no longer connect calendars for everybody: each person connects "
            "their own."
        )
    else:
        said = f"Your administrators switched the integration off for {whom}."
    return said + reason


def _what_helps(ending: Ending) -> tuple[str, tuple[str, str] | None]:
    if ending.why == eligibility.DOMAIN:
        listed = domain_list(ending.allowed)
        todo = (
            f"Connect an account of {listed} in its place, or ask an administrator of this portal "
            "to allow yours."
        )
        return todo, ("Connect another account", url_for("connect.permissions", other="1"))
    if ending.why == eligibility.OWN_CONSENT:
        return (
            "Connect it yourself, and it goes on without a gap.",
            ("Connect", url_for("connect.permissions")),
        )
    return "Ask an administrator of this portal if you need it; they can allow it again.", None


def domain_list(allowed: tuple[str, ...]) -> str:
    """ "contoso.com, fabrikam.com and 2 more"."""
    shown = [domains.shown(one) for one in allowed]
    if len(shown) > FEW:
        return f"{', '.join(shown[:FEW])} and {len(shown) - FEW} more"
    return " or ".join((", ".join(shown[:-1]), shown[-1])) if len(shown) > 1 else "".join(shown)


def in_short(why: str | None, until: datetime | None, *, is_over: bool, zone: ZoneInfo) -> str:
    """For administrators, in a list."""
    cause = IN_SHORT.get(why or "", "A setting is in the way.")
    if is_over or until is None:
        return cause
    return f"Stays connected until {wording.moment(until, zone)}. {cause}"


def of_listed(one: Listed, zone: ZoneInfo) -> str:
    said = in_short(one.why, one.until, is_over=one.is_over, zone=zone)
    if one.is_over and one.until:
        return f"Blocked since {wording.moment(one.until, zone)}. {said}"
    return said
