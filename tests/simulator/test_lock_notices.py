"""What TTLock posts to the callback URL: lines of logs at once, a gateway's absence late."""

import json
from typing import Any

from tests.simulator.test_lock_cloud import ROOM_1, Account
from tests.simulator.webhook import Webhook
from tests.support.simulator import Simulator
from tests.support.waiting import eventually, pause

HALF_AN_HOUR = 1800


def lines(webhook: Webhook) -> list[dict[str, Any]]:
    """Return the lines of the next notice."""
    form = webhook.heard.get(timeout=5).form
    assert (form["notifyType"], form["lockId"]) == ("1", str(ROOM_1))
    assert form["admin"] == "owner@example.com"
    found: list[dict[str, Any]] = json.loads(form["records"])
    return found


def test_line_is_posted_as_a_form_with_the_records_as_text(
    simulator: Simulator, account: Account, webhook: Webhook
) -> None:
    webhook.answers("success")
    account.add("482913")
    simulator.lock_cloud(callback_url=webhook.url)

    simulator.keypad(ROOM_1, "482913")

    [line] = lines(webhook)
    told = {name: line[name] for name in ("recordType", "recordTypeFromLock", "success")}
    assert told == {"recordType": 4, "recordTypeFromLock": 4, "success": 1}
    assert (line["username"], line["keyboardPwd"]) == ("ours", "482913")
    assert {"lockDate", "serverDate", "electricQuantity"} < line.keys()
    assert "recordId" not in line


def test_lines_kept_while_the_gateway_was_away_come_in_one_notice(
    simulator: Simulator, webhook: Webhook
) -> None:
    webhook.answers("success")
    simulator.lock_cloud(callback_url=webhook.url)
    simulator.gateway(501, online=False)
    for digits in ("640257", "640258"):
        simulator.keypad(ROOM_1, digits)

    simulator.gateway(501, online=True)

    assert [line["keyboardPwd"] for line in lines(webhook)] == ["640257", "640258"]


def test_notice_that_is_not_taken_is_posted_again_a_few_times(
    simulator: Simulator, webhook: Webhook
) -> None:
    simulator.lock_cloud(callback_url=webhook.url, retry_seconds=0)
    webhook.answers("Success!")

    simulator.keypad(ROOM_1, "640257")

    eventually(lambda: not simulator.state()["notices"])
    assert len(webhook.forms()) == 4


def test_notice_that_is_taken_is_posted_once(simulator: Simulator, webhook: Webhook) -> None:
    simulator.lock_cloud(callback_url=webhook.url, retry_seconds=0)
    webhook.answers("success")

    simulator.keypad(ROOM_1, "640257")

    eventually(lambda: not simulator.state()["notices"])
    assert len(webhook.forms()) == 1


def test_gateways_absence_is_told_half_an_hour_late(simulator: Simulator, webhook: Webhook) -> None:
    webhook.answers("success")
    simulator.lock_cloud(callback_url=webhook.url)

    simulator.gateway(501, online=False)
    simulator.advance(HALF_AN_HOUR - 60)
    before = webhook.forms()
    simulator.advance(120)

    [form] = webhook.forms()
    assert before == []
    assert (form["notifyType"], form["gatewayId"], form["isOnline"]) == ("2", "501", "0")
    assert form["gatewayName"] == "Ground floor"


def test_gateway_that_is_back_is_told_at_once(simulator: Simulator, webhook: Webhook) -> None:
    webhook.answers("success")
    simulator.lock_cloud(callback_url=webhook.url, gateway_notice_seconds=0)

    simulator.gateway(501, online=False)
    gone = webhook.heard.get(timeout=5).form
    simulator.gateway(501, online=True)
    back = webhook.heard.get(timeout=5).form

    assert (gone["isOnline"], back["isOnline"]) == ("0", "1")


def test_gateway_away_for_a_moment_is_not_told_of(simulator: Simulator, webhook: Webhook) -> None:
    webhook.answers("success")
    simulator.lock_cloud(callback_url=webhook.url)

    simulator.gateway(501, online=False)
    simulator.gateway(501, online=True)
    simulator.advance(2 * HALF_AN_HOUR)

    assert webhook.forms() == []
    assert simulator.state()["notices"] == []


def test_nothing_is_posted_or_kept_without_an_address(simulator: Simulator) -> None:
    simulator.keypad(ROOM_1, "640257")
    simulator.gateway(501, online=False)

    assert simulator.state()["notices"] == []


def test_app_may_ask_the_cloud_while_it_is_told(
    simulator: Simulator, account: Account, webhook: Webhook
) -> None:
    webhook.hangs()
    simulator.lock_cloud(callback_url=webhook.url)
    simulator.keypad(ROOM_1, "640257")
    webhook.heard.get(timeout=5)

    told = account.call("lockRecord/list", lockId=ROOM_1, pageNo=1, pageSize=20)

    assert told["total"] == 1
    webhook.lets_go()


def test_notice_is_still_due_after_a_restart(own: Simulator, webhook: Webhook) -> None:
    webhook.answers("success")
    own.lock_cloud(callback_url=webhook.url, record_notice_seconds=3600)
    own.keypad(ROOM_1, "640257")
    pause(0.2)
    own.restart()
    assert webhook.forms() == []

    own.advance(3600)

    assert len(webhook.forms()) == 1
