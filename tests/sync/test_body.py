"""Whatever stands around our block in a description stays as it is, byte for byte."""

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sync.judging.content import Content
from sync.writing import body

WORDS = st.text(
    st.characters(exclude_categories=["Cs"]) | st.sampled_from("<>&\"'/= \r\n\u00a0\u200b"),
    max_size=60,
)
PIECES = st.sampled_from(
    ["<div>", "</div>", "<p>", "</p>", "<br/>", "<!--", "-->", "&nbsp;", "<style>", "</style>", "<"]
)
AROUND = st.lists(WORDS | PIECES, max_size=8).map("".join)
MARKS = ('<div id="lockstep-meeting">', '<div class="x" id="x_lockstep-meeting" style="">')
NOON = datetime(2026, 11, 18, 12, tzinfo=UTC)
OURS = Content(
    title="Planning",
    starts=NOON,
    ends=NOON,
    all_day=False,
    zone="Europe/Berlin",
    location="",
    description="",
    join_url=None,
)


@given(before=AROUND, after=AROUND, inside=WORDS, fresh=WORDS, mark=st.sampled_from(MARKS))
def test_only_the_block_is_replaced(
    before: str, after: str, inside: str, fresh: str, mark: str
) -> None:
    held = before + mark + inside.replace("<", "") + body.CLOSING + after

    found = body.with_block(held, body.block(replace(OURS, description=fresh)))

    assert found is not None
    assert found.encode() == (
        before.encode() + body.block(replace(OURS, description=fresh)).encode() + after.encode()
    )


@given(held=AROUND)
def test_a_text_without_our_block_is_left_alone(held: str) -> None:
    assert body.with_block(held, body.block(OURS)) is None


@given(before=AROUND, after=AROUND, mark=st.sampled_from(MARKS), inside=WORDS)
def test_a_block_that_cannot_be_told_apart_is_left_alone(
    before: str, after: str, mark: str, inside: str
) -> None:
    nested = before + mark + "<div>" + inside.replace("<", "") + "</div></div>" + after
    twice = before + mark + body.CLOSING + mark + body.CLOSING + after

    assert body.with_block(nested, body.block(OURS)) is None
    assert body.with_block(twice, body.block(OURS)) is None


@given(words=WORDS, link=st.none() | WORDS)
def test_what_people_type_cannot_break_out_of_the_block(words: str, link: str | None) -> None:
    made = body.block(replace(OURS, description=words, join_url=link))

    assert made.count("<div") == made.count("</div") == 1
    assert "<script" not in made
    assert body.with_block(made, body.block(OURS)) == body.block(OURS)
