"""The page of bookings to place: each route as a page and for htmx, and what its acts leave."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.db import db
from app.domain.enrichment import Ask
from app.domain.notices import NoticeKind
from app.models import (
    AccessCode,
    ChangeSet,
    CodeState,
    Door,
    Guest,
    HistoryEntry,
    Host,
    Mailbox,
    MailOutcome,
    Match,
    MatchState,
    Message,
    MessageState,
    Notice,
    Origin,
    Property,
    Question,
    Reservation,
    Role,
    Room,
    SeenMail,
    Status,
    TextStep,
)
from app.seals import Seals
from app.services.enrichment import tend_matches
from app.services.notices import take_notices
from app.services.text_troubles import note_trouble
from tests.factories import booking_mail, make_closed, make_host, make_house, make_room
from tests.web.houses import now
from tests.web.visitor import Elements, Visitor, everything

A, B, C = "5100200301", "5100200304", "5100200307"
BOTH_WAYS = pytest.mark.parametrize("htmx", [False, True])
ON_BOTH = pytest.mark.parametrize("database_url", ["sqlite", "postgresql"], indirect=True)
MINUTE = timedelta(minutes=1)


class Puzzle:
    """A house with closed nights and mails, and a host of it with a browser."""

    def __init__(self, app: Flask, session: Session, seals: Seals) -> None:
        self.app, self.session, self.seals = app, session, seals
        self.house: Property = make_house(session)
        self.sam = self.host(Role.OWNER)
        self.sam.phone = "+447700900123"
        self.at: datetime = now()
        self.day: date = self.at.date() + timedelta(days=10)
        self.visitor = self.visit(self.sam)

    def host(self, role: Role, name: str = "Sam") -> Host:
        host = make_host(self.session, self.house, role)
        host.name = name
        self.session.commit()
        return host

    def visit(self, host: Host) -> Visitor:
        one = Visitor(self.app)
        assert one.sign_in(host).status_code == 303
        return one

    def closed(self, number: int, nights: int = 2, later: int = 0) -> Reservation:
        arrival = self.day + timedelta(days=later)
        stay = make_closed(
            self.session, self.house, number,
            arrival=arrival, nights=nights, seals=self.seals, now=self.at,
        )  # fmt: skip
        self.tend()
        return stay

    def mail(
        self, reference: str, later: int = 0, *, origin: Origin = Origin.MAIL, **facts: object
    ) -> None:
        arrival = self.day + timedelta(days=later)
        said = booking_mail(reference, arrival, said_at=self.at, **facts)  # type: ignore[arg-type]
        take_notices(self.session, self.house, [said], origin, seals=self.seals, now=self.at)
        self.tend()

    def tend(self, after: timedelta = timedelta()) -> None:
        self.at += after
        tend_matches(self.session, self.house, seals=self.seals, now=self.at)
        self.session.commit()

    @property
    def question(self) -> Question:
        return self.session.scalars(select(Question).where(Question.closed_at.is_(None))).one()

    def questions(self) -> list[Ask]:
        open_ones = select(Question.ask).where(Question.closed_at.is_(None)).order_by(Question.id)
        return list(self.session.scalars(open_ones))

    def say(self, noun: str, *, htmx: bool = False) -> TestResponse:
        path = f"/admin/questions/{self.question.id}/{noun}"
        return self.visitor.post(path, self.seen(), htmx=htmx)

    def settle(
        self, picks: dict[Reservation, str], typed: dict[Reservation, str], *, htmx: bool = False
    ) -> TestResponse:
        form: dict[str, object] = {f"pick-{stay.id}": pick for stay, pick in picks.items()}
        form |= {f"reference-{stay.id}": text for stay, text in typed.items()}
        path = f"/admin/matches/{self.day.isoformat()}/settlement"
        return self.visitor.post(path, {**form, **self.seen()}, htmx=htmx)

    def seen(self) -> dict[str, list[str]]:
        return {"seen": seen_on(self.visitor.get("/admin/matches").text)}

    def undo(self, *, htmx: bool = False) -> TestResponse:
        last = self.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc())).first()
        assert last is not None
        return self.visitor.post(f"/admin/matches/acts/{last.id}/undo", self.seen(), htmx=htmx)

    def facts(self, *stays: Reservation) -> list[tuple[str | None, Status, bool]]:
        self.session.expire_all()
        return [(stay.reference, stay.status, stay.is_unconfirmed) for stay in stays]

    def rooms_of(self, reference: str) -> set[int]:
        """Return the rooms whose doors have, or will have, a code of this booking's guest."""
        wanted = (
            select(Room.number)
            .join(Door, Door.room_id == Room.id)
            .join(AccessCode, AccessCode.door_id == Door.id)
            .join(Guest, Guest.id == AccessCode.guest_id)
            .where(
                Guest.reference == reference,
                AccessCode.state.in_((CodeState.WANTED, CodeState.ACTIVE)),
            )
        )
        return set(self.session.scalars(wanted))

    def how(self, stay: Reservation) -> str | None:
        return self.session.scalar(select(Match.settled_how).filter_by(reservation_id=stay.id))


