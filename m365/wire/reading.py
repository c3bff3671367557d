"""From Graph's shapes to our own words."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Final, TypedDict
from urllib.parse import urlsplit

import msgspec

from m365 import zones
from m365.errors import BadAnswer, http_date
from m365.remote import (
    Attendee,
    BrokenItem,
    Kind,
    Listed,
    Page,
    RemoteCalendar,
    RemoteEvent,
    RemoteUser,
    RemovedEvent,
)
from m365.wire.decode import clean, decode, id_of, known_id
from m365.wire.shapes import (
    AttendeeShape,
    CalendarShape,
    EmailAddress,
    EventShape,
    Identified,
    ListedShape,
    MailboxSettingsShape,
    PageShape,
    UserShape,
    ZonedTime,
)

# One name for the product: named properties have a quota per mailbox.
MEETING_PROPERTY: Final = "String {5d2f2c1e-8c0b-4f5e-9a37-1c64b0f7d8a2} Name lockstepMeeting"
LONGEST_BODY: Final = 65_536  # bytes of HTML kept

_KINDS: Mapping[str, Kind] = {
    "singleInstance": "single",
    "occurrence": "occurrence",
    "exception": "exception",
    "seriesMaster": "master",
}
_SLIM = ("occurrence", "exception")
# Enumerations grow; a member we do not know becomes the careful choice.
_SHOW_AS = frozenset({"free", "tentative", "busy", "oof", "workingElsewhere"})
_SENSITIVITY = frozenset({"normal", "personal", "private", "confidential"})
_RESPONSES = frozenset(
    {"none", "organizer", "tentativelyAccepted", "accepted", "declined", "notResponded"}
)
_Item = RemoteEvent | RemovedEvent
_ATTENDEE_KINDS = frozenset({"required", "optional", "resource"})


def event_from(body: bytes) -> RemoteEvent:
    """One event. Raises BadAnswer when it cannot be read."""
    return _event(decode(body, EventShape))


def page_from(body: bytes, headers: Mapping[str, str]) -> Page:
    """One page of events. Items that cannot be read are named in `broken`."""
    page = decode(body, PageShape)
    items, broken = items_from(page.value)
    return Page(
        items=tuple(items),
        next_link=page.next_link,
        delta_link=page.delta_link,
        answered_at=http_date(headers.get("date", "")),
        broken=tuple(broken),
    )


def listed_from(body: bytes) -> tuple[list[Listed], str | None]:
    """One page of a list of ids and the link to the next one. Raises BadAnswer for an item without
    an id: whoever compares must not take it for missing.
    """
    page = decode(body, PageShape)
    return [_listed(decode(raw, ListedShape)) for raw in page.value], page.next_link


def calendars_from(body: bytes) -> tuple[list[RemoteCalendar], str | None]:
    """One page of calendars and the link to the next one. Raises BadAnswer where one of them cannot
    be read: nobody must take it for missing.
    """
    page = decode(body, PageShape)
    return [_calendar(decode(raw, CalendarShape)) for raw in page.value], page.next_link


def calendar_id_from(body: bytes) -> str:
    return known_id(decode(body, Identified).id)


def user_from(body: bytes, headers: Mapping[str, str]) -> RemoteUser:
    user = decode(body, UserShape)
    return RemoteUser(
        object_id=known_id(user.id),
        name=clean(user.display_name) or "",
        mail=clean(user.mail) or None,
        username=clean(user.user_principal_name) or None,
        answered_at=http_date(headers.get("date", "")),
    )


def users_from(body: bytes, headers: Mapping[str, str]) -> list[RemoteUser]:
    return [user_from(bytes(raw), headers) for raw in decode(body, PageShape).value]


def mailbox_zone_from(body: bytes) -> str | None:
    """IANA name of the mailbox's zone; None when it is not set or of the person's own making."""
    zone = zones.zone_of(decode(body, MailboxSettingsShape).time_zone)
    return zone.key if zone else None


def items_from(raws: Iterable[msgspec.Raw]) -> tuple[list[_Item], list[BrokenItem]]:
    """Those that can be read, and the others."""
    items: list[_Item] = []
    broken: list[BrokenItem] = []
    for raw in raws:
        try:
            items.append(_item(raw))
        except BadAnswer as error:
            broken.append(BrokenItem(id_of(raw), error.code))
    return items, broken


def _item(raw: msgspec.Raw) -> _Item:
    shape = decode(raw, EventShape)
    return RemovedEvent(known_id(shape.id)) if shape.removed is not None else _event(shape)


def _listed(shape: ListedShape) -> Listed:
    try:
        starts = _moment(shape.start) if shape.start else None
        ends = _moment(shape.end) if shape.end else None
    except BadAnswer:
        starts = ends = None
    return Listed(known_id(shape.id), starts, ends)


def _calendar(shape: CalendarShape) -> RemoteCalendar:
    return RemoteCalendar(
        graph_id=known_id(shape.id),
        name=clean(shape.name) or "",
        color=None if shape.color == "auto" else clean(shape.color),
        is_default=bool(shape.is_default_calendar),
        can_edit=bool(shape.can_edit),
        owner_address=clean(shape.owner.address) if shape.owner else None,
    )


def _event(shape: EventShape) -> RemoteEvent:
    kind = _KINDS.get(shape.type or "")
    if kind is None:
        raise BadAnswer("type_unknown")
    organizer = (shape.organizer.email_address if shape.organizer else None) or EmailAddress()
    zone = zones.zone_of(shape.original_start_time_zone)
    return RemoteEvent(
        graph_id=known_id(shape.id),
        change_key=_change_key(shape),
        kind=kind,
        series_id=known_id(shape.series_master_id) if shape.series_master_id else None,
        original_start=_instant(shape.original_start),
        original_day=original_day_of(shape.occurrence_id),
        title=clean(shape.subject),
        **_times(shape),
        zone=zone.key if zone else None,
        unknown_zone=None if zone else _said(shape.original_start_time_zone),
        location=clean(shape.location.display_name) if shape.location else None,
        body_html=_cut(clean(shape.body.content)) if shape.body else None,
        preview=clean(shape.body_preview),
        organizer_name=clean(organizer.name),
        organizer_address=clean(organizer.address),
        is_organizer=bool(shape.is_organizer),
        attendees=tuple(_attendee(each) for each in shape.attendees or ()),
        show_as=_known(shape.show_as, _SHOW_AS, "busy"),
        sensitivity=_known(shape.sensitivity or "normal", _SENSITIVITY, "private"),
        response=_response(shape),
        response_requested=shape.response_requested is not False,
        is_cancelled=bool(shape.is_cancelled),
        is_online=bool(shape.is_online_meeting),
        is_draft=bool(shape.is_draft),
        join_url=_join_url(shape),
        web_link=_web(shape.web_link),
        ical_uid=clean(shape.ical_uid),
        recurrence=shape.recurrence,
        modified=_instant(shape.last_modified_date_time),
        slim=kind in _SLIM and shape.subject is None and shape.is_all_day is None,
        extended=_extended(shape),
    )


def original_day_of(occurrence_id: str | None) -> date | None:
    """`OID.<part of the master's id>.<yyyy-MM-dd>`; not documented, and not always there."""
    try:
        return date.fromisoformat((occurrence_id or "").rpartition(".")[2])
    except ValueError:
        return None


def _change_key(shape: EventShape) -> str:
    """The change key; an etag is `W/"<change key>"`, and slim occurrences have nothing else."""
    etag = shape.etag or ""
    return clean(shape.change_key) or etag.removeprefix("W/").strip('"')


class _Times(TypedDict, total=False):
    starts: datetime
    ends: datetime
    all_day: bool
    first_day: date
    last_day_exclusive: date


def _times(shape: EventShape) -> _Times:
    if shape.start is None or shape.end is None:
        raise BadAnswer("time_missing")
    if shape.is_all_day:
        first = zones.parse_date(shape.start.date_time)
        last = zones.parse_date(shape.end.date_time)
        if last <= first:
            raise BadAnswer("duration_negative")
        return {"all_day": True, "first_day": first, "last_day_exclusive": last}
    starts, ends = _moment(shape.start), _moment(shape.end)
    if ends < starts:
        raise BadAnswer("duration_negative")
    return {"starts": starts, "ends": ends}


def _moment(time: ZonedTime) -> datetime:
    return zones.parse_zoned(time.date_time, time.time_zone)


def _instant(text: str | None) -> datetime | None:
    """An instant that does not matter enough to lose the event over: unreadable becomes None."""
    try:
        return zones.parse_instant(text) if text else None
    except BadAnswer:
        return None


def _attendee(shape: AttendeeShape) -> Attendee:
    who = shape.email_address or EmailAddress()
    return Attendee(
        name=clean(who.name) or "",
        address=clean(who.address) or "",
        kind=_known(shape.type, _ATTENDEE_KINDS, "required"),
        response=_known(shape.status.response if shape.status else None, _RESPONSES, "none"),
    )


def _response(shape: EventShape) -> str:
    given = shape.response_status.response if shape.response_status else None
    return _known(given, _RESPONSES, "none")


def _join_url(shape: EventShape) -> str | None:
    modern = shape.online_meeting.join_url if shape.online_meeting else None
    return _web(modern) or _web(shape.online_meeting_url)


def _extended(shape: EventShape) -> dict[str, str]:
    """Properties by full name; ours under the exact constant, whatever case it came back in."""
    found: dict[str, str] = {}
    for each in shape.single_value_extended_properties or ():
        ours = each.id.casefold() == MEETING_PROPERTY.casefold()
        found[MEETING_PROPERTY if ours else each.id] = clean(each.value) or ""
    return found


def _said(zone_name: str | None) -> str | None:
    """A zone's name that says nothing to us, as far as a page has room for it."""
    return (clean(zone_name) or "").strip()[:64] or None


def _known(member: str | None, members: frozenset[str], otherwise: str) -> str:
    return member if member in members else otherwise


def _web(address: str | None) -> str | None:
    """An address a person may click on; anything but http and https is dropped."""
    try:
        scheme = urlsplit(address or "").scheme
    except ValueError:
        return None
    return clean(address) if scheme in {"http", "https"} else None


def _cut(html: str | None) -> str | None:
    if html is None or len(html) * 4 <= LONGEST_BODY:
        return html
    return html.encode()[:LONGEST_BODY].decode("utf-8", "ignore")
