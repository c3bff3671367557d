"""Coverage: the span of time people are promised, by the version of the sync they have."""

from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta

from portal.configuration.resolution import EVERYTHING, MEETINGS_ONLY
from portal.policy import Policy

__all__ = ["EVERYTHING", "MEETINGS_ONLY"]

NARROW_DAYS = 30  # all that 1.0 looks ahead; it never looks back


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far back and how far forward from now."""

    back: relativedelta
    forward: relativedelta

    def span(self, now: datetime) -> tuple[datetime, datetime]:
        return now - self.back, now + self.forward


def of(chosen: Policy) -> Coverage:
    if chosen.sync_version == MEETINGS_ONLY:
        return Coverage(relativedelta(), relativedelta(days=NARROW_DAYS))
    return Coverage(
        relativedelta(months=chosen.back_months), relativedelta(months=chosen.forward_months)
    )


def name(chosen: Policy) -> str:
    """Tells one coverage from another: kept with the round that last read by it."""
    if chosen.sync_version == MEETINGS_ONLY:
        return MEETINGS_ONLY
    return f"{chosen.sync_version} {chosen.back_months}+{chosen.forward_months}"
