from urllib.parse import quote

import pytest

from conferencing.recognise import JoinLink, join_link_in

ZOOM = "https://us02web.zoom.us/j/85512345678?pwd=abc"
TEAMS = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?context=%7b%7d"


@pytest.mark.parametrize(
    ("provider", "url"),
    [
        ("Zoom", ZOOM),
        ("Zoom", "https://zoom.us/my/ann.lee"),
        ("Zoom", "https://acme.zoomgov.com/w/123456789"),
        ("Zoom", "https://zoom.us/wc/join/123456789"),
        ("Microsoft Teams", TEAMS),
        ("Microsoft Teams", "https://teams.microsoft.com/meet/2345678901234?p=Ab1"),
        ("Microsoft Teams", "https://gov.teams.microsoft.us/l/meeting/x"),
        ("Microsoft Teams", "https://teams.live.com/meet/9345678901234?p=x"),
        ("Google Meet", "https://meet.google.com/abc-defg-hij"),
        ("Google Meet", "https://g.co/meet/team-room"),
        ("Webex", "https://acme.webex.com/acme/j.php?MTID=m1"),
        ("Webex", "https://acme.webex.com/meet/ann"),
        ("Jitsi", "https://meet.jit.si/standup-x7"),
        ("Jitsi", "https://8x8.vc/tenant/room"),
    ],
)
def test_links_of_known_providers_are_recognised(provider, url):
    assert join_link_in(f"Join here: {url}.") == JoinLink(provider, url)


@pytest.mark.parametrize(
    "url",
    [
        "https://evilzoom.us/j/123456789",
        "https://zoom.us.evil.example/j/123456789",
        "https://zoom.us@evil.example/j/123456789",
        "https://evil.example\\.zoom.us/j/123456789",
        "https://evil.example/https://zoom.us/j/x",
        "https://evil.example?.zoom.us/j/123456789",
        "https://evil.example#.zoom.us/j/123456789",
        "https://zoom.us:8443/j/123456789",
        "https://zооm.us/j/123456789",  # the letters o are Cyrillic
        "https://zoom.us./j/123456789",
        "https://zoom.us/u/abc",
        "https://zoom.us/s/123456789",
        "https://zoom.us/rec/share/123456789",
        "https://zoom.us/j/123",
        "https://meet.google.com/new",
        "https://meet.jit.si/",
        "https://meet.jit.si/static/close.html",
        "https://teams.microsoft.com/downloads",
        "javascript:alert('https-zoom.us')",
        "ftp://zoom.us/j/123456789",
        "https://[::1/j/123456789",
        "zoommtg://evil.example/join?confno=123456789",
    ],
)
def test_look_alikes_and_pages_that_do_not_join_are_not(url):
    assert join_link_in(f'<a href="{url}">Join</a>') is None


def test_the_first_text_that_holds_a_link_wins_and_within_it_the_order_of_providers():
    assert join_link_in("https://meet.jit.si/room", ZOOM).provider == "Jitsi"
    assert join_link_in(None, f"{TEAMS} or {ZOOM}").provider == "Zoom"


def test_a_link_on_the_portals_own_host_comes_before_all_others():
    own = "https://meet.example.com/plan-x7"

    assert join_link_in(f"{ZOOM} {own}", own_hosts={"meet.example.com"}) == JoinLink("link", own)
    assert join_link_in(own) is None


def test_entities_in_html_are_decoded():
    html = '<a href="https://zoom.us/j/123456789?pwd=a&amp;omn=5">x</a>'

    assert join_link_in(html).url == "https://zoom.us/j/123456789?pwd=a&omn=5"


def wrapped(url: str) -> str:
    return f"https://eur01.safelinks.protection.outlook.com/?url={quote(url, safe='')}&data=05"


def test_wrapped_links_are_unwrapped_at_most_three_times():
    assert join_link_in(wrapped(wrapped(wrapped(ZOOM)))).url == ZOOM
    assert join_link_in(wrapped(wrapped(wrapped(wrapped(ZOOM))))) is None
    assert join_link_in(f"https://urldefense.com/v3/__{ZOOM}__;!!abc$").url == ZOOM
    assert join_link_in(f"https://www.google.com/url?q={quote(ZOOM, safe='')}").url == ZOOM


def test_a_wrapper_around_a_look_alike_is_no_way_in():
    assert join_link_in(wrapped("https://zoom.us.evil.example/j/123456789")) is None
    fake = f"https://safelinks.protection.outlook.com.evil.example/?url={quote(ZOOM, safe='')}"
    assert join_link_in(f'<a href="{fake}">x</a>') is None


def test_the_scheme_of_zooms_program_becomes_a_web_address():
    link = join_link_in("zoommtg://zoom.us/join?confno=123456789&pwd=a%20b")

    assert link.url == "https://zoom.us/j/123456789?pwd=a%20b"


@pytest.mark.parametrize(
    "text",
    [
        "https://" * 100_000,
        'href="' * 100_000,
        "href=" + " " * 200_000,
        wrapped("x" * 4000) * 500,
        "https://urldefense.com/v3/__http" + "/v3/__http" * 20_000,
        "&" * 200_000 + "https://zoom.us/j/1" + "&amp;" * 50_000,
    ],
    ids=range(6),
)
def test_hostile_text_is_read_to_its_end(text):
    assert join_link_in(text) is None