@pytest.fixture
def puzzle(app: Flask, session: Session, seals: Seals) -> Puzzle:
    return Puzzle(app, session, seals)


def seen_on(page: str) -> list[str]:
    return [
        attrs["value"] or ""
        for tag, attrs in Elements(page).all
        if tag == "input" and attrs.get("name") == "seen"
    ]


def ids(page: str) -> list[str]:
    return [attrs.get("id") or "" for _tag, attrs in Elements(page).roots]


def days_on(page: str) -> list[str]:
    found = [attrs.get("id") or "" for tag, attrs in Elements(page).all if tag == "section"]
    return [one.removeprefix("day-") for one in found if one.startswith("day-")]


def lines_on(page: str) -> list[str | None]:
    return [attrs.get("class") for tag, attrs in Elements(page).all if tag == "path"]


def paths_on(page: str) -> set[str]:
    return {attrs["action"] or "" for tag, attrs in Elements(page).all if tag == "form"}


@contextmanager
def statements() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


def test_nothing_open_is_said(puzzle: Puzzle) -> None:
    page = puzzle.visitor.get("/admin/matches").text

    assert "Every booking is known. Nothing is open." in page
    assert days_on(page) == []


@BOTH_WAYS
def test_a_day_shows_its_rooms_its_bookings_and_why_they_are_put_together(
    puzzle: Puzzle, htmx: bool
) -> None:
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)

    page = puzzle.visitor.get("/admin/matches", htmx=htmx).text

    assert days_on(page) == [puzzle.day.isoformat()]
    assert lines_on(page) == ["is-proposed", "is-proposed"]
    assert f"{A} arrives that day and two rooms are closed from it." in page
    assert "proposed: rooms 1 and 2" in page
    assert f"Yes, all of these are {A}" in page


def test_two_bookings_of_one_day_are_only_possible(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)
    puzzle.mail(B, name="Anna Smith")

    page = puzzle.visitor.get("/admin/matches").text

    assert lines_on(page) == ["is-possible"] * 4
    assert "Anna Smith" in page
    assert "Yes, all" not in page


