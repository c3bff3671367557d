"""What administrators choose, for stories about what comes of it."""

from typing import Any

from portal import eligibility, people
from portal.configuration import settings
from portal.configuration.settings import Level
from portal.staff import groups
from tests.stage import Stage


def choose(stage: Stage, key: str, value: Any, *, group: int | None = None) -> None:
    """As the pages save it: with the review of everybody's connection."""
    choose_alone(stage, key, value, group=group)
    with stage.database.writing() as db:
        eligibility.review_all(db, now=stage.now)


def choose_alone(stage: Stage, key: str, value: Any, *, group: int | None = None) -> None:
    """Without the review."""
    by, level = stage.person_id("carol"), Level(group_id=group)
    with stage.database.writing() as db:
        settings.choose(db, key, value, level=level, by=by, now=stage.now)


def lock_off(stage: Stage, *, reason: str) -> None:
    """The integration, for everybody."""
    by, now = stage.person_id("carol"), stage.now
    with stage.database.writing() as db:
        settings.choose(db, "enabled", False, by=by, now=now)
        settings.lock(db, "enabled", reason=reason, by=by, now=now)
        eligibility.review_all(db, now=now)


def group_with(stage: Stage, name: str, who: str) -> int:
    by, now = stage.person_id("carol"), stage.now
    with stage.database.writing() as db:
        group = groups.by_name(db, name) or groups.add(db, name, by=by, now=now)
        groups.join(db, group, people.by_id(db, stage.person_id(who)), by=by, now=now)
        return group.id
