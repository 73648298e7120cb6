"""Two hosts press Apply at the same moment: the file is applied once, as a whole."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db import db, transaction
from app.models import ChangeSet, ExportFile, ExportState, Host, Notice, Reservation
from app.seals import Seals
from app.services import export_files, exports
from app.services.undoing import CannotUndo
from tests.support.export_desk import CORIN, DOUBLE, MAJA, SINGLE, ExportDesk, booking


@pytest.fixture
def desk(session: Session, seals: Seals) -> ExportDesk:
    return ExportDesk(session, seals)


def at_once(app: Flask, work: Callable[[Session, Host], object], host_id: int) -> list[str]:
    """Do the same four times at once, each in its own transaction; say what became of each."""
    together = Barrier(4)
    db.session.commit()

    def one(_number: int) -> str:
        with app.app_context():
            together.wait()
            try:
                with transaction() as session:
                    work(session, session.get_one(Host, host_id))
            except (export_files.ExportIsClosed, CannotUndo) as fault:
                return fault.code
            finally:
                db.session.remove()
            return "done"

    with ThreadPoolExecutor(4) as pool:
        return sorted(pool.map(one, range(4)))


def test_file_is_applied_once_whoever_presses_when(
    app: Flask, desk: ExportDesk, seals: Seals
) -> None:
    file = desk.upload(
        booking(CORIN, "19", "21", DOUBLE, SINGLE), booking(MAJA, "26", "28", DOUBLE)
    )
    seen, file_id, now = desk.plan(file).fingerprint, file.id, desk.now
    host_id = desk.host.id
    desk.session.commit()

    def press(session: Session, host: Host) -> None:
        exports.apply(session, host, file_id, seen, lambda _: {}, seals=seals, now=now)

    assert at_once(app, press, host_id) == ["done", *["export-is-closed"] * 3]

    desk.session.expire_all()
    assert (desk.count(Reservation), desk.count(Notice), desk.count(ChangeSet)) == (3, 2, 1)

    def take_back(session: Session, host: Host) -> None:
        exports.undo_import(session, host, file_id, seals=seals, now=now)

    assert at_once(app, take_back, host_id) == [*["cannot-undo"] * 3, "done"]
    desk.session.expire_all()
    assert desk.session.scalars(select(ExportFile.state)).all() == [ExportState.UNDONE]
    assert desk.stays() == set()
