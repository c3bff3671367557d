"""What can be asked of a mailbox and written into it, one method per deed.

Every method raises the errors of `m365.errors`; nothing is retried except a GET whose connection
broke. Instants are aware; ids are immutable ids as they came.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

from m365 import wire
from m365.errors import BadAnswer
from m365.graph.call import MOST_PAGES, Caller, address, named
from m365.graph.directory import Directory
from m365.graph.subscriptions import Subscriptions
from m365.remote import Listed, Page, RemoteCalendar, RemoteEvent, RemoteUser, Singles
from m365.transport import CALL_DEADLINE, Answer, Http
from m365.wire import MEETING_PROPERTY

T = TypeVar("T")

_FIFTY = {"$top": "50"}  # lists have ten on a page unless told
_WHOLE_SERIES = (
    "id,changeKey,type,subject,start,end,isAllDay,originalStartTimeZone,location,body,bodyPreview,"
    "organizer,isOrganizer,attendees,showAs,sensitivity,responseStatus,responseRequested,"
    "isCancelled,isOnlineMeeting,isDraft,onlineMeeting,onlineMeetingUrl,webLink,iCalUId,recurrence,"
    "lastModifiedDateTime,cancelledOccurrences"
)
ANSWERING = {
    "accepted": "accept",
    "tentativelyAccepted": "tentativelyAccept",
    "declined": "decline",
}


class Graph:
    """One mailbox through one access token.

    `base`: such as https://graph.microsoft.com/v1.0. `mailbox`: "me" with a person's own token,
    else the object id of the person (application permissions). `request_id` gives a new GUID for
    each request; Microsoft's support asks for it. `deadline`: seconds for a whole call.
    """

    def __init__(
        self,
        http: Http,
        base: str,
        token: str,
        *,
        request_id: Callable[[], str],
        mailbox: str = "me",
        deadline: float = CALL_DEADLINE,
    ) -> None:
        self._call = Caller(http, base, token, request_id=request_id, deadline=deadline)
        self._root = ("me",) if mailbox == "me" else ("users", mailbox)
        self.subscriptions = Subscriptions(self._call, self._root)
        self.directory = Directory(self._call)

    @property
    def last_request_id(self) -> str:
        """Microsoft's name for the last request of this client."""
        return self._call.last_request_id

    def me(self) -> RemoteUser:
        """Whose mailbox this is."""
        fields = "id,displayName,mail,userPrincipalName"
        answer = self._call.get(self._at(query={"$select": fields}))
        return _read(answer, lambda body: wire.user_from(body, answer.headers))

    def mailbox_zone(self) -> str | None:
        """IANA name of the zone set in Outlook; None when unset or of the person's own making."""
        return _read(self._call.get(self._at("mailboxSettings")), wire.mailbox_zone_from)

    def calendars(self) -> list[RemoteCalendar]:
        """All calendars of the mailbox, those that cannot be edited too."""
        return self._call.gathered(
            self._at("calendars", query=_FIFTY), lambda answer: _read(answer, wire.calendars_from)
        )

    def changes(self, calendar_id: str, *, start: datetime, end: datetime) -> Page:
        """First page of a new delta over a window. Its links are followed with `follow`."""
        answer = self._call.get(
            self._at("calendars", calendar_id, "calendarView", "delta", query=_span(start, end))
        )
        return _delta_page(answer)

    def follow(self, link: str) -> Page:
        """The page behind a stored next or delta link. Raises CursorDead when it is too old,
        BadAnswer when it does not lie below the Graph base: the link would carry the token off.
        """
        return _delta_page(self._call.get(link, following=True))

    def view(self, calendar_id: str, start: datetime, end: datetime) -> Iterator[Page]:
        """What Outlook shows of a window: single events, occurrences, exceptions; no masters."""
        where = ("calendars", calendar_id, "calendarView")
        yield from self._pages(self._at(*where, query=_span(start, end) | _FIFTY))

    def view_page(self, calendar_id: str, start: datetime, end: datetime) -> Page:
        """First page of `view`, for whoever goes on in another turn with `follow_view`."""
        where = ("calendars", calendar_id, "calendarView")
        return _page(self._call.get(self._at(*where, query=_span(start, end) | _FIFTY)))

    def follow_view(self, link: str) -> Page:
        """The page behind the next link of a view."""
        return _page(self._call.get(link))

    def listed(self, calendar_id: str, start: datetime, end: datetime) -> list[Listed]:
        """The ids of all that `view` shows, with their times."""
        query = _span(start, end) | _FIFTY | {"$select": "id,start,end"}
        where = self._at("calendars", calendar_id, "calendarView", query=query)
        return self._call.gathered(where, lambda answer: _read(answer, wire.listed_from))

    def instances(self, master_id: str, start: datetime, end: datetime) -> Iterator[Page]:
        """The occurrences of one series in a window, with all their words; deleted ones absent."""
        where = ("events", master_id, "instances")
        yield from self._pages(self._at(*where, query=_span(start, end) | _FIFTY))

    def event(self, event_id: str, property_name: str | None = None) -> RemoteEvent:
        """One event; with `property_name` also that extended property. Gone when not there."""
        query = {"$expand": _expanded(property_name)} if property_name else None
        return _read(self._call.get(self._at("events", event_id, query=query)), wire.event_from)

    def series(self, master_id: str, *, called_off: bool) -> tuple[RemoteEvent, Singles]:
        """A series with its exceptions, by id: lists may lag behind. Gone when not there.

        `called_off`: with the days that were called off, which only a selection tells and the
        documentation of v1.0 says no more.
        """
        query = {"$expand": "exceptionOccurrences"}
        if called_off:
            query["$select"] = _WHOLE_SERIES
        answer = self._call.get(self._at("events", master_id, query=query))
        return _read(answer, wire.event_from), _read(answer, wire.singles_from)

    def calendar_id_of(self, event_id: str) -> str:
        """Id of the calendar an event lies in; a deleted one may lie in none of the mailbox's."""
        answer = self._call.get(self._at("events", event_id, "calendar", query={"$select": "id"}))
        return _read(answer, wire.calendar_id_from)

    def find_by_property(self, calendar_id: str, meeting_key: str) -> list[RemoteEvent]:
        """Events of a calendar that carry our property with this value; normally one or none."""
        value = meeting_key.replace("'", "''")
        asked = (
            "singleValueExtendedProperties/any(ep: "
            f"ep/id eq '{MEETING_PROPERTY}' and ep/value eq '{value}')"
        )
        query = {"$filter": asked, "$expand": _expanded(MEETING_PROPERTY)}
        where = self._at("calendars", calendar_id, "events", query=query)
        found: list[RemoteEvent] = []
        for page in self._pages(where):
            if page.broken:
                raise BadAnswer("event_unreadable")
            found += [item for item in page.items if isinstance(item, RemoteEvent)]
        return found

    def create(
        self,
        calendar_id: str,
        payload: Mapping[str, Any],
        *,
        transaction_id: str,
        meeting_key: str | None = None,
    ) -> RemoteEvent:
        """A new event. Repeated with the same `transaction_id` it makes no second one: the answer
        is then the first one's event or ChangedMeanwhile (409); look it up by property.
        """
        fields = {**payload, "transactionId": transaction_id}
        if meeting_key is not None:
            ours = {"id": MEETING_PROPERTY, "value": meeting_key}
            fields["singleValueExtendedProperties"] = [ours]
        answer = self._call.post(self._at("calendars", calendar_id, "events"), fields)
        return _read(answer, wire.event_from)

    def patch(
        self, event_id: str, fields: Mapping[str, Any], *, if_match: str | None
    ) -> RemoteEvent:
        """Change these fields alone. `if_match`: the change key last seen; ChangedMeanwhile when
        it is no longer the event's. None: whatever it is now.
        """
        answer = self._call.patch(self._at("events", event_id), fields, if_match=if_match)
        return _read(answer, wire.event_from)

    def delete(self, event_id: str, *, if_match: str | None = None) -> None:
        """Delete an event or one occurrence. Raises Gone when it was so already."""
        self._call.delete(self._at("events", event_id), if_match=if_match)

    def cancel(self, event_id: str, comment: str = "") -> None:
        """Cancel a meeting as its organiser: invitees get the comment by mail, the event goes."""
        self._call.post(self._at("events", event_id, "cancel"), {"comment": comment})

    def answer(self, event_id: str, answer: str, comment: str = "") -> None:
        """Answer an invitation: accepted, tentativelyAccepted or declined. The organiser gets the
        comment by mail; what is declined leaves the calendar.
        """
        self._call.post(self._at("events", event_id, ANSWERING[answer]), {"comment": comment})

    def _at(self, *steps: str, query: Mapping[str, str] | None = None) -> str:
        return address(self._call.base, *self._root, *steps, query=query)

    def _pages(self, first: str) -> Iterator[Page]:
        link: str | None = first
        for _ in range(MOST_PAGES):
            if link is None:
                return
            answer = self._call.get(link)
            page = _page(answer)
            yield page
            link = page.next_link
        raise BadAnswer("endless_pages")


def _span(start: datetime, end: datetime) -> dict[str, str]:
    return {"startDateTime": _stamp(start), "endDateTime": _stamp(end)}


def _stamp(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError("a window needs aware times")
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _expanded(property_name: str) -> str:
    return f"singleValueExtendedProperties($filter=id eq '{property_name}')"


def _page(answer: Answer) -> Page:
    return _read(answer, lambda body: wire.page_from(body, answer.headers))


def _delta_page(answer: Answer) -> Page:
    page = _page(answer)
    # Without exactly one link nobody could know whether the round is over.
    if (page.next_link is None) == (page.delta_link is None):
        raise named(answer, BadAnswer("link_missing"))
    return page


def _read(answer: Answer, reading: Callable[[bytes], T]) -> T:
    try:
        return reading(answer.body)
    except BadAnswer as error:
        raise named(answer, error) from error
