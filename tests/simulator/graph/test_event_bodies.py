"""Bodies of events: what Exchange takes away, adds, and makes of them as text."""

from typing import Any

import pytest

from tests.simulator.desk import IMMUTABLE, Graph, timed

TEXT = f'{IMMUTABLE}, outlook.body-content-type="text"'
UNSAFE = f"{IMMUTABLE}, outlook.allow-unsafe-html"


def written(graph: Graph, html: str) -> Any:
    """An event with this body."""
    return graph.create({**timed(20, 10), "body": {"contentType": "html", "content": html}})


def inner(event: Any) -> str:
    """What stands in the page."""
    page: str = event["body"]["content"]
    return page.partition("<body>\r\n")[2].partition("\r\n</body>")[0]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("<p>Fine</p>", "<p>Fine</p>"),
        ("<p>One<script>alert(1)</script>Two</p>", "<p>OneTwo</p>"),
        ("<script>alert(1)", ""),
        ("<p onclick='x()' CLASS=a>Fine</p>", '<p class="a">Fine</p>'),
        ("<a href=' JavaScript:x()'>Link</a>", "<a>Link</a>"),
        ("<a href='https://a.example/?b=1&amp;c=2'>L</a>",
         '<a href="https://a.example/?b=1&amp;c=2">L</a>'),
        ("<img src='https://a.example/a.png' onerror=x()>",
         '<img src="https://a.example/a.png">'),
        ("<b style='color:red'>a</b><b style='width:expression(x)'>b</b>",
         '<b style="color:red">a</b><b>b</b>'),
        ("<iframe src='https://a.example'></iframe><br/>a &lt; b &#8364;",
         "<br>a &lt; b &#8364;"),
        ("<html><head><title>T</title></head><body bgcolor=red>Text</body></html>", "Text"),
        ("<!-- note -->a < b", "a &lt; b"),
    ],
)  # fmt: skip
def test_a_body_is_cleaned_and_made_a_page(graph: Graph, sent: str, kept: str) -> None:
    made = written(graph, sent)

    assert inner(made) == kept
    assert sent not in made["body"]["content"] or sent == kept


def test_a_body_that_was_cleaned_once_stays_as_it_is(graph: Graph) -> None:
    made = written(graph, "<p>One</p>\r\n<p>Two &amp; <a href='https://a.example'>more</a></p>")

    again = graph.call("PATCH", f"/me/events/{made['id']}", {"body": made["body"]}).json

    assert again is not None
    assert again["body"] == made["body"]


def test_whoever_allows_unsafe_html_sees_it(graph: Graph) -> None:
    made = written(graph, "<p onclick='x()'>Hi</p>")

    response = graph.call("GET", f"/me/events/{made['id']}", Prefer=UNSAFE)

    assert response.headers["Preference-Applied"] == "outlook.allow-unsafe-html, " + IMMUTABLE
    assert inner(response.json) == "<p onclick='x()'>Hi</p>"
    assert set(response.json["body"]) == {"contentType", "content"}  # type: ignore[index]


def test_text_has_windows_lines_and_the_addresses_of_links(graph: Graph) -> None:
    html = "<p>See\n<a href='https://a.example/?b=1&amp;c=2'>the  plan</a></p><ul><li>A<li>B</ul>"
    made = written(
        graph, f"{html}<div>Bye&nbsp;now</div><a href='https://b.example'>https://b.example</a>"
    )

    text = graph.get(f"/me/events/{made['id']}", Prefer=TEXT)

    assert text["body"]["contentType"] == "text"
    assert text["body"]["content"].split("\r\n")[0] == "See the  plan<https://a.example/?b=1&c=2>"
    assert text["body"]["content"].endswith("\r\nhttps://b.example")
    assert "<" not in text["bodyPreview"]


def test_the_preview_is_the_first_255_characters(graph: Graph) -> None:
    made = written(graph, f"<p>{'word ' * 100}</p>")

    assert made["bodyPreview"] == ("word " * 100)[:255]


def test_a_body_can_be_emptied(graph: Graph) -> None:
    made = written(graph, "<p>Old</p>")

    bodies: list[Any] = [None, {"contentType": "text", "content": ""}]
    path = f"/me/events/{made['id']}"
    answers: list[Any] = [graph.call("PATCH", path, {"body": each}).json for each in bodies]

    assert [each["body"]["content"] for each in answers] == ["", ""]
