"""Our own block in an event's description: the only part of a body that is ever replaced."""

import html

from sync.judging.content import Content

OPENING, CLOSING = '<div id="lockstep-meeting">', "</div>"


def block(ours: Content) -> str:
    """The block as HTML: the description as typed, and the join link. Holds no nested div."""
    lines = (ours.description or "").splitlines()
    parts = [f"<p>{html.escape(line)}</p>" for line in lines if line.strip()]
    if ours.join_url:
        address = html.escape(ours.join_url, quote=True)
        parts.append(f'<p>Join: <a href="{address}">{address}</a></p>')
    return OPENING + "".join(parts) + CLOSING


def with_block(body_html: str, fresh: str) -> str | None:
    """The body with our block replaced and every other byte as it was.

    None where the block cannot be told from the rest: Outlook rewrites what people edit there, and
    then their text is left alone.
    """
    start = _find_opening(body_html)
    if start is None:
        return None
    end = body_html.find(CLOSING, start)
    if end < 0 or "<div" in body_html[start + 4 : end]:
        return None
    return body_html[:start] + fresh + body_html[end + len(CLOSING) :]


def _find_opening(body_html: str) -> int | None:
    """Outlook puts `x_` before the ids of what it sanitises."""
    for mark in ('id="lockstep-meeting"', 'id="x_lockstep-meeting"'):
        at = body_html.find(mark)
        if at >= 0 and body_html.find(mark, at + 1) < 0:
            start = body_html.rfind("<div", 0, at)
            return start if start >= 0 else None
    return None
