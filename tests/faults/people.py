"""What guests, hosts and the owner of the locks do in each case: by the services that do it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.db import transaction
from app.domain.windows import Window
from app.models import AccessCode, Door, Guest, Host, Property, Reservation, Sighting
from app.ports.locks import CodeOrder
from app.services.acting import act
from app.services.check_in import Details, check_in
from app.services.door_syncs import sync_soon
from app.services.lanes import hold_property
from app.services.testimony import restand
from app.services.unlocks import request_by_guest
from tests.faults.cases import Case, Fault, Verb
from tests.faults.world import FaultWorld

ALICE = Details("Alice Moore", None, None, 1, None, None, "en")

STRANGER = "Cleaner"
"""What the owner calls the codes they make for others."""
FOR_YEARS = timedelta(days=700)


@dataclass(frozen=True)
class Began:
    """What a guest's code was at first."""

    digits: str = field(repr=False)
    until: datetime


class People:
    """Those of one world, and what they had at first."""

    def __init__(self, world: FaultWorld) -> None:
        self._world = world
        self.began: dict[Case, Began] = {}
        self.strangers: dict[Case, str] = {}
        """Digits of others' codes on the locks that have any."""

    def check_in(self, cases: Iterable[Case]) -> None:
        """Let guests check in. Where digits are doubled, another has the same at their door."""
        now, seals = self._world.clock.now(), self._world.seals
        with transaction() as session:
            house = session.scalars(select(Property)).one()
            for case in cases:
                guest = check_in(session, house.id, case.reference, ALICE, seals=seals, now=now)
                code = session.scalars(select(AccessCode).filter_by(guest_id=guest.id)).one()
                digits = seals.unseal(code.sealed_digits or b"")
                self.began[case] = Began(digits, code.valid_until)
                if (case.verb, case.fault) == (Verb.PUT, Fault.DUPLICATE):
                    self.add_stranger(case, digits)
            self._world.simulator.forget_calls()  # what follows the commit is what counts

    def stay_longer(self, cases: Iterable[Case]) -> None:
        """Let the channel say that these guests leave a day later."""
        now, seals = self._world.clock.now(), self._world.seals
        with transaction() as session:
            house = hold_property(session, session.scalars(select(Property.id)).one())
            stays = _stays(session, cases)
            told = Sighting.reservation_id.in_([stay.id for stay in stays])
            for sighting in session.scalars(select(Sighting).where(told)):
                assert sighting.departure is not None
                sighting.departure += timedelta(days=1)
                sighting.last_seen_at = now
            rooms = [stay.room_id for stay in stays]
            restand(session, house, rooms, stays, seals=seals, now=now, actor="channel")

    def cancel(self, cases: Iterable[Case]) -> None:
        """Let a host cancel these stays."""
        now, seals = self._world.clock.now(), self._world.seals
        with transaction() as session:
            host = session.scalars(select(Host)).one()
            with act(session, host, seals=seals, now=now) as one:
                one.settlement.cancel(_stays(session, cases))

    def tap(self, cases: Iterable[Case]) -> None:
        """Let guests tap Unlock at their doors."""
        now = self._world.clock.now()
        with transaction() as session:
            for case in cases:
                guest = session.scalars(
                    select(Guest)
                    .where(Guest.reference == case.reference)
                    .options(joinedload(Guest.house))
                ).one()
                request_by_guest(session, guest, _door(session, case).id, now)

    def compare(self, cases: Iterable[Case]) -> None:
        """Have these doors compared with what they should hold."""
        with transaction() as session:
            ids = [_door(session, case).id for case in cases]
            sync_soon(session, ids, self._world.clock.now())

    def add_stranger(self, case: Case, digits: str | None = None) -> None:
        """Let the owner make a code for somebody else; of seven digits, which ours never have."""
        now = self._world.clock.now()
        window = Window(now - FOR_YEARS, now + FOR_YEARS)
        self.strangers[case] = digits or f"58{case.number:03}31"
        order = CodeOrder(STRANGER, self.strangers[case], window)
        self._world.owners_app.put_code(case.lock_id, order)

    def delete_ours(self, case: Case) -> None:
        """Let the owner take the guest's code off the lock."""
        with transaction() as session:
            code = session.scalars(
                select(AccessCode).join(Guest).where(Guest.reference == case.reference)
            ).one()
            ref = code.provider_ref
        self._world.owners_app.remove_code(case.lock_id, ref or "")


def _stays(session: Session, cases: Iterable[Case]) -> Sequence[Reservation]:
    theirs = Reservation.reference.in_([case.reference for case in cases])
    found = select(Reservation).where(theirs).options(joinedload(Reservation.room))
    return session.scalars(found.options(joinedload(Reservation.guest))).all()


def _door(session: Session, case: Case) -> Door:
    return session.scalars(select(Door).filter_by(lock_id=case.lock_id)).one()