def test_the_state_of_asking_is_told(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    page = puzzle.visitor.get("/admin/matches").text
    assert "Looking for a mail; we ask" in page

    puzzle.tend(11 * MINUTE)
    page = puzzle.visitor.get("/admin/matches").text
    assert "The text to Sam is on its way, ticket A." in page

    message = puzzle.session.scalars(select(Message)).one()
    message.state, message.sent_at = MessageState.DELIVERED, puzzle.at
    assert "Asked Sam by text" in puzzle.visitor.get("/admin/matches").text

    message.state = MessageState.FAILED
    assert "The text to Sam did not arrive." in puzzle.visitor.get("/admin/matches").text


def test_soonest_days_come_first_and_the_rest_on_further_pages(puzzle: Puzzle) -> None:
    for later in range(35, 0, -1):
        puzzle.closed(1 + later % 3, nights=1, later=later)

    page = puzzle.visitor.get("/admin/matches").text
    days = [(puzzle.day + timedelta(days=later)).isoformat() for later in range(1, 36)]
    assert days_on(page) == days[:30]
    assert "5 more days" in page
    assert days_on(puzzle.visitor.get(f"/admin/matches?from={days[30]}").text) == days[30:]


@pytest.mark.parametrize("since", ["never", "2026-13-01", "", "20261201", "0001-01-01"])
def test_a_page_that_begins_on_no_day_begins_with_the_soonest(puzzle: Puzzle, since: str) -> None:
    puzzle.closed(1)

    page = puzzle.visitor.get("/admin/matches", query_string={"from": since}).text

    assert days_on(page) == [puzzle.day.isoformat()]


def test_news_is_no_page(puzzle: Puzzle) -> None:
    answer = puzzle.visitor.get("/admin/matches/news")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/matches")


def news(visitor: Visitor, seen: Sequence[str]) -> TestResponse:
    return visitor.get("/admin/matches/news", query_string={"seen": seen}, htmx=True)


def test_no_news_is_no_content(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    seen = seen_on(puzzle.visitor.get("/admin/matches").text)

    answer = news(puzzle.visitor, seen)

    assert (answer.status_code, answer.text) == (204, "")


def test_only_the_day_that_changed_is_sent_again(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    puzzle.closed(2, later=1)
    seen = seen_on(puzzle.visitor.get("/admin/matches").text)

    puzzle.mail(B, later=1, name="Anna Smith")
    puzzle.mail(C, later=1)
    answer = news(puzzle.visitor, seen)

    assert answer.status_code == 200
    assert ids(answer.text)[0] == "news"
    assert days_on(answer.text) == [(puzzle.day + timedelta(days=1)).isoformat()]
    changed = dict(Elements(answer.text).all)["section"]
    assert changed["hx-swap-oob"] == "true"


def test_a_new_day_is_put_in_its_place(puzzle: Puzzle) -> None:
    puzzle.closed(1, later=4)
    seen = seen_on(puzzle.visitor.get("/admin/matches").text)

    puzzle.closed(2, later=2)
    puzzle.closed(3, later=6)
    answer = news(puzzle.visitor, seen)

    places = [attrs.get("hx-swap-oob") or "" for _tag, attrs in Elements(answer.text).roots]
    before = (puzzle.day + timedelta(days=4)).isoformat()
    assert f"beforebegin:#day-{before}" in places
    assert "beforeend:#days" in places
    assert "hx-swap-oob" not in dict(Elements(answer.text).all)["section"]


def test_what_is_being_typed_is_preserved_in_what_comes_by_itself(puzzle: Puzzle) -> None:
    stay, _other = puzzle.closed(1), puzzle.closed(2)
    seen = seen_on(puzzle.visitor.get("/admin/matches").text)
    puzzle.mail(B)
    puzzle.mail(C)

    fields = {
        attrs["id"]: attrs
        for tag, attrs in Elements(news(puzzle.visitor, seen).text).all
        if tag == "input" and attrs.get("type") in ("text", "radio")
    }

    assert f"reference-{stay.id}" in fields
    assert all(attrs.get("hx-preserve") == "true" for attrs in fields.values())


def test_a_day_that_was_settled_says_so_to_who_still_shows_it(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)
    kim = puzzle.visit(puzzle.host(Role.STAFF, "Kim"))
    seen = seen_on(kim.get("/admin/matches").text)

    puzzle.say("confirmation")
    answer = news(kim, seen)

    assert "All bookings of this day are known." in answer.text
    assert "Sam, at the dashboard" in answer.text
    last_act = [one for one in seen if one.startswith("last-act")]
    assert news(kim, [*seen_on(answer.text), *last_act]).status_code == 204


@pytest.mark.parametrize("seen", ["", ".", "news", "x.y", "2026-99-99.a", "9999-12-31.b", "é.é"])
def test_whatever_a_browser_says_it_has_seen_is_answered(puzzle: Puzzle, seen: str) -> None:
    puzzle.closed(1)

    assert news(puzzle.visitor, [seen]).status_code == 200


@ON_BOTH
@BOTH_WAYS
def test_yes_gives_all_rooms_to_one_guest_with_codes(puzzle: Puzzle, htmx: bool) -> None:
    first, second = puzzle.closed(1), puzzle.closed(2)
    puzzle.mail(A)
    assert puzzle.rooms_of(A) == set()

    answer = puzzle.say("confirmation", htmx=htmx)

    assert puzzle.facts(first, second) == [(A, Status.CONFIRMED, False)] * 2
    assert puzzle.session.scalars(select(Guest)).one().reference == A
    assert puzzle.rooms_of(A) == {1, 2}
    assert puzzle.questions() == []
    assert puzzle.how(first) == "Sam, at the dashboard"
    if htmx:
        assert ids(answer.text)[0] == f"day-{puzzle.day.isoformat()}"
        assert "last-act" in ids(answer.text)
        assert f"{A}: rooms 1 and 2" in answer.text
    else:
        where = answer.headers["Location"]
        assert (answer.status_code, where) == (303, f"/admin/matches#day-{puzzle.day.isoformat()}")
        assert f"{A}: rooms 1 and 2" in puzzle.visitor.get("/admin/matches").text


@ON_BOTH
@BOTH_WAYS
def test_undo_takes_a_yes_back_with_its_codes(puzzle: Puzzle, htmx: bool) -> None:
    first, second = puzzle.closed(1), puzzle.closed(2)
    puzzle.mail(A)
    puzzle.say("confirmation")

    answer = puzzle.undo(htmx=htmx)

    assert puzzle.facts(first, second) == [(A, Status.OPEN, True)] * 2
    assert puzzle.rooms_of(A) == set()
    assert puzzle.questions() == [Ask.SEVERAL_ROOMS]
    if htmx:
        assert ids(answer.text)[0] == "last-act"
        assert "Taken back:" in answer.text
        assert days_on(answer.text) == [puzzle.day.isoformat()]
    else:
        assert answer.status_code == 303
        assert "Taken back:" in puzzle.visitor.get("/admin/matches").text


def test_undo_is_over_after_ten_minutes(puzzle: Puzzle) -> None:
    first, second = puzzle.closed(1), puzzle.closed(2)
    puzzle.mail(A)
    puzzle.say("confirmation")
    puzzle.session.scalars(select(ChangeSet)).one().made_at -= 10 * MINUTE
    assert "Undo" not in puzzle.visitor.get("/admin/matches").text

    answer = puzzle.undo(htmx=True)

    assert "The ten minutes for taking this back are over." in answer.text
    assert puzzle.facts(first, second) == [(A, Status.CONFIRMED, False)] * 2


def test_nobody_takes_back_what_another_did(puzzle: Puzzle) -> None:
    first = puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)
    puzzle.say("confirmation")
    puzzle.visitor = puzzle.visit(puzzle.host(Role.OWNER, "Kim"))

    puzzle.undo()

    assert puzzle.facts(first) == [(A, Status.CONFIRMED, False)]


@ON_BOTH
@BOTH_WAYS
def test_no_leaves_the_rooms_open_and_asks_which_is_whose(puzzle: Puzzle, htmx: bool) -> None:
    first, second = puzzle.closed(1), puzzle.closed(2)
    puzzle.mail(A)

    puzzle.say("refusal", htmx=htmx)

    assert puzzle.facts(first, second) == [(None, Status.OPEN, False)] * 2
    assert puzzle.questions() == [Ask.COLLISION]
    assert puzzle.rooms_of(A) == set()

    puzzle.undo(htmx=htmx)
    assert puzzle.questions() == [Ask.SEVERAL_ROOMS]


def test_an_answer_that_comes_second_changes_nothing_and_says_so(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)
    question = puzzle.question
    puzzle.say("confirmation")
    before = everything(puzzle.session)

    answer = puzzle.visitor.post(f"/admin/questions/{question.id}/refusal", htmx=True)

    assert answer.status_code == 422
    assert "answered meanwhile" in answer.text
    assert everything(puzzle.session) == before


@ON_BOTH
@BOTH_WAYS
def test_a_days_form_settles_what_was_filled_in_and_leaves_the_rest_open(
    puzzle: Puzzle, htmx: bool
) -> None:
    make_room(puzzle.session, puzzle.house, 4)
    one, two, three, four = (puzzle.closed(number) for number in (1, 2, 3, 4))
    puzzle.mail(A)
    puzzle.mail(B)

    answer = puzzle.settle(
        {one: A, two: "", three: "nobody", four: ""}, {two: " #5100 200 304 "}, htmx=htmx
    )

    assert answer.status_code == (200 if htmx else 303)
    assert puzzle.facts(one, two, three, four) == [
        (A, Status.CONFIRMED, False),
        (B, Status.CONFIRMED, False),
        (None, Status.BLOCK, False),
        (None, Status.OPEN, False),
    ]
    assert (puzzle.rooms_of(A), puzzle.rooms_of(B)) == ({1}, {2})
    assert puzzle.how(three) == "Sam, at the dashboard"

    puzzle.undo(htmx=htmx)
    assert puzzle.facts(one, two, three, four) == [(None, Status.OPEN, False)] * 4
    assert (puzzle.rooms_of(A), puzzle.rooms_of(B)) == (set(), set())
    assert puzzle.questions() == [Ask.COLLISION]


@ON_BOTH
def test_two_rooms_given_one_reference_are_one_guest(puzzle: Puzzle) -> None:
    one, two = puzzle.closed(1), puzzle.closed(2)
    puzzle.mail(A)
    puzzle.mail(B)

    puzzle.settle({one: A, two: A}, {})

    assert puzzle.session.scalars(select(Guest.reference)).all() == [A]
    assert puzzle.rooms_of(A) == {1, 2}


@BOTH_WAYS
@pytest.mark.parametrize("text", ["??", "no", "12-"])
def test_a_bad_reference_settles_nothing_and_keeps_what_was_typed(
    puzzle: Puzzle, text: str, htmx: bool
) -> None:
    one, two = puzzle.closed(1), puzzle.closed(2)
    puzzle.mail(A)
    puzzle.mail(B)
    before = everything(puzzle.session)

    answer = puzzle.settle({one: A, two: ""}, {two: text}, htmx=htmx)

    assert answer.status_code == 422
    assert everything(puzzle.session) == before
    fields = {attrs.get("id"): attrs for tag, attrs in Elements(answer.text).all if tag == "input"}
    typed = fields[f"reference-{two.id}"]
    assert (typed["value"], typed["aria-invalid"]) == (text, "true")
    assert "checked" in fields[f"pick-{one.id}-{A}"]
    assert "hx-preserve" not in typed


@BOTH_WAYS
def test_a_choice_and_another_reference_for_one_room_are_not_both_taken(
    puzzle: Puzzle, htmx: bool
) -> None:
    one, _two = puzzle.closed(1), puzzle.closed(2)
    puzzle.mail(A)
    puzzle.mail(B)

    answer = puzzle.settle({one: A}, {one: B}, htmx=htmx)

    assert answer.status_code == 422
    assert "not both" in answer.text
    assert puzzle.facts(one)[0][1] == Status.OPEN


@BOTH_WAYS
def test_a_form_with_nothing_in_it_asks_for_something(puzzle: Puzzle, htmx: bool) -> None:
    one = puzzle.closed(1)

    answer = puzzle.settle({one: ""}, {one: ""}, htmx=htmx)

    assert answer.status_code == 422
    assert "Say of one room at least whose it is." in answer.text


@ON_BOTH
@BOTH_WAYS
def test_a_room_that_was_settled_meanwhile_stops_the_whole_form(puzzle: Puzzle, htmx: bool) -> None:
    one, two, _three = (puzzle.closed(number) for number in (1, 2, 3))
    puzzle.mail(A)
    puzzle.mail(B)
    puzzle.settle({one: A}, {})
    before = everything(puzzle.session)

    answer = puzzle.settle({one: B, two: "nobody"}, {}, htmx=htmx)

    assert answer.status_code == 422
    assert "Meanwhile room 1 was settled." in answer.text
    assert everything(puzzle.session) == before


def test_rooms_of_another_house_cannot_be_settled(
    puzzle: Puzzle, session: Session, seals: Seals
) -> None:
    puzzle.closed(1)
    other = make_house(session, "Harbour House")
    theirs = make_closed(session, other, 1, arrival=puzzle.day, seals=seals, now=puzzle.at)
    tend_matches(session, other, seals=seals, now=puzzle.at)
    session.commit()
    before = everything(session)

    answer = puzzle.settle({theirs: A}, {}, htmx=True)

    assert answer.status_code == 422
    assert everything(session) == before


@pytest.mark.parametrize("day", ["never", "2026-13-01", "20261201"])
def test_a_day_that_is_none_is_404(puzzle: Puzzle, day: str) -> None:
    assert puzzle.visitor.post(f"/admin/matches/{day}/settlement").status_code == 404


@ON_BOTH
@BOTH_WAYS
def test_closed_nights_are_parted_and_put_together_again(puzzle: Puzzle, htmx: bool) -> None:
    whole = puzzle.closed(1, nights=5)
    leaves = puzzle.day + timedelta(days=2)
    form = {"departure": leaves.isoformat(), **puzzle.seen()}

    answer = puzzle.visitor.post(f"/admin/reservations/{whole.id}/parts", form, htmx=htmx)

    end = puzzle.day + timedelta(days=5)
    assert open_nights(puzzle) == [(puzzle.day, leaves), (leaves, end)]
    assert open_matches(puzzle) == [puzzle.day, leaves]
    if htmx:
        assert days_on(answer.text) == [puzzle.day.isoformat(), leaves.isoformat()]

    puzzle.undo(htmx=htmx)
    assert open_nights(puzzle) == [(puzzle.day, end)]
    assert open_matches(puzzle) == [puzzle.day]


def open_nights(puzzle: Puzzle) -> list[tuple[date, date]]:
    puzzle.session.expire_all()
    stays = puzzle.session.scalars(
        select(Reservation).filter_by(status=Status.OPEN).order_by(Reservation.arrival)
    )
    return [(stay.arrival, stay.departure) for stay in stays]


def open_matches(puzzle: Puzzle) -> list[date]:
    open_ones = Match.state.in_((MatchState.SEARCHING, MatchState.WAITING))
    return list(
        puzzle.session.scalars(select(Match.arrival).where(open_ones).order_by(Match.arrival))
    )


@BOTH_WAYS
@pytest.mark.parametrize("after", [0, 5, 400, None])
def test_nights_are_not_parted_outside_of_them(
    puzzle: Puzzle, after: int | None, htmx: bool
) -> None:
    whole = puzzle.closed(1, nights=5)
    day = "" if after is None else (puzzle.day + timedelta(days=after)).isoformat()
    before = everything(puzzle.session)

    answer = puzzle.visitor.post(
        f"/admin/reservations/{whole.id}/parts", {"departure": day}, htmx=htmx
    )

    assert answer.status_code == 422
    assert everything(puzzle.session) == before


@ON_BOTH
@BOTH_WAYS
def test_a_booking_that_is_not_ours_is_dismissed_and_taken_up_again(
    puzzle: Puzzle, htmx: bool
) -> None:
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)
    puzzle.mail(B)
    puzzle.mail(C)
    notice = puzzle.session.scalars(select(Notice).filter_by(reference=B)).one()

    puzzle.visitor.post(f"/admin/notices/{notice.id}/dismissal", puzzle.seen(), htmx=htmx)

    dismissed = select(Notice.dismissed_at).filter_by(id=notice.id)
    assert puzzle.session.scalar(dismissed) is not None
    match = puzzle.session.scalars(select(Match).filter_by(notice_id=notice.id)).one()
    assert (match.state, match.settled_how) == (MatchState.DROPPED, "Sam, at the dashboard")
    assert f"{B}: not a booking of ours" in puzzle.visitor.get("/admin/matches").text

    puzzle.undo(htmx=htmx)
    assert puzzle.session.scalar(dismissed) is None
    assert puzzle.session.scalar(select(Match.state).filter_by(id=match.id)) == MatchState.WAITING


def unplaced(puzzle: Puzzle) -> Notice:
    puzzle.mail(A)
    puzzle.tend(31 * MINUTE)
    assert puzzle.questions() == [Ask.UNPLACED]
    return puzzle.session.scalars(select(Notice)).one()


@ON_BOTH
@BOTH_WAYS
def test_a_booking_without_a_room_is_put_in_a_free_one(puzzle: Puzzle, htmx: bool) -> None:
    notice = unplaced(puzzle)
    room = puzzle.session.scalars(select(Room).filter_by(number=2)).one()
    leaves = puzzle.day + timedelta(days=3)
    form = {"room": str(room.id), "departure": leaves.isoformat(), **puzzle.seen()}

    puzzle.visitor.post(f"/admin/notices/{notice.id}/stay", form, htmx=htmx)

    stay = puzzle.session.scalars(select(Reservation)).one()
    assert (stay.room_id, stay.arrival, stay.departure) == (room.id, puzzle.day, leaves)
    assert (stay.reference, stay.status) == (A, Status.CONFIRMED)
    assert puzzle.questions() == []

    puzzle.undo(htmx=htmx)
    assert puzzle.facts(stay)[0][1] == Status.CANCELLED


@BOTH_WAYS
def test_a_booking_is_not_put_where_another_is(puzzle: Puzzle, htmx: bool) -> None:
    notice = unplaced(puzzle)
    taken = puzzle.closed(1, later=1)
    form = {"room": str(taken.room_id), "departure": taken.departure.isoformat()}

    answer = puzzle.visitor.post(f"/admin/notices/{notice.id}/stay", form, htmx=htmx)

    assert answer.status_code == 422
    assert "Room 1 is closed on some of these nights already." in answer.text
    assert taken.departure.isoformat() in answer.text


@BOTH_WAYS
@pytest.mark.parametrize(("room", "leaves"), [("", 3), ("x", 3), ("999", 3), ("1", 0), ("1", None)])
def test_a_booking_is_put_only_in_a_room_and_for_a_night(
    puzzle: Puzzle, room: str, leaves: int | None, htmx: bool
) -> None:
    notice = unplaced(puzzle)
    day = "" if leaves is None else (puzzle.day + timedelta(days=leaves)).isoformat()

    answer = puzzle.visitor.post(
        f"/admin/notices/{notice.id}/stay", {"room": room, "departure": day}, htmx=htmx
    )

    assert answer.status_code == 422
    assert puzzle.session.scalars(select(Reservation)).all() == []


@ON_BOTH
def test_a_guests_claim_is_confirmed_or_refused(puzzle: Puzzle) -> None:
    stay = puzzle.closed(1)
    puzzle.mail(A, origin=Origin.GUEST, name="Anna Smith")
    page = puzzle.visitor.get("/admin/matches").text
    assert "Guest’s claim by Anna Smith" in page
    assert f"Anna Smith says that {A} is their booking" in page

    puzzle.say("refusal")
    assert puzzle.facts(stay) == [(None, Status.OPEN, False)]
    assert "the claim is refused" in puzzle.visitor.get("/admin/matches").text

    puzzle.undo()
    puzzle.say("confirmation")
    assert puzzle.facts(stay) == [(A, Status.CONFIRMED, False)]


def test_a_claim_on_several_rooms_asks_which_rather_than_for_a_yes(puzzle: Puzzle) -> None:
    one = puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A, origin=Origin.GUEST, name="Anna Smith")

    page = puzzle.visitor.get("/admin/matches").text
    assert "Which of rooms 1 and 2 is theirs?" in page
    assert lines_on(page) == ["is-possible", "is-possible"]
    assert puzzle.say("confirmation", htmx=True).status_code == 422

    puzzle.settle({one: A}, {})
    assert puzzle.facts(one) == [(A, Status.CONFIRMED, False)]


