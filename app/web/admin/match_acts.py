"""What hosts do on the page of bookings to place, each with the sentence that says it was done."""

from collections.abc import Collection, Sequence
from datetime import date

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.domain.enrichment import Ask
from app.domain.nights import Nights
from app.models import Match, Notice, Question, Reservation, Room
from app.services import question_answers
from app.services.acting import Act
from app.services.history import record
from app.services.lodging import lodge
from app.services.notices import dismiss
from app.services.open_days import OPEN
from app.services.question_answers import stays_of_question
from app.services.settling import CannotSettle, Gift
from app.services.splitting import split
from app.web.admin.match_forms import RoomAnswer
from app.web.admin.match_words import Words, rooms, started


def confirm(act: Act, question: Question) -> None:
    """Say yes. Raises CannotSettle."""
    _refuse_if_answered(question)
    stays = stays_of_question(act.session, question)
    if question.reference is None or (question.ask == Ask.CLAIM and len(stays) != 1):
        raise CannotSettle(_("Say below which room it is."))
    question_answers.confirm(act.settlement, question)
    act.change_set.what = _given(act, question.reference, stays)


def refuse(act: Act, question: Question) -> None:
    """Say no. Raises CannotSettle."""
    _refuse_if_answered(question)
    stays = stays_of_question(act.session, question)
    if question.reference is None or not stays:
        raise CannotSettle(_("Nothing is proposed here that could be refused."))
    question_answers.refuse(act.settlement, question)
    if question.ask == Ask.CLAIM:
        _sign_off(act, question.reference)
        act.change_set.what = _("%(ref)s: the claim is refused.", ref=question.reference)
        return
    act.change_set.what = _(
        "%(reference)s: not %(rooms)s.",
        reference=question.reference,
        rooms=_words(act).rooms_with_dates(stays),
    )


def settle(act: Act, arrival: date, answers: Sequence[RoomAnswer]) -> None:
    """Take the host's word on rooms of one day, whole or not at all. Raises CannotSettle."""
    open_then = {
        stay.id: stay
        for stay in act.session.scalars(
            select(Reservation)
            .join(Match, Match.reservation_id == Reservation.id)
            .where(
                Match.property_id == act.house.id,
                Match.arrival == arrival,
                Match.state.in_(OPEN),
            )
            .options(joinedload(Reservation.room), joinedload(Reservation.guest))
        )
    }
    _refuse_if_settled(act, {one.reservation_id for one in answers} - open_then.keys())
    given: dict[str, list[Reservation]] = {}
    closed: list[Reservation] = []
    for one in answers:
        stay = open_then[one.reservation_id]
        (closed if one.reference is None else given.setdefault(one.reference, [])).append(stay)
    said = []
    if closed:
        act.settlement.block(closed)
        said.append(_closed(act, closed))
    if given:
        act.settlement.give([Gift(stay, ref) for ref, own in given.items() for stay in own])
        said += [_given(act, reference, own) for reference, own in given.items()]
    act.change_set.what = "\n".join(said)


def part(act: Act, stay: Reservation, first_departure: date) -> None:
    """Part closed nights between two bookings. Raises CannotSettle."""
    whole = stay.nights
    if not whole.arrival < first_departure < whole.departure:
        raise CannotSettle(_("Choose a day between its first and its last."))
    first = split(act.settlement, stay, Nights(whole.arrival, first_departure))
    for one in (first, stay):
        record(
            act.session,
            one,
            "nights-parted",
            actor=act.settlement.actor,
            at=act.now,
            property_id=act.house.id,
            before={"arrival": whole.arrival, "departure": whole.departure},
            after={"arrival": one.arrival, "departure": one.departure},
        )
    words = _words(act)
    act.change_set.what = _(
        "%(room)s, %(whole)s: parted on %(day)s.",
        room=started(rooms([stay])),
        whole=words.span(whole),
        day=words.weekday(first_departure),
    )


def put_in(act: Act, notice: Notice, room: Room, departure: date) -> None:
    """Put a booking into a free room. Raises CannotSettle."""
    if notice.arrival is None or departure <= notice.arrival:
        raise CannotSettle(_("It cannot leave before the day after it arrives."))
    stay = lodge(act.settlement, notice, room, Nights(notice.arrival, departure))
    act.change_set.what = _given(act, notice.reference, [stay])


def not_ours(act: Act, notice: Notice) -> None:
    """Take the host's word that a booking is none of this house's."""
    act.settlement.recording.watch([], [notice.reference])
    actor = act.settlement.actor
    for one in act.session.scalars(
        select(Notice).where(
            Notice.property_id == act.house.id,
            Notice.reference == notice.reference,
            Notice.dismissed_at.is_(None),
        )
    ):
        dismiss(act.session, act.house, one, actor=actor, now=act.now)
    _sign_off(act, notice.reference)
    act.change_set.what = _("%(ref)s: not a booking of ours.", ref=notice.reference)


def _sign_off(act: Act, reference: str) -> None:
    """Say who settled what a booking is, for the list of what was settled lately."""
    for match in act.session.scalars(
        select(Match)
        .join(Notice, Notice.id == Match.notice_id)
        .where(
            Match.property_id == act.house.id,
            Match.state.in_(OPEN),
            Notice.reference == reference,
        )
    ):
        match.settled_how = act.settlement.how


def _refuse_if_answered(question: Question) -> None:
    if question.closed_at is not None:
        raise CannotSettle(_("This was answered meanwhile. Here is how it stands now."))


def _refuse_if_settled(act: Act, reservation_ids: Collection[int]) -> None:
    if not reservation_ids:
        return
    gone = act.session.scalars(
        select(Reservation)
        .where(Reservation.id.in_(reservation_ids), Reservation.property_id == act.house.id)
        .options(joinedload(Reservation.room))
        .order_by(Reservation.room_id)
    ).all()
    if not gone:
        raise CannotSettle(_("These nights are not open any more."))
    raise CannotSettle(
        _(
            "Meanwhile %(rooms)s was settled. Nothing of this was done; please look again.",
            rooms=rooms(gone),
        )
        if len(gone) == 1
        else _(
            "Meanwhile %(rooms)s were settled. Nothing of this was done; please look again.",
            rooms=rooms(gone),
        )
    )


def _given(act: Act, reference: str, stays: Sequence[Reservation]) -> str:
    return f"{reference}: {_words(act).rooms_with_dates(stays)}."


def _closed(act: Act, stays: Sequence[Reservation]) -> str:
    where = started(_words(act).rooms_with_dates(stays))
    return str(_("%(rooms)s: closed, nobody is expected.", rooms=where))


def _words(act: Act) -> Words:
    return Words(act.house, act.now)
