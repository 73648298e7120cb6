"""Whether an arrival will work: each condition with its evidence, its deadline and its remedy.

A condition that fails is a no-go at once (a flat battery, a message that came back). What merely
has not happened yet waits, and is a no-go from its deadline on. A guest who has not checked in is
normal until late: their codes do not exist yet and nothing is wrong with that; what must be so is
that they can be reached, and that their locks can.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from app.domain.tonight_facts import (
    ArrivalFacts,
    CodeWord,
    DoorFacts,
    LinkFacts,
    LinkWord,
    MatchWord,
)
from app.domain.tonight_words import Check, Item, Outlook, Readiness, Remedy, State, Why

GRACE = timedelta(minutes=2)
"""What was ordered less long ago is under way, however near the deadline is."""

HEARD_LATELY = timedelta(days=1)
"""Providers tell of a gateway's last word on a lock, which need not be often."""

REPORT_DUE = timedelta(hours=1)
"""A text service that has not told by then whether a text arrived will not tell."""

LOW_BATTERY = 20
"""Per cent; less is too little to rely on."""

SENT_ENOUGH = 2
"""So many times in vain, and sending once more helps nobody."""


def readiness(facts: ArrivalFacts, now: datetime) -> Readiness:
    """Weigh one arrival as it stands at `now`."""
    items = tuple(_items(facts, now))
    if facts.has_entered:
        return Readiness(Outlook.IN, items)
    states = {item.state for item in items}
    if State.NO_GO in states:
        return Readiness(Outlook.NO_GO, items)
    return Readiness(Outlook.WAITING if State.WAITING in states else Outlook.GO, items)


def _items(facts: ArrivalFacts, now: datetime) -> Iterator[Item]:
    yield _match(facts)
    yield _contact(facts, now)
    yield from (_code(facts, door, now) for door in facts.doors)
    yield from (_gateway(facts, door, now) for door in facts.doors)
    yield from (_battery(facts, door) for door in facts.doors)
    yield _message(facts, now)
    yield _page(facts, now)


_MATCHES = {
    MatchWord.CERTAIN: (State.GO, Why.CERTAIN, None),
    MatchWord.NOBODY_KNOWN: (State.NO_GO, Why.NOBODY_KNOWN, Remedy.SAY_WHO),
    MatchWord.UNCONFIRMED: (State.NO_GO, Why.UNCONFIRMED, Remedy.CONFIRM),
    MatchWord.IN_DISPUTE: (State.NO_GO, Why.IN_DISPUTE, Remedy.SETTLE),
}


def _match(facts: ArrivalFacts) -> Item:
    state, why, remedy = _MATCHES[facts.match]
    return Item(Check.MATCH, state, why, facts.deadline, remedy)


def _contact(facts: ArrivalFacts, now: datetime) -> Item:
    known = Why.PHONE_KNOWN if facts.has_phone else Why.MAIL_KNOWN
    item = Item(Check.CONTACT, State.GO, known, facts.deadline)
    if facts.can_be_reached:
        return item
    if facts.is_at_the_desk:
        return replace(item, why=Why.AT_THE_DESK, at=facts.checked_in_at)
    if not facts.is_certain:
        return replace(item, state=State.WAITING, why=Why.NOT_CERTAIN)
    state = _due(item, now)
    return replace(item, state=state, why=Why.NO_CONTACT, remedy=Remedy.ADD_CONTACT)


def _code(facts: ArrivalFacts, door: DoorFacts, now: datetime) -> Item:
    item = _of_door(Check.CODE, door, facts.deadline)
    code = door.code
    if door.in_other_zone and (code is None or code.word != CodeWord.FAILED):
        return replace(item, state=State.NO_GO, why=Why.OTHER_ZONE, remedy=Remedy.SEE_ZONE)
    if code is None:
        return _no_code(facts, item, now)
    item = replace(item, at=code.since)
    if code.word == CodeWord.HELD:
        return replace(item, state=State.GO, why=Why.ON_ITS_LOCK)
    if code.word == CodeWord.FAILED:
        return replace(
            item,
            state=State.NO_GO,
            why=Why.FAILED,
            remedy=Remedy.RETRY_CODE,
            detail=code.fault,
        )
    is_fresh = code.word == CodeWord.COMING and now - code.since < GRACE
    remedy = Remedy.RETRY_CODE if code.word == CodeWord.COMING else Remedy.LOOK
    state = State.WAITING if is_fresh else _due(item, now)
    return replace(item, state=state, why=Why.ON_ITS_WAY, remedy=remedy, detail=code.fault)


def _no_code(facts: ArrivalFacts, item: Item, now: datetime) -> Item:
    if not facts.is_certain:
        return replace(item, state=State.WAITING, why=Why.NOT_CERTAIN)
    if not facts.admitted:
        return replace(item, state=State.WAITING, why=Why.NOT_CHECKED_IN)
    return replace(item, state=_due(item, now), why=Why.MISSING, remedy=Remedy.LOOK)


