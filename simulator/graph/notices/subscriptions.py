"""Subscriptions: list, get, create, renew, reauthorize, delete."""

from __future__ import annotations

from uuid import UUID, uuid5

from flask import Response

from simulator.graph.access import check
from simulator.graph.address import Address
from simulator.graph.call import Call, Wire, answer, json_body
from simulator.graph.notices import wish
from simulator.graph.odata import page, selected
from simulator.graph.wire import stamp
from simulator.notices.handshake import TIMED_OUT, shake_hands, token_with
from simulator.notices.subscription import Subscription
from simulator.notices.upkeep import granted_to
from simulator.refused import Refused

MOST_PER_MAILBOX = 1000
RENEWED = {"expirationDateTime", "notificationUrl"}


def collection(call: Call) -> Response:
    """What this application has: all of it, or on behalf of the person who signed in."""
    shown, notes = page(call, [one for one in call.world.notices.subscriptions if _mine(call, one)])
    value = [selected(_wire(call, one)) for one in shown]
    return answer({"@odata.context": _context(call), **notes, "value": value})


def show(call: Call, subscription: str) -> Response:
    """One subscription."""
    return _whole(call, _found(call, subscription))


def create(call: Call) -> Response:
    """A new subscription, once its addresses have answered. Runs without the world's lock."""
    body = json_body()
    with call.world.lock:
        made = _read(call, body)
        _refuse_surplus(call, made)
    _validate(call, made.person, made.url, made.lifecycle_url)
    with call.world.lock:
        _refuse_surplus(call, made)
        call.world.notices.add(made)
        return _whole(call, made, 201)


def renew(call: Call, subscription: str) -> Response:
    """A later end, or another address, which is checked first. Runs without the lock."""
    body = json_body()
    with call.world.lock:
        found = _found(call, subscription)
        url = _renewed_url(body, found)
        person = call.world.people[found.person]
        expires = found.expires
        if "expirationDateTime" in body:
            expires = wish.expiry(call, person, body)
    if url != found.url:
        _validate(call, found.person, url)
    elif _renewing_validates(call, found):
        _validate(call, found.person, found.url, found.lifecycle_url)
    with call.world.lock:
        found = _found(call, subscription)
        found.expires, found.url = expires, url
        _reauthorized(call, found)
        return _whole(call, found)


def reauthorize(call: Call, subscription: str) -> Response:
    """Go on with the token of this call; the end stays where it is. Runs without the lock."""
    with call.world.lock:
        found = _found(call, subscription)
    if _renewing_validates(call, found):
        _validate(call, found.person, found.url, found.lifecycle_url)
    with call.world.lock:
        _reauthorized(call, _found(call, subscription))
        return Response(status=204)


def delete(call: Call, subscription: str) -> Response:
    """No more notifications."""
    call.world.notices.drop(_found(call, subscription))
    return Response(status=204)


def _read(call: Call, body: Wire) -> Subscription:
    wish.refuse_unknown(body)
    wish.refuse_content(body)
    resource = str(wish.text_of(body, "resource", needed=True))
    watched = wish.watched(call, resource)
    person, access = watched.person, call.access
    # A subscription needs what reading the same from the mailbox would need.
    check(Address("GET", "/subscriptions", collection, watched.any_of), access, person)
    delegated = access.person is not None
    granted = granted_to(person, access.client_id, delegated=delegated)
    return Subscription(
        id=call.world.new_id(),
        person=person.id,
        tenant=access.tenant,
        client_id=access.client_id,
        creator=_caller(call),
        delegated=delegated,
        consented=not granted.isdisjoint(watched.any_of),
        permissions=watched.any_of,
        resource=resource,
        target=watched.target,
        change_type=wish.change_type(body),
        url=str(wish.address(body, "notificationUrl", needed=True)),
        lifecycle_url=wish.address(body, "lifecycleNotificationUrl"),
        client_state=wish.client_state(body),
        expires=wish.expiry(call, person, body),
        token_ends=access.expires,
        immutable=call.style.immutable,
        tls=wish.tls_version(body),
    )


def _refuse_surplus(call: Call, made: Subscription) -> None:
    there = call.world.notices.of(call.world.people[made.person])
    if len(there) >= MOST_PER_MAILBOX:
        raise Refused(
            403, "ExtensionError",
            f"The mailbox has reached the limit of {MOST_PER_MAILBOX} subscriptions.",
        )  # fmt: skip
    twin = next((one for one in there if one.same_wish(made)), None)
    if twin and call.world.switches.strikes("notices.duplicate_refused", made.person):
        raise Refused(409, "ExtensionError", f"Subscription {twin.id} already exists.")


def _renewed_url(body: Wire, found: Subscription) -> str:
    named = {name for name in body if not name.startswith("@")} - {"id"}
    for name in sorted(named - RENEWED):
        raise wish.invalid(f"The property '{name}' of a subscription cannot be changed.")
    return wish.address(body, "notificationUrl") or found.url


def _renewing_validates(call: Call, found: Subscription) -> bool:
    with call.world.lock:
        return bool(call.world.switches.strikes("notices.renew_validates", found.person))


def _reauthorized(call: Call, found: Subscription) -> None:
    found.token_ends, found.warned = call.access.expires, None


def _validate(call: Call, person: str, *urls: str | None) -> None:
    for url in filter(None, urls):
        with call.world.lock:
            token = token_with(call.world.new_id())
            percent = int(call.world.switches.strikes("notices.validation_fails", person))
            fails = percent and call.world.notices.random.randrange(100) < percent
        shake_hands(call.world.post, url, token)
        if fails:
            raise wish.invalid(TIMED_OUT)


def _caller(call: Call) -> str:
    """The object id of the person, or of the application's service principal."""
    return call.access.person or str(uuid5(UUID(call.access.tenant), call.access.client_id))


def _mine(call: Call, one: Subscription) -> bool:
    same_app = (one.client_id, one.tenant) == (call.access.client_id, call.access.tenant)
    return same_app and call.access.person in (None, one.creator)


def _found(call: Call, subscription: str) -> Subscription:
    for one in call.world.notices.subscriptions:
        if one.id == subscription.lower() and _mine(call, one):
            return one
    raise Refused(404, "ResourceNotFound", "The object was not found.")


def _whole(call: Call, one: Subscription, status: int = 200) -> Response:
    context = {"@odata.context": f"{_context(call)}/$entity"}
    return answer({**context, **selected(_wire(call, one))}, status)


def _context(call: Call) -> str:
    return f"{call.base}/v1.0/$metadata#subscriptions"


def _wire(call: Call, one: Subscription) -> Wire:
    return {
        "id": one.id,
        "resource": one.resource,
        "applicationId": one.client_id,
        "changeType": one.change_type,
        "clientState": one.client_state if one.creator == _caller(call) else None,
        "notificationUrl": one.url,
        "notificationQueryOptions": None,
        "lifecycleNotificationUrl": one.lifecycle_url,
        "expirationDateTime": stamp(one.expires),
        "creatorId": one.creator,
        "includeResourceData": None,
        "latestSupportedTlsVersion": one.tls,
        "encryptionCertificate": None,
        "encryptionCertificateId": None,
        "notificationUrlAppId": None,
    }