@ON_BOTH
@BOTH_WAYS
def test_a_changed_booking_is_listed_until_it_was_seen(puzzle: Puzzle, htmx: bool) -> None:
    stay = puzzle.closed(1)
    puzzle.mail(A)
    puzzle.at += MINUTE
    puzzle.mail(A, later=2, kind=NoticeKind.MODIFIED)
    said = f"{A} was changed at Booking.com: the mail says it now arrives"
    assert said in puzzle.visitor.get("/admin/matches").text

    answer = puzzle.visitor.post(f"/admin/matches/changes/{stay.id}/seen", puzzle.seen(), htmx=htmx)

    puzzle.session.expire_all()
    assert stay.modified_at is None
    assert answer.status_code == (200 if htmx else 303)
    assert said not in puzzle.visitor.get("/admin/matches").text
    entry = puzzle.session.scalars(select(HistoryEntry).filter_by(what="modification-seen")).one()
    assert entry.subject_id == stay.id

    puzzle.undo()
    assert said in puzzle.visitor.get("/admin/matches").text


@ON_BOTH
@BOTH_WAYS
def test_a_doubtful_mail_is_listed_until_it_was_seen(puzzle: Puzzle, htmx: bool) -> None:
    mail = SeenMail(
        message_id="<1@example>", received_at=now(), seen_at=now(),
        outcome=MailOutcome.DOUBTFUL, why="It was not sent by Booking.com.",
    )  # fmt: skip
    puzzle.session.add(mail)
    puzzle.session.commit()
    assert "It was not sent by Booking.com." in puzzle.visitor.get("/admin/matches").text

    answer = puzzle.visitor.post("/admin/matches/mails/seen", {"mail": str(mail.id)}, htmx=htmx)

    puzzle.session.expire_all()
    assert mail.dismissed_at is not None
    assert (ids(answer.text)[0] == "notes") if htmx else answer.status_code == 303
    form = {"mail": str(mail.id), "again": "1"}
    puzzle.visitor.post("/admin/matches/mails/seen", form, htmx=htmx)
    puzzle.session.expire_all()
    assert mail.dismissed_at is None


