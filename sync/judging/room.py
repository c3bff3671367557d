"""The way into an adopted meeting: it stands in the event, so whoever changes it does so there."""

from dataclasses import replace

from sqlalchemy.orm import Session

from conferencing.recognise import join_link_in
from m365.remote import RemoteEvent
from portal import adoption, timeline, views
from portal.tables import Link
from sync.judging import content
from sync.turn import Turn


def follow(db: Session, turn: Turn, link: Link, event: RemoteEvent) -> None:
    """The meeting leads where the event leads now. Nothing of it is to be written back, so the
    base follows as well; not where the link was changed here meanwhile.
    """
    meeting, base = link.meeting, content.restored(link.base["ours"])
    held = meeting.join_url
    if meeting.adopted_at is None or held is None or base.join_url != held:
        return
    texts = (event.join_url, event.location, event.body_html)
    found = join_link_in(*texts, own_hosts=views.own_hosts(db))
    if found is None or found.url == held or adoption.link_is_taken(db, found.url):
        return
    meeting.join_url = found.url
    place = found.url if base.location == held else base.location
    followed = replace(base, join_url=found.url, location=place)
    link.base = link.base | {"ours": followed.stored()}
    subject = timeline.of_link(link)
    timeline.note(db, subject, timeline.OUTLOOK, "taken", fields=["join_url"], now=turn.now())
