"""Finding out whose reservations are: quietly where it is certain, by asking where it is not."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.enrichment import (
    Ask,
    AskHost,
    Candidate,
    Decision,
    Enrich,
    LookAgain,
    Seeker,
    decide,
)
from app.models import (
    Match,
    MatchState,
    Notice,
    Origin,
    Property,
    Question,
    Reservation,
)
from app.seals import Seals
from app.services.calendars import Calendars
from app.services.codes import settle_codes
from app.services.history import CLOCK, record
from app.services.matches import OpenEnds, is_moved, open_ends
from app.services.placing import place
from app.services.questions import Tickets, ask_hosts, close_question
from app.services.reopening import reopen_resold
from app.services.testimony import restand

PROPOSING = (Ask.SEVERAL_ROOMS, Ask.LONE)
"""Questions whose rooms bear the reference, unconfirmed, while they are open."""


def tend_matches(
    session: Session, house: Property, *, seals: Seals, now: datetime
) -> list[Question]:
    """Bring the matches of a property in step with what is known; return what is newly asked.

    It may be called at any time and as often as one likes: without news it changes nothing. The
    caller holds the property, so that two workers never settle, or ask, the same thing.
    """
    session.flush()
    reopen_resold(session, house, now=now)
    ends = open_ends(session, house, now=now)
    told = place(session, ends.witnesses, now=now)
    work = _Tending(session, house, ends, seals, now)
    work.decide_all()
    touched = {stay.id: stay for stay in (*told, *work.enriched)}
    if touched:
        rooms = {stay.room_id for stay in touched.values()}
        stays = touched.values()
        restand(session, house, rooms, stays, seals=seals, now=now, actor="mail")
    session.flush()
    work.close_stale_questions()
    today = now.astimezone(house.zone).date()
    ask_hosts(session, house, [one for one in work.asked if one.arrival >= today], now=now)
    return work.asked


@dataclass
class _Day:
    """All that is open for one day of arrival."""

    seekers: list[tuple[Reservation, Match]]
    candidates: list[tuple[Notice, Match]]


class _Tending:
    """One pass over the open ends of a property."""

    def __init__(
        self, session: Session, house: Property, ends: OpenEnds, seals: Seals, now: datetime
    ) -> None:
        self.session, self.house, self.ends = session, house, ends
        self.seals, self.now = seals, now
        self.stays = {stay.id: stay for stay, _ in ends.seekers}
        self.notices = {notice.id: notice for notice, _ in ends.candidates}
        self.match_of_stay = {stay.id: match for stay, match in ends.seekers}
        self.match_of_notice = {notice.id: match for notice, match in ends.candidates}
        self.calendars = Calendars(session, house)
        self.enriched: list[Reservation] = []
        self.tickets = Tickets(session, house, now)
        self.asked: list[Question] = []
        self.members = Counter(match.question_id for _, match in (*ends.seekers, *ends.candidates))
        """How many open matches each question is about."""
        self.left: dict[int, Question] = {}
        """Questions that some match was taken out of."""

    def decide_all(self) -> None:
        """Decide on every day of arrival that something is open for."""
        days: dict[date, _Day] = defaultdict(lambda: _Day([], []))
        for stay, match in self.ends.seekers:
            days[stay.arrival].seekers.append((stay, match))
        for notice, match in self.ends.candidates:
            if notice.arrival is not None:
                days[notice.arrival].candidates.append((notice, match))
        elsewhere = self.calendars.days_open_elsewhere(set(days))
        for arrival in sorted(days):
            seekers = [
                self._seeker(stay, match, arrival in elsewhere)
                for stay, match in days[arrival].seekers
            ]
            candidates = [self._candidate(*pair) for pair in days[arrival].candidates]
            for decision in decide(seekers, candidates, self.calendars.channels, self.now):
                self._carry_out(arrival, decision)

    def _seeker(self, stay: Reservation, match: Match, open_elsewhere: bool) -> Seeker:
        return Seeker(
            stay.id,
            stay.channel,
            match.opened_at,
            others_read=not open_elsewhere and self.calendars.others_read(stay),
            refused=match.refused,
        )

    def _candidate(self, notice: Notice, match: Match) -> Candidate:
        return Candidate(
            notice.id,
            notice.reference,
            notice.channel,
            notice.said_at,
            match.opened_at,
            is_claim=notice.origin == Origin.GUEST,
            is_growing=notice.id in self.ends.growing,
            is_moved=is_moved(notice, self.ends.bearers),
        )

    def _carry_out(self, arrival: date, decision: Decision) -> None:
        match decision:
            case Enrich(reservation_id, notice_id):
                self._enrich(self.stays[reservation_id], self.notices[notice_id])
            case AskHost():
                self._ask(arrival, decision)
            case LookAgain(reservation_ids, notice_ids, at):
                for match in self._matches(reservation_ids, notice_ids):
                    self._leave_question(match)
                    match.state, match.look_at = MatchState.SEARCHING, at
                for reservation_id in reservation_ids:
                    stay = self.stays[reservation_id]
                    self._unmark(stay)
                    if notice_ids:
                        self.calendars.read_others_soon(stay, self.now)

    def _enrich(self, stay: Reservation, notice: Notice) -> None:
        """Take a notice as this reservation's booking: no other one it could be."""
        by = "an export" if notice.origin == Origin.EXPORT else "mail"
        how = f"Found by {by}: the only booking for that day, and the only room closed from it."
        for match in (self.match_of_stay[stay.id], self.match_of_notice[notice.id]):
            self._leave_question(match)
            match.state, match.look_at = MatchState.SETTLED, None
            match.settled_at, match.settled_how = self.now, how
        stay.reference = stay.unconfirmed_at = None  # what was proposed is said for certain below
        place(self.session, [(notice, stay)], now=self.now)
        self.enriched.append(stay)

    def _ask(self, arrival: date, decision: AskHost) -> None:
        matches = self._matches(decision.reservation_ids, decision.notice_ids)
        if self._is_asked_already(decision, matches):
            return
        for match in matches:
            self._leave_question(match)
        proposed = decision.reference if decision.ask in PROPOSING else None
        for reservation_id in decision.reservation_ids:
            stay = self.stays[reservation_id]
            if stay.reference != proposed:
                self._unmark(stay)
            if proposed is not None:
                self._mark(stay, proposed)
        question = Question(
            property_id=self.house.id,
            ticket=self.tickets.take(),
            ask=decision.ask,
            arrival=arrival,
            reference=decision.reference,
            asked_at=self.now,
        )
        self.session.add(question)
        for match in matches:
            match.state, match.question, match.look_at = MatchState.WAITING, question, None
        self.asked.append(question)

    def _is_asked_already(self, decision: AskHost, matches: Sequence[Match]) -> bool:
        question = matches[0].question
        return (
            question is not None
            and question.closed_at is None
            and (question.ask, question.reference) == (decision.ask, decision.reference)
            and all(match.question is question for match in matches)
            and self.members[question.id] == len(matches)
        )

    def _matches(self, reservation_ids: Iterable[int], notice_ids: Iterable[int]) -> list[Match]:
        found = [self.match_of_stay[one] for one in reservation_ids]
        return found + [self.match_of_notice[one] for one in notice_ids]

    def _leave_question(self, match: Match) -> None:
        if match.question is not None and match.question.closed_at is None:
            self.left[match.question.id] = match.question

    def _mark(self, stay: Reservation, reference: str) -> None:
        """Let a room bear a reference that a host has yet to confirm."""
        if stay.is_unconfirmed and stay.reference == reference:
            return
        stay.reference, stay.unconfirmed_at = reference, self.now
        self._note(stay, "reference-proposed", after={"reference": reference})

    def _unmark(self, stay: Reservation) -> None:
        """Take back what was proposed; whoever came in on it keeps nothing by it."""
        if not stay.is_unconfirmed:
            return
        before = {"reference": stay.reference}
        guest = stay.guest
        stay.reference = stay.unconfirmed_at = stay.guest = stay.checked_in_by_host_at = None
        self._note(stay, "reference-withdrawn", before=before)
        if guest is not None:
            self.session.flush()
            settle_codes(
                self.session, self.house, [guest], seals=self.seals, now=self.now, actor=CLOCK
            )

    def close_stale_questions(self) -> None:
        """Close questions that are answered by what came to light, or asked anew otherwise."""
        for question in self.left.values():
            close_question(question, "What is known has changed since it was asked.", self.now)
        settled = self.session.scalars(
            select(Question).where(
                Question.property_id == self.house.id,
                Question.closed_at.is_(None),
                Question.id.not_in(
                    select(Match.question_id).where(
                        Match.state == MatchState.WAITING, Match.question_id.is_not(None)
                    )
                ),
            )
        )
        for question in settled:
            close_question(question, "It was settled otherwise.", self.now)

    def _note(self, stay: Reservation, what: str, **facts: Mapping[str, object]) -> None:
        record(
            self.session,
            stay,
            what,
            actor="mail",
            at=self.now,
            property_id=self.house.id,
            before=facts.get("before"),
            after=facts.get("after"),
        )
