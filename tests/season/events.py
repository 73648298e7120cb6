"""What happens at the house: guests book, come, change their minds and leave; hosts act."""

import random
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import reading, transaction
from app.domain.nights import Nights
from app.models import Host, Property, Reservation, Room
from app.seals import Seals
from app.services import moving
from app.services.check_in import Details, check_in
from app.services.corrections import cancel, correct_dates
from app.services.host_check_in import check_in_by_host, undo_check_in
from app.services.lanes import hold_property
from app.services.reservations import set_times
from tests.factories import make_reservation
from tests.season.clock import SeasonClock
from tests.season.house import ROOMS
from tests.season.model import CHECK_IN, ZONE, Booking, Model, Stay, lock_of

WHO = Details("Alice Moore", None, None, 2, None, None, "en")
EARLY = (None, time(9), time(12, 30))
LATE = (None, time(13), time(17, 45))


class Events:
    """Each does one thing in the app and writes it into the model; False when there is nothing."""

    def __init__(
        self,
        app: Flask,
        model: Model,
        clock: SeasonClock,
        dice: random.Random,
        house_id: int,
        host_id: int,
    ) -> None:
        self._model, self._clock, self._dice = model, clock, dice
        self._house_id, self._host_id = house_id, host_id
        self._seals: Seals = app.extensions["seals"]
        self._booked = 0

    @property
    def weighted(self) -> list[tuple[Callable[[], bool], int]]:
        """Return what can happen, and how often beside the rest."""
        return [
            (self.book, 22),
            (self.check_in, 30),
            (self.check_in_by_host, 6),
            (self.change_dates, 9),
            (self.change_times, 9),
            (self.move, 8),
            (self.cancel, 6),
        ]

    def book(self) -> bool:
        """Book one to three rooms under one reference; each may have dates of its own."""
        today = self._today()
        arrival = today + timedelta(days=int(self._dice.triangular(0, 30, 0)))
        departure = arrival + timedelta(days=self._dice.randint(1, 7))
        free = [room for room in ROOMS if self._model.is_free(room, arrival, departure)]
        rooms = self._dice.sample(free, k=min(len(free), self._dice.choice((1, 1, 1, 2, 3))))
        if not rooms:
            return False
        self._booked += 1
        booking = Booking(f"HM{self._booked:08d}", [])
        with transaction() as session:
            house = hold_property(session, self._house_id)
            for room in rooms:
                leaves = departure + timedelta(days=self._dice.choice((0, 0, 0, 1)))
                if not self._model.is_free(room, arrival, leaves):
                    leaves = departure
                booking.stays.append(self._reserve(session, house, booking, room, arrival, leaves))
        self._model.bookings[booking.reference] = booking
        booking.note(self._clock.now())
        return True

    def _reserve(
        self,
        session: Session,
        house: Property,
        booking: Booking,
        room: int,
        arrival: date,
        departure: date,
    ) -> Stay:
        stay = make_reservation(
            session,
            house,
            room,
            seals=self._seals,
            reference=booking.reference,
            arrival=arrival,
            departure=departure,
            now=self._clock.now(),
        )
        return Stay(stay.id, room, arrival, departure)

    def check_in(self) -> bool:
        """Have the guest who arrives next, or a later one, check in on their phone."""
        booking = self._next_guest()
        if booking is None:
            return False
        with transaction() as session:
            check_in(
                session, self._house_id, booking.reference, WHO,
                seals=self._seals, now=self._clock.now(),
            )  # fmt: skip
        booking.checked_in = True
        booking.note(self._clock.now())
        return True

    def check_in_by_host(self) -> bool:
        """Have the host check somebody in, and sometimes take it back at once."""
        booking = self._next_guest()
        if booking is None:
            return False
        self._as_host(check_in_by_host, booking.live[0].id)
        booking.checked_in = True
        booking.note(self._clock.now())
        if not booking.vouched and self._dice.random() < 0.3:
            self._as_host(undo_check_in, booking.live[0].id)
            booking.checked_in = False
            booking.note(self._clock.now())
        return True

    def change_dates(self) -> bool:
        """Let somebody stay longer or less long, or come another day."""
        picked = self._pick()
        if picked is None:
            return False
        booking, stay = picked
        today = self._today()
        arrival = stay.arrival
        if arrival > today:
            arrival = max(today, arrival + timedelta(days=self._dice.choice((-1, 0, 1))))
        departure = max(
            stay.departure + timedelta(days=self._dice.choice((-1, 1, 2))),
            max(arrival, today) + timedelta(days=1),
        )
        same = (arrival, departure) == (stay.arrival, stay.departure)
        if same or not self._model.is_free(stay.room, arrival, departure, but=stay):
            return False
        self._as_host(correct_dates, stay.id, Nights(arrival, departure))
        stay.arrival, stay.departure = arrival, departure
        booking.note(self._clock.now())
        return True

    def change_times(self) -> bool:
        """Allow an early check-in or a late check-out, or take it back."""
        picked = self._pick()
        if picked is None:
            return False
        booking, stay = picked
        early, late = self._dice.choice(EARLY), self._dice.choice(LATE)
        self._as_host(set_times, stay.id, early, late)
        stay.early, stay.late = early, late
        booking.note(self._clock.now())
        return True

    def move(self) -> bool:
        """Give somebody another room, often while they are in house."""
        picked = self._pick()
        if picked is None:
            return False
        booking, stay = picked
        now = self._clock.now()
        local = now.astimezone(ZONE)
        begins = {n: first for n in ROOMS if (first := self._begins_in(n, stay, local.date()))}
        if not begins:
            return False
        room = self._dice.choice(list(begins))
        old_door, in_house = lock_of(stay.room), booking.right(lock_of(stay.room), now)
        moved = self._as_host(moving.move, stay.id, self._room_id(room))
        stay.id, stay.room = moved, room
        if begins[room] != stay.arrival:
            is_early = local.time() < CHECK_IN
            stay.early = local.time().replace(second=0, microsecond=0) if is_early else None
            stay.arrival = begins[room]
        booking.vouched = True
        if in_house:
            booking.left[old_door] = lock_of(room)
        booking.note(self._clock.now())
        return True

    def _begins_in(self, room: int, stay: Stay, today: date) -> date | None:
        """Return from when the rest of a stay can be in another room: its begin, or today."""
        if self._model.is_free(room, stay.arrival, stay.departure):
            return stay.arrival
        is_under_way = stay.arrival < today < stay.departure
        if is_under_way and self._model.is_free(room, today, stay.departure):
            return today
        return None

    def cancel(self) -> bool:
        """Call a room off, also of somebody in house."""
        picked = self._pick()
        if picked is None:
            return False
        booking, stay = picked
        self._as_host(cancel, stay.id)
        stay.cancelled = True
        booking.left.clear()
        booking.note(self._clock.now())
        return True

    def _as_host(self, act: Callable[..., Reservation], stay_id: int, *args: object) -> int:
        with transaction() as session:
            host = session.get_one(Host, self._host_id)
            done = act(session, host, stay_id, *args, seals=self._seals, now=self._clock.now())
            return done.id

    def _room_id(self, number: int) -> int:
        with reading() as session:
            return session.scalars(select(Room.id).filter_by(number=number)).one()

    def _next_guest(self) -> Booking | None:
        now = self._clock.now()
        coming = [
            booking
            for booking in self._model.not_over(now)
            if not booking.checked_in
            and booking.live
            and min(stay.span[0] for stay in booking.live) < now + timedelta(days=3)
            and min(stay.span[1] for stay in booking.live) > now + timedelta(hours=1)
        ]
        return self._dice.choice(coming) if coming else None

    def _pick(self) -> tuple[Booking, Stay] | None:
        """Pick a stay that is not over, one in house or soon rather than a far one."""
        now = self._clock.now()
        found = [
            (booking, stay)
            for booking in self._model.not_over(now)
            for stay in booking.live
            if stay.span[1] > now + timedelta(hours=1)
            and stay.span[0] < now + timedelta(days=8)
            and stay.departure > self._today()
        ]
        return self._dice.choice(found) if found else None

    def _today(self) -> date:
        now: datetime = self._clock.now()
        return now.astimezone(ZONE).date()
