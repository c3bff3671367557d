"""Microsoft's kit reads and writes a simulated mailbox as it would a real one."""

from datetime import date
from typing import Any

import pytest
from msgraph import GraphServiceClient
from msgraph.generated.models.attendee import Attendee
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.date_time_time_zone import DateTimeTimeZone
from msgraph.generated.models.day_of_week import DayOfWeek
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.event import Event
from msgraph.generated.models.event_type import EventType
from msgraph.generated.models.free_busy_status import FreeBusyStatus
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.location import Location
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.patterned_recurrence import PatternedRecurrence
from msgraph.generated.models.recurrence_pattern import RecurrencePattern
from msgraph.generated.models.recurrence_pattern_type import RecurrencePatternType
from msgraph.generated.models.recurrence_range import RecurrenceRange
from msgraph.generated.models.recurrence_range_type import RecurrenceRangeType
from msgraph.generated.users.item.calendar_view.delta.delta_request_builder import (
    DeltaRequestBuilder,
)
from msgraph.generated.users.item.events.item.instances.instances_request_builder import (
    InstancesRequestBuilder,
)

from tests.foreign.kit import asking, kit
from tests.foreign.someone import Someone

DELTA = DeltaRequestBuilder.DeltaRequestBuilderGetQueryParameters
INSTANCES = InstancesRequestBuilder.InstancesRequestBuilderGetQueryParameters
pytestmark = pytest.mark.anyio
MARCH = {"start_date_time": "2027-03-01T00:00:00Z", "end_date_time": "2027-04-01T00:00:00Z"}


@pytest.fixture
def graph(alice: Someone) -> GraphServiceClient:
    return kit(alice.base, alice.consented(alice.client())["access_token"])


def moment(text: str, zone: str = "W. Europe Standard Time") -> DateTimeTimeZone:
    return DateTimeTimeZone(date_time=text, time_zone=zone)


def lunch(**more: Any) -> Event:
    """An event on 10 March 2027."""
    span = {"start": moment("2027-03-10T12:00:00"), "end": moment("2027-03-10T13:00:00")}
    return Event(**{"subject": "Lunch", **span, **more})


def fridays() -> PatternedRecurrence:
    """From 5 March 2027 on, for ever."""
    return PatternedRecurrence(
        pattern=RecurrencePattern(
            type=RecurrencePatternType.Weekly, interval=1, days_of_week=[DayOfWeek.Friday]
        ),
        range=RecurrenceRange(type=RecurrenceRangeType.NoEnd, start_date=date(2027, 3, 5)),
    )


async def test_me_and_the_calendars_are_there(graph: GraphServiceClient) -> None:
    me = await graph.me.get()
    calendars = await graph.me.calendars.get()

    assert me is not None
    assert me.user_principal_name == "alice@contoso.example"
    assert calendars is not None
    assert [each.is_default_calendar for each in calendars.value or ()].count(True) == 1


async def test_an_event_is_created_changed_and_deleted(graph: GraphServiceClient) -> None:
    kim = Attendee(email_address=EmailAddress(address="kim@partner.example", name="Kim"))
    body = ItemBody(content_type=BodyType.Html, content="<p>Soup</p>")
    made = await graph.me.events.post(
        lunch(attendees=[kim], body=body, location=Location(display_name="Canteen"))
    )
    assert made is not None
    assert made.id is not None

    changed = await graph.me.events.by_event_id(made.id).patch(
        Event(subject="Late lunch", show_as=FreeBusyStatus.Oof)
    )
    await graph.me.events.by_event_id(made.id).delete()

    assert made.location is not None
    assert made.location.display_name == "Canteen"
    invited = [each.email_address for each in made.attendees or ()]
    assert [each.address for each in invited if each] == ["kim@partner.example"]
    assert changed is not None
    assert (changed.subject, changed.show_as) == ("Late lunch", FreeBusyStatus.Oof)
    with pytest.raises(ODataError) as gone:
        await graph.me.events.by_event_id(made.id).get()
    assert gone.value.response_status_code == 404
    assert gone.value.error is not None
    assert gone.value.error.code == "ErrorItemNotFound"


async def test_the_instances_of_a_series_are_listed(graph: GraphServiceClient) -> None:
    made = await graph.me.events.post(
        Event(
            subject="Fridays", recurrence=fridays(),
            start=moment("2027-03-05T09:00:00"), end=moment("2027-03-05T10:00:00"),
        )
    )  # fmt: skip
    assert made is not None
    assert made.id is not None

    found = await graph.me.events.by_event_id(made.id).instances.get(
        asking(builder=INSTANCES, **MARCH)
    )

    assert made.type is EventType.SeriesMaster
    assert found is not None
    # Clocks in Berlin move forward on 28 March: the hour there stays, the UTC hour changes.
    starts = [each.start.date_time[:16] for each in found.value or () if each.start]
    assert starts == [f"2027-03-{day}T08:00" for day in ("05", "12", "19", "26")]
    await graph.me.events.by_event_id(made.id).delete()


async def test_delta_tells_everything_and_then_what_changed(graph: GraphServiceClient) -> None:
    known = [await graph.me.events.post(lunch(subject=name)) for name in ("First", "Second")]
    delta = graph.me.calendar_view.delta
    page = await delta.get(asking({"Prefer": "odata.maxpagesize=1"}, builder=DELTA, **MARCH))
    pages = 1
    while page is not None and page.odata_next_link:
        page = await delta.with_url(page.odata_next_link).get()
        pages += 1
    assert page is not None
    assert page.odata_delta_link is not None

    made = await graph.me.events.post(lunch(subject="New"))
    after = await delta.with_url(page.odata_delta_link).get()

    assert pages > 1
    assert made is not None
    assert made.id is not None
    assert after is not None
    assert [each.subject for each in after.value or ()] == ["New"]
    for each in (*known, made):
        assert each is not None
        await graph.me.events.by_event_id(each.id or "").delete()
