"""Every blueprint with its address and its guard: nothing is registered elsewhere."""

from collections.abc import Callable

from flask import Blueprint

from blueprints import (
    admin,
    calendar,
    connect,
    connection,
    guards,
    health,
    held,
    history,
    hooks,
    invitation_links,
    invitations,
    meeting_repair,
    meetings,
    metrics,
    occurrences,
    offers,
    own_choices,
    profile,
    setup,
    sign_in,
    sso,
    ways,
)

ROOMS: tuple[tuple[Blueprint, str, Callable[[], guards.Turned]], ...] = (
    (health.bp, "/", guards.open_always),
    (metrics.bp, "/", guards.open_always),
    (setup.bp, "/setup", guards.before_setup),
    (setup.last, "/setup/microsoft", guards.admin_only),
    (sign_in.bp, "/", guards.open_to_all),
    (sso.bp, "/sign-in", guards.open_to_all),
    (invitation_links.bp, "/invitation", guards.open_to_all),
    (profile.bp, "/profile", guards.signed_in),
    (ways.bp, "/profile/ways", guards.signed_in),
    (admin.bp, "/admin", guards.admin_only),
    (admin.live, "/live/admin", guards.admin_only_poll),
    (calendar.bp, "/calendar", guards.signed_in),
    (calendar.live, "/live", guards.signed_in_poll),
    (invitations.bp, "/calendar/events", guards.signed_in),
    (meetings.bp, "/meetings", guards.signed_in),
    (meetings.live, "/live", guards.signed_in_poll),
    (occurrences.bp, "/meetings", guards.signed_in),
    (meeting_repair.bp, "/meetings", guards.signed_in),
    (history.bp, "/", guards.signed_in),
    (connect.bp, "/connect", guards.signed_in),
    (connection.bp, "/connection", guards.signed_in),
    (held.bp, "/connection", guards.signed_in),
    (offers.bp, "/connection", guards.signed_in),
    (own_choices.bp, "/connection", guards.signed_in),
    (connection.live, "/live", guards.signed_in_poll),
    (hooks.bp, "/hooks", guards.open_to_microsoft),
)