def _gateway(facts: ArrivalFacts, door: DoorFacts, now: datetime) -> Item:
    """Weigh the way to a lock; a code that it holds already opens without one."""
    item = replace(_of_door(Check.GATEWAY, door, facts.deadline), at=door.seen_at)
    if door.gateway_online is None:
        return replace(item, state=State.UNKNOWN, why=Why.NOT_TOLD)
    if door.gateway_online:
        if door.seen_at is not None and now - door.seen_at < HEARD_LATELY:
            return item
        return replace(item, state=State.UNKNOWN, why=Why.NOT_HEARD, remedy=Remedy.SEE_GATEWAY)
    if door.code is not None and door.code.word == CodeWord.HELD:
        return replace(
            item, state=State.WAITING, why=Why.OFFLINE_BUT_CODED, remedy=Remedy.SEE_GATEWAY
        )
    return replace(item, state=State.NO_GO, why=Why.OFFLINE, remedy=Remedy.SEE_GATEWAY)


def _battery(facts: ArrivalFacts, door: DoorFacts) -> Item:
    percent = door.battery_percent
    item = replace(
        _of_door(Check.BATTERY, door, facts.window.valid_from), percent=percent, at=door.seen_at
    )
    if percent is None:
        return replace(item, state=State.UNKNOWN, why=Why.NOT_TOLD)
    if percent < LOW_BATTERY:
        return replace(item, state=State.NO_GO, why=Why.LOW, remedy=Remedy.CHANGE_BATTERY)
    return replace(item, why=Why.CHARGED)


def _message(facts: ArrivalFacts, now: datetime) -> Item:
    item = Item(Check.MESSAGE, State.GO, Why.DELIVERED, facts.deadline)
    if facts.is_at_the_desk:
        return replace(item, why=Why.AT_THE_DESK, at=facts.checked_in_at)
    link = facts.link
    if link is None or (link.word == LinkWord.FAILED and not link.to_them):
        if not facts.can_be_reached:
            why = Why.NO_CONTACT if facts.is_certain else Why.NOT_CERTAIN
            return replace(item, state=State.WAITING, why=why)
        return replace(item, state=_due(item, now), why=Why.NOT_SENT, remedy=Remedy.SEND_LINK)
    item = replace(item, at=link.at)
    match link.word:
        case LinkWord.DELIVERED:
            return item
        case LinkWord.SENT:
            return _sent(item, link, now)
        case LinkWord.SENDING:
            return _sending(facts, item, link, now)
        case LinkWord.FAILED:
            return _undelivered(facts, item, link)


def _sent(item: Item, link: LinkFacts, now: datetime) -> Item:
    if not link.by_text:
        return replace(item, why=Why.HANDED_OVER)
    if now - link.at < REPORT_DUE:
        return replace(item, state=State.WAITING, why=Why.UNREPORTED)
    return replace(item, state=State.UNKNOWN, why=Why.UNREPORTED, remedy=Remedy.SEND_LINK_AGAIN)


def _sending(facts: ArrivalFacts, item: Item, link: LinkFacts, now: datetime) -> Item:
    """Weigh a message that is ordered: to order it again would not make it faster."""
    state = State.WAITING if now - link.at < GRACE else _due(item, now)
    remedy = Remedy.CALL_GUEST if facts.has_phone else Remedy.LOOK
    return replace(item, state=state, why=Why.ON_ITS_WAY, remedy=remedy, detail=link.fault)


def _undelivered(facts: ArrivalFacts, item: Item, link: LinkFacts) -> Item:
    remedy = Remedy.SEND_LINK_AGAIN
    if link.tries >= SENT_ENOUGH:
        remedy = Remedy.CALL_GUEST if facts.has_phone else Remedy.ADD_CONTACT
    return replace(item, state=State.NO_GO, why=Why.UNDELIVERED, remedy=remedy, detail=link.fault)


def _page(facts: ArrivalFacts, now: datetime) -> Item:
    """Weigh whether they have looked at the page; who has its link may yet do so at the door."""
    item = Item(Check.PAGE, State.GO, Why.OPENED, facts.window.valid_from)
    if facts.page_seen_at is not None:
        return replace(item, at=facts.page_seen_at)
    if facts.by_themselves:
        return replace(item, why=Why.CHECKED_IN_THERE, at=facts.checked_in_at)
    if facts.is_at_the_desk:
        return replace(item, why=Why.AT_THE_DESK, at=facts.checked_in_at)
    asks = facts.has_phone and now >= facts.deadline
    remedy = Remedy.CALL_GUEST if asks else None
    return replace(item, state=State.WAITING, why=Why.NOT_OPENED, remedy=remedy)


def _of_door(check: Check, door: DoorFacts, by: datetime) -> Item:
    return Item(check, State.GO, Why.ONLINE, by, door_id=door.id, door=door.name)


def _due(item: Item, now: datetime) -> State:
    """Tell what has not happened yet: it waits, until it must have."""
    return State.NO_GO if now >= item.by else State.WAITING
