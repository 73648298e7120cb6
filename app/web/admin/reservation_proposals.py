"""What a reservation waits for, as its page puts it: a question, or a change to be looked at."""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import wording
from app.domain.enrichment import Ask
from app.domain.nights import Nights
from app.domain.notices import NoticeKind
from app.models import Match, Notice, Question, Reservation
from app.services.answers import open_question_of
from app.services.question_answers import stays_of_question
from app.web.admin.match_words import Words, rooms, started
from app.web.admin.reservation_pages import Proposal


def proposal(session: Session, words: Words, stay: Reservation) -> Proposal | None:
    """Return what OK or NO can answer about this reservation; None when nothing waits for it."""
    question = open_question_of(session, stay)
    if question is None or question.reference is None:
        return None
    stays = stays_of_question(session, question)
    what, detail, ok_label = _words(session, words, question, stay, list(stays))
    is_several = question.ask == Ask.SEVERAL_ROOMS and len(stays) > 1
    guest = stay.guest if stay.is_unconfirmed else None
    return Proposal(
        question_id=question.id,
        what=what,
        detail=detail,
        ok_label=ok_label,
        no_label=_("No, not all of them") if is_several else _("No"),
        is_guest_waiting=guest is not None and guest.checked_in_at is not None,
    )


def _words(
    session: Session, words: Words, question: Question, stay: Reservation, stays: list[Reservation]
) -> tuple[str, str, str]:
    reference = question.reference or ""
    proposed = _("%(reference)s is proposed; it waits for your OK.", reference=reference)
    here = rooms([stay])
    day = words.weekday(question.arrival)
    match question.ask:
        case Ask.SEVERAL_ROOMS if len(stays) > 1:
            together = rooms(stays)
            return (
                proposed,
                _(
                    "One booking arrives %(day)s, and %(rooms)s are closed from then. No code is "
                    "made for any of them before your answer.",
                    day=day,
                    rooms=together,
                ),
                _("OK, %(rooms)s are theirs", rooms=together),
            )
        case Ask.CLAIM:
            name = _claimant(session, question) or _("A guest")
            return (
                _(
                    "%(name)s says that %(reference)s is their booking.",
                    name=name,
                    reference=reference,
                ),
                _("Nobody else knows this reference. No code is made on a claim alone."),
                _("OK, %(room)s is theirs", room=here),
            )
        case Ask.MOVED:
            return (
                _(
                    "%(reference)s was changed and now arrives %(day)s. Is it this room?",
                    reference=reference,
                    day=day,
                ),
                _("With OK it leaves the nights it had."),
                _("OK, it moves to %(room)s", room=here),
            )
        case _:
            return (
                proposed,
                _(
                    "It arrives %(day)s, and %(room)s is closed from then. Another room might be, "
                    "so no code is made before your answer.",
                    day=day,
                    room=here,
                ),
                started(_("OK, %(room)s is theirs", room=here)),
            )


def _claimant(session: Session, question: Question) -> str | None:
    return session.scalar(
        select(Notice.name)
        .join(Match, Match.notice_id == Notice.id)
        .where(Match.question_id == question.id)
        .limit(1)
    )


def modified(session: Session, words: Words, stay: Reservation) -> str | None:
    """Say what the channel told was changed, until a host has looked."""
    if stay.modified_at is None:
        return None
    notice = _modification(session, stay)
    channel = wording.channel_name(notice.channel if notice else stay.channel)
    who = channel or _("The channel")
    if notice is None or notice.arrival in (None, stay.arrival):
        return str(
            _(
                "%(who)s says this booking was changed, and not how. Please look there, and put "
                "right here what is different.",
                who=who,
            )
        )
    return str(
        _(
            "%(who)s says this booking was changed: it now arrives %(day)s. Nothing was changed "
            "here yet.",
            who=who,
            day=words.weekday(notice.arrival),
        )
    )


def nights_to_correct(session: Session, stay: Reservation) -> Nights:
    """Return the dates to begin a correction with: the changed arrival, where one is told."""
    notice = _modification(session, stay) if stay.modified_at is not None else None
    if notice is None or notice.arrival is None or notice.arrival == stay.arrival:
        return stay.nights
    departure = notice.departure or notice.arrival + (stay.departure - stay.arrival)
    return Nights(notice.arrival, departure)


def _modification(session: Session, stay: Reservation) -> Notice | None:
    return session.scalar(
        select(Notice)
        .filter_by(property_id=stay.property_id, reference=stay.reference)
        .where(Notice.kind == NoticeKind.MODIFIED)
        .order_by(Notice.said_at.desc())
        .limit(1)
    )
