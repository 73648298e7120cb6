"""The world is kept across an end: one that is asked for, and one without warning."""

import json
from datetime import date, timedelta
from pathlib import Path

import requests

from tests.simulator.mailbox import mails
from tests.simulator.test_lock_cloud import Account
from tests.simulator.twilio_api import sent
from tests.support.simulator import PHONE, Simulator
from tests.support.waiting import eventually, pause


def test_world_is_the_same_after_a_restart(own: Simulator) -> None:
    own.gateway(501, online=False)
    own.gateway(502, delay_seconds=0)
    account = Account(own)
    account.add("482913", lock=1004)
    reference = own.book(1, 2)
    url, before = own.url, own.state()

    own.restart()

    assert own.url == url
    after = own.state()
    assert reference in after["bookings"]
    assert {key: after[key] for key in after if key not in ("calls", "faults")} == {
        key: before[key] for key in before if key not in ("calls", "faults")
    }
    assert account.call("lock/list")["total"] == 7
    assert own.keypad(1004, "482913")


def test_fault_does_not_outlive_a_restart(own: Simulator) -> None:
    own.fault("down")

    own.restart()

    assert Account(own).token


def test_change_just_before_a_stop_is_kept(own: Simulator) -> None:
    reference = own.book(4)

    own.restart()

    assert reference in own.state()["bookings"]


def test_what_was_done_just_before_a_kill_is_kept(own: Simulator) -> None:
    reference = own.book(4, channel="booking")
    own.text("OK")
    pause(0.3)

    own.kill()
    own.restart()

    assert reference in own.state()["bookings"]
    assert [text["body"] for text in own.state()["texts"]] == ["OK"]
    assert len(mails(own)) == 1
    assert own.outgoing_mails()["waiting"] == []


def test_text_on_its_way_arrives_after_a_restart(own: Simulator) -> None:
    sent(own)

    own.restart()

    eventually(lambda: own.inbox(PHONE))


def test_webhook_is_kept(own: Simulator) -> None:
    own.webhook("http://127.0.0.1:9/sms/inbound")

    own.restart()

    assert own.state()["webhook"] == "http://127.0.0.1:9/sms/inbound"


def test_first_day_of_the_world_is_kept(own: Simulator) -> None:
    first = own.state()["first_day"]
    own.advance(3 * 86_400)

    own.restart()

    assert own.state()["first_day"] == first
    assert abs(date.fromisoformat(first) - own.today()) <= timedelta(days=1)


def test_state_of_an_older_simulator_is_taken_over(own: Simulator, tmp_path: Path) -> None:
    reference = own.book(1)
    own.stop()
    file = tmp_path / "simulator.json"
    state = json.loads(file.read_text())
    for name in ("phones", "webhook", "webhook_seconds", "mail", "outgoing", "first_day"):
        del state[name]
    del state["ttlock"], state["notices"], state["gateways"]["501"]["told_online"]
    for lock in state["locks"].values():
        del lock["unused_codes"], lock["unsent"], lock["capacity"]
    del state["bookings"][reference]["mail"]
    state["texts"] = [{"sid": "SM1", "to": PHONE, "from": "+44", "body": "Hi", "status": "sent"}]
    file.write_text(json.dumps(state))

    own.restart()

    assert requests.get(own.url, timeout=10).ok
    assert not own.keypad(1002, "640257")
    own.gateway(501, online=False)
    own.cancel(reference)
    assert len(mails(own)) == 2
