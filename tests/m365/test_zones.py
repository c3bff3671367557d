"""Zones and times as Microsoft writes them."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from tzlocal.windows_tz import tz_win, win_tz

from m365 import zones
from m365.errors import BadAnswer


@pytest.mark.parametrize(
    ("name", "iana"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("w. europe standard time", "Europe/Berlin"),
        ("Alberta Standard Time", "America/Edmonton"),
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("Asia/Calcutta", "Asia/Calcutta"),
        ("UTC", "Etc/UTC"),
        ("tzone://Microsoft/Utc", "Etc/UTC"),
    ],
)
def test_windows_and_iana_names_are_both_understood(name: str, iana: str) -> None:
    zone = zones.zone_of(name)

    assert zone == ZoneInfo(iana)


@pytest.mark.parametrize(
    "name",
    [
        None,
        "",
        "tzone://Microsoft/Custom",
        "Customized Time Zone",
        "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna",
        "localtime",
        "../../etc/passwd",
        "Europe",
        "\ud800",
    ],
)
def test_what_names_no_zone_is_no_zone(name: str | None) -> None:
    assert zones.zone_of(name) is None


def test_every_windows_name_leads_to_a_zone_and_every_zone_of_the_table_back() -> None:
    assert all(zones.zone_of(windows) is not None for windows in win_tz)
    assert all(zones.zone_of(zones.to_windows(iana)) is not None for iana in tz_win)
    assert zones.to_windows("Europe/Berlin") == "W. Europe Standard Time"
    assert zones.to_windows("Antarctica/Troll") is None


def test_seven_decimals_are_cut_to_microseconds() -> None:
    found = zones.parse_zoned("2026-12-01T10:00:00.1234567", "UTC")

    assert found == datetime(2026, 12, 1, 10, 0, 0, 123456, tzinfo=UTC)


def test_a_local_time_is_moved_to_utc_by_its_zone() -> None:
    found = zones.parse_zoned("2026-07-01T10:00:00.0000000", "W. Europe Standard Time")

    assert found == datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def test_an_offset_in_an_instant_counts() -> None:
    expected = datetime(2026, 7, 1, 8, 30, tzinfo=UTC)

    assert zones.parse_instant("2026-07-01T10:30:00+02:00") == expected
    assert zones.parse_instant("2026-07-01T04:00:00-04:30") == expected
    assert zones.parse_instant("2026-07-01T08:30:00Z") == expected


@pytest.mark.parametrize(
    "text",
    ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.9999999Z", "2026-02-30T00:00:00Z", "now", ""],
)
def test_an_impossible_time_is_a_bad_answer(text: str) -> None:
    with pytest.raises(BadAnswer):
        zones.parse_instant(text)
    with pytest.raises(BadAnswer):
        zones.parse_zoned(text.removesuffix("Z"), "W. Europe Standard Time")


def test_a_time_without_a_known_zone_is_a_bad_answer() -> None:
    with pytest.raises(BadAnswer, match="zone_unknown"):
        zones.parse_zoned("2026-07-01T10:00:00", "tzone://Microsoft/Custom")
    with pytest.raises(BadAnswer, match="time_without_offset"):
        zones.parse_instant("2026-07-01T10:00:00")


def test_an_all_day_boundary_is_the_date_that_is_written() -> None:
    assert zones.parse_date("2026-11-11T00:00:00.0000000") == date(2026, 11, 11)
    assert zones.parse_date("2026-11-11") == date(2026, 11, 11)
