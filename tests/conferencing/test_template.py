import pytest

from conferencing.template import check_template, host_of, join_link, slug


def test_a_link_carries_the_code_and_the_slug_of_the_title():
    link = join_link(
        "https://meet.example.com/{name}-{code}", code="s3cret", title="Café & Pläne!", host="Ann"
    )

    assert link == "https://meet.example.com/cafe-plane-s3cret"


def test_a_title_without_latin_letters_still_makes_a_link():
    link = join_link("https://meet.example.com/{name}/{code}", code="x", title="会議", host="Ann")

    assert link == "https://meet.example.com/meeting/x"


def test_a_title_that_looks_like_a_place_is_not_filled_in_again():
    link = join_link(
        "https://meet.example.com/{host}/{name}-{code}", code="x", title="{host}", host="Ann Lee"
    )

    assert link == "https://meet.example.com/ann-lee/host-x"


@pytest.mark.parametrize(
    "text",
    [
        "https://meet.jit.si/{name}-{code}",
        "https://meet.example.com:8443/rooms/{code}?from={host}",
        "https://localhost/{code}",
    ],
)
def test_good_templates_pass(text):
    assert check_template(text) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("http://meet.example.com/{code}", "https://"),
        ("javascript:alert(1)//{code}", "https://"),
        ("https://meet.example.com/room", "{code}"),
        ("https://meet.example.com/{code}/{other}", "braces"),
        ("https://{code}.example.com/", "host name"),
        ("https://a@meet.example.com/{code}", "host name"),
        ("https:///{code}", "host name"),
        ("https://meet.example.com:99999/{code}", "web address"),
        ("https://meet.example.com/{code} x", "spaces"),
        ("https://meet.example.com/" + "x" * 300 + "{code}", "255"),
        ("", "https://"),
    ],
)
def test_a_template_that_would_fail_later_is_refused_with_the_reason(text, word):
    assert word in check_template(text)


def test_the_host_of_a_template_is_known():
    assert host_of("https://meet.example.com/{code}") == "meet.example.com"
    assert host_of("") is None


def test_a_slug_is_short():
    assert len(slug("word " * 50)) <= 40
