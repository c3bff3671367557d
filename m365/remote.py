"""What Microsoft holds, in our own words. These travel through the engine; nothing foreign does."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar, Literal

Kind = Literal["single", "occurrence", "exception", "master"]


@dataclass(frozen=True, slots=True)
class Attendee:
    """Somebody invited. kind: required, optional, resource. response: see RemoteEvent."""

    name: str
    address: str
    kind: str = "required"
    response: str = "none"


@dataclass(frozen=True, slots=True)
class RemoteEvent:
    """One event as a mailbox holds it.

    starts, ends: aware UTC; None for an all-day event, which has dates instead (the last one is
    exclusive, and they are floating: they belong to `zone`, or to the mailbox's zone).
    A master's times are those of its first occurrence, maybe years ago.
    slim: an occurrence with id, series and times only (an exception rarely); its words are the
    master's, and when the
    master is all-day, so is it: `starts` and `ends` are then midnights whose UTC date counts.
    original_start: when the series meant this occurrence to begin, UTC.
    original_day: that date in the zone of the series, where Microsoft names it.
    zone: IANA name of the zone it was made in; None when Microsoft's name for it says nothing,
    which is then in unknown_zone.
    show_as: free, tentative, busy, oof, workingElsewhere. sensitivity: normal, personal, private,
    confidential. response: none, organizer, tentativelyAccepted, accepted, declined, notResponded.
    body_html is cut to 64 kB. modified: UTC. recurrence: Graph's own shape.
    extended: extended properties that were asked for, by their full name.
    """

    graph_id: str
    change_key: str
    kind: Kind
    series_id: str | None = None
    original_start: datetime | None = None
    original_day: date | None = None
    title: str | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    all_day: bool = False
    first_day: date | None = None
    last_day_exclusive: date | None = None
    zone: str | None = None
    unknown_zone: str | None = None
    location: str | None = None
    body_html: str | None = None
    preview: str | None = None
    organizer_name: str | None = None
    organizer_address: str | None = None
    is_organizer: bool = False
    attendees: tuple[Attendee, ...] = ()
    show_as: str = "busy"
    sensitivity: str = "normal"
    response: str = "none"
    response_requested: bool = True
    is_cancelled: bool = False
    is_online: bool = False
    is_draft: bool = False
    join_url: str | None = None
    web_link: str | None = None
    ical_uid: str | None = None
    recurrence: dict[str, Any] | None = None
    modified: datetime | None = None
    slim: bool = False
    extended: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Singles:
    """What a series tells by its id of single occurrences. called_off: days in its zone, as far as
    Microsoft tells them.
    """

    exceptions: tuple[RemoteEvent, ...] = ()
    called_off: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class RemovedEvent:
    """Gone from the view that was asked, which is less than deleted: a GET decides."""

    graph_id: str


@dataclass(frozen=True, slots=True)
class BrokenItem:
    """One that could not be read. graph_id None: not even that could. code: our word for why."""

    graph_id: str | None
    code: str


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list of ids says of an event. `starts` None: it does not say when it is."""

    graph_id: str
    starts: datetime | None
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page. answered_at: Microsoft's clock when it answered (the Date header), UTC."""

    items: tuple[RemoteEvent | RemovedEvent, ...]
    next_link: str | None = None
    delta_link: str | None = None
    answered_at: datetime | None = None
    broken: tuple[BrokenItem, ...] = ()


@dataclass(frozen=True, slots=True)
class RemoteCalendar:
    """One calendar of the mailbox. color: Microsoft's preset name, or None for automatic."""

    graph_id: str
    name: str
    color: str | None
    is_default: bool
    can_edit: bool
    owner_address: str | None


@dataclass(frozen=True, slots=True)
class RemoteUser:
    """The owner of a mailbox. mail None: probably no mailbox. username: sign-in name, mutable.

    answered_at: Microsoft's clock when it answered (the Date header), UTC.
    """

    object_id: str
    name: str
    mail: str | None
    username: str | None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """What we write into an event.

    starts, ends: aware; for an all-day event the dates instead. zone: IANA name of the zone the
    people think in. recurrence: Graph's own shape, for a series. None = leave out.
    """

    title: str
    starts: datetime | None = None
    ends: datetime | None = None
    zone: str | None = None
    all_day: bool = False
    first_day: date | None = None
    last_day_exclusive: date | None = None
    location: str | None = None
    body_html: str | None = None
    invitees: tuple[Attendee, ...] = ()
    show_as: str | None = None
    sensitivity: str | None = None
    recurrence: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class RemoteSubscription:
    """What Microsoft was asked to tell, and until when (UTC) it does.

    client_state: None where Microsoft does not say it.
    """

    graph_id: str
    expires_at: datetime
    resource: str
    address: str
    client_state: str | None


@dataclass(frozen=True, slots=True)
class RemoteNotice:
    """One thing told. Anybody can call the address, so it counts only with the right client_state.

    event_id: empty where the notice names no event that could be asked for.
    """

    CHANGED: ClassVar = "changed"  # an event is new, changed or gone
    MISSED: ClassVar = "missed"  # some notices were lost
    RENEW: ClassVar = "renew"  # the subscription wants a fresh token, or will end
    REMOVED: ClassVar = "removed"  # the subscription has ended

    subscription_id: str
    client_state: str
    news: str
    event_id: str = ""
