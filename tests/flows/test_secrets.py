"""Codes and links are planted, everything is done with them, and then everything is searched.

What may hold them is the lock, the guest's own page, and what a host asked to be shown; nothing
else does: no log, no table, nothing in Redis, no order, no error page.
"""

import re
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date

import pytest
from redis import Redis
from sqlalchemy import create_engine, text

from app.models import Base
from tests.support.guest import Browser
from tests.support.simulator import PHONE, Simulator
from tests.support.waiting import eventually
from tests.support.world import World

FRONT, ROOM_1 = 1001, 1002
PLANTED = "739105"


def dump(world: World) -> Iterator[tuple[str, str]]:
    """Yield every row of every table, and where it is."""
    engine = create_engine(world.env["DATABASE_URL"])
    try:
        with engine.connect() as connection:
            for table in Base.metadata.sorted_tables:
                for row in connection.execute(text(f"SELECT * FROM {table.name}")).mappings():
                    yield table.name, repr(dict(row))
    finally:
        engine.dispose()


def queue(world: World) -> Iterator[tuple[str, str]]:
    """Yield all that Redis holds, unpacked where RQ has packed it."""
    with Redis.from_url(world.env["REDIS_URL"]) as redis:
        for key in redis.keys("*"):
            kind = redis.type(key)
            if kind == b"hash":
                values = [item for pair in redis.hgetall(key).items() for item in pair]
            elif kind == b"list":
                values = redis.lrange(key, 0, -1)
            elif kind == b"zset":
                values = redis.zrange(key, 0, -1)
            elif kind == b"set":
                values = list(redis.smembers(key))
            elif kind == b"stream":
                values = [repr(redis.xrange(key)).encode()]
            else:
                values = [redis.get(key) or b""]
            for value in (key, *values):
                yield f"redis {key!r}", unpacked(value)


def unpacked(value: bytes) -> str:
    with suppress(zlib.error):
        value = zlib.decompress(value)
    return value.decode(errors="replace")


def search(found: Iterator[tuple[str, str]], secrets: set[str]) -> list[str]:
    return [
        f"{where}: {what[max(0, what.find(one) - 80) : what.find(one) + 80]}"
        for where, what in found
        for one in secrets
        if one in what
    ]


def spoil(world: World, digits_of_staff: bool) -> None:
    """Make codes unreadable, so that what is to be done with them fails as nobody foresaw."""
    kind = "IS NOT NULL" if digits_of_staff else "IS NULL"
    engine = create_engine(world.env["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(
            text(f"UPDATE access_code SET sealed_digits = :x WHERE staff_code_id {kind}"),
            {"x": b"not sealed at all"},
        )
    engine.dispose()


def add_staff_code(sam: Browser, digits: str, **more: str) -> None:
    sam.press(
        "/admin/staff-codes",
        label="Mo, cleaner",
        all_doors="y",
        days="0",
        first_day=str(date.today()),  # noqa: DTZ011
        digits=digits,
        **more,
    )


@pytest.mark.timeout(300)
@pytest.mark.parametrize("world", ["postgresql"], indirect=True)
def test_codes_and_links_are_nowhere_but_where_they_belong(world: World) -> None:
    simulator: Simulator = world.simulator
    reference = simulator.book(1)
    world.sync()
    sam, alice = world.browser(), world.browser()
    sam.sign_in()
    secrets = {PLANTED}

    # Ordered while no worker runs: what waits in Redis and the outbox is looked at.
    world.kill_worker()
    page = alice.check_in(reference)
    token = re.findall(r"/stay/([^/]+)", page.url)[0]
    secrets.add(token)
    add_staff_code(sam, PLANTED)
    waiting, stored = list(queue(world)), list(dump(world))
    assert any("app.jobs.outbox.work" in what for _, what in waiting)
    assert any(reference in what for _, what in stored)
    assert search(iter(waiting), secrets) == []
    assert search(iter(stored), secrets) == []

    # Put, with a try that fails and one that is not answered.
    simulator.fault("errcode", path="keyboardPwd/add", times=2, errcode=-3003)
    world.start_worker()
    codes = alice.codes(page.url, doors=2, seconds=60)
    secrets |= set(codes.values())
    eventually(lambda: PLANTED in {one["digits"] for one in simulator.held(FRONT)}, 60)

    # Typed at the door, opened from afar, shown, moved, and wrong ways in.
    simulator.keypad(FRONT, codes["Front door"])
    alice.post(alice.stay(page.url).unlocks[0])
    staff_id = re.findall(r"/admin/staff-codes/(\d+)/reveal", sam.get("/admin/staff-codes").text)[0]
    shown = sam.press(f"/admin/staff-codes/{staff_id}/reveal").text
    assert PLANTED in shown.replace("</span><span>", "")
    [room] = sam.reservation_ids(reference).values()
    sam.press(f"/admin/reservations/{room}/times", late_check_out="13:00")
    for path in (
        f"/stay/{token}x", f"/stay/{token}/nothing", f"/hooks/ttlock/{token}", f"/{token}",
        f"/admin/welcome/{token}",
    ):  # fmt: skip
        alice.get(path)
    alice.post(f"/stay/{token}x/doors/1/unlock")
    alice.session.post(f"{world.url}/stay/{token}/doors/1/unlock", data={"digits": PLANTED})

    # Lists and pages for others.
    seen = [
        sam.get(path).text
        for path in (
            "/admin/", "/admin/doors", "/admin/staff-codes", f"/admin/reservations/{room}",
            "/admin/messages", "/admin/settings", f"/admin/staff-codes/{staff_id}",
        )
    ]  # fmt: skip
    assert search(iter(("page", one) for one in seen), secrets) == []

    # Removed.
    sam.press(f"/admin/staff-codes/{staff_id}/digits", digits="482913")
    secrets.add("482913")
    eventually(lambda: PLANTED not in {one["digits"] for one in simulator.held(FRONT)}, 60)

    # What nobody foresaw, in a page and in a job.
    spoil(world, digits_of_staff=False)
    broken = alice.get(page.url)
    assert broken.status_code == 500
    assert search(iter([("error page", broken.text)]), secrets - {token}) == []
    spoil(world, digits_of_staff=True)
    sam.press(f"/admin/staff-codes/{staff_id}/end")
    eventually(lambda: "job failed" in world.logs(), 90)

    logs = world.logs()
    assert all(one in logs for one in ("page failed", "lock service answered", "effect not done"))
    assert search(iter([("logs", logs)]), secrets) == []
    assert PHONE not in logs
    assert search(queue(world), secrets) == []
    assert search(dump(world), secrets) == []