@pytest.mark.parametrize("mail", ["", "x", "999", "-1", "9" * 30])
def test_a_mail_that_is_none_is_forgiven(puzzle: Puzzle, mail: str) -> None:
    answer = puzzle.visitor.post("/admin/matches/mails/seen", {"mail": mail}, htmx=True)

    assert answer.status_code == 200


def test_a_viewer_sees_all_and_can_press_nothing(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)

    page = puzzle.visit(puzzle.host(Role.VIEWER)).get("/admin/matches").text

    assert A in page
    assert paths_on(page) == {"/admin/sign-out"}


def test_what_was_settled_lately_says_by_whom(puzzle: Puzzle) -> None:
    puzzle.closed(1)
    puzzle.mail(A)

    page = puzzle.visitor.get("/admin/matches").text

    assert "Found by mail: the only booking for that day" in page
    assert f"{A}: room 1" in page


def test_names_from_mails_are_text(puzzle: Puzzle) -> None:
    marker = '"><img src=x onerror=alert(1)>'
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A, name=marker)
    puzzle.mail(B, name=marker, origin=Origin.GUEST)

    pages = [puzzle.visitor.get(path).text for path in ("/admin/matches", "/admin/")]
    pages.append(puzzle.settle({}, {puzzle.closed(3): marker}, htmx=True).text)

    assert not any("<img" in page for page in pages)


def test_open_questions_are_on_the_dashboard_once_and_lead_to_their_day(puzzle: Puzzle) -> None:
    puzzle.day = puzzle.at.date()
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)

    page = puzzle.visitor.get("/admin/").text

    assert f"Which of rooms 1 and 2 from today is {A}’s? All of them?" in page
    assert f'href="/admin/matches#day-{puzzle.day.isoformat()}"' in page
    assert "has not told us who has room" not in page
    assert ' id="to-place" class="to-place figures">1<' in page


def test_a_cleaner_is_shown_no_question(puzzle: Puzzle) -> None:
    puzzle.day = puzzle.at.date()
    puzzle.closed(1)
    puzzle.closed(2)
    puzzle.mail(A)

    page = puzzle.visit(puzzle.host(Role.CLEANER)).get("/admin/").text

    assert A not in page
    assert "/admin/matches" not in page


def test_silence_is_on_the_dashboard(puzzle: Puzzle) -> None:
    puzzle.sam.texts_stopped_at = now()
    puzzle.session.add(
        Mailbox(name="m", failing_since=now() - 61 * MINUTE, fault="It refused our password.")
    )
    text = Message(
        property_id=puzzle.house.id, host_id=puzzle.sam.id, medium="sms",
        address="+447700900123", template="questions", created_at=now(),
        state=MessageState.FAILED, fault="The number is not in use.",
    )  # fmt: skip
    puzzle.session.add(text)
    note_trouble(puzzle.session, TextStep.SENDING, "Twilio refuses our log-in.", now())

    page = puzzle.visitor.get("/admin/").text

    assert "Texts do not go out." in page
    assert "Twilio refuses our log-in. Texts wait until then." in page
    assert "Sam’s phone refuses our texts (STOP)." in page
    assert "The mailbox with the booking mails cannot be read." in page
    assert "A text to Sam did not arrive." in page


def test_a_mailbox_that_fails_for_minutes_is_not_mentioned(puzzle: Puzzle) -> None:
    puzzle.session.add(Mailbox(name="m", failing_since=now() - 50 * MINUTE, fault="Busy."))

    assert "mailbox" not in puzzle.visitor.get("/admin/").text


def test_the_number_of_statements_does_not_grow_with_what_is_open(
    app: Flask, session: Session, seals: Seals, puzzle: Puzzle
) -> None:
    counts: list[list[int]] = []
    for rooms in (3, 12):
        for number in range(4, rooms + 1):
            make_room(session, puzzle.house, number)
        for number in range(1, rooms + 1):
            for later in range(0, rooms, 3):
                make_closed(
                    session, puzzle.house, number, nights=1, seals=seals, now=puzzle.at,
                    arrival=puzzle.day + timedelta(days=later + 40 * (rooms > 3)),
                )  # fmt: skip
                puzzle.mail(f"51{rooms:02}{number:03}{later:03}", later + 40 * (rooms > 3))
        puzzle.tend()
        seen = seen_on(puzzle.visitor.get("/admin/matches").text)
        counts.append([])
        for path in ("/admin/matches", "/admin/"):
            with statements() as sent:
                assert puzzle.visitor.get(path).status_code == 200
            counts[-1].append(len(sent))
        with statements() as sent:
            assert news(puzzle.visitor, seen).status_code == 204
        counts[-1].append(len(sent))

    assert counts[0] == counts[1]
    assert max(counts[0]) < 30
    assert (session.scalar(select(func.count(Match.id))) or 0) > 50
