from datetime import time

import pytest

from app.domain.house_file import BadHouseFile, read_house_file

GOOD = """
[property]
name = "Canal House"
timezone = "Europe/London"
check_in = "15:00"
check_out = "11:00"
phone = "+441612345678"

[[rooms]]
number = 1
name = "Room 1"
unit_types = ["Double Room with Canal View"]
feeds = [{ channel = "booking.com", url = "https://feeds.example/1.ics" }]
doors = [{ name = "Room 1", provider = "ttlock", lock_id = "1002" }]

[[shared_doors]]
name = "Front door"
provider = "ttlock"
lock_id = "1001"

[[hosts]]
name = "Sam"
email = "Sam@Example.com"
phone = "+447700900123"
role = "owner"
"""


def faults(source: str) -> list[str]:
    with pytest.raises(BadHouseFile) as caught:
        read_house_file(source)
    return caught.value.message.splitlines()


def test_good_file_is_read_whole() -> None:
    house = read_house_file(GOOD)

    assert (house.name, house.check_in, house.check_out) == ("Canal House", time(15), time(11))
    assert house.rooms[0].feeds[0].channel == "booking.com"
    assert house.rooms[0].doors[0].lock_id == "1002"
    assert house.shared_doors[0].name == "Front door"
    assert (house.hosts[0].email, house.hosts[0].password) == ("sam@example.com", None)


def test_door_may_be_seams() -> None:
    device = "6f1c2e58-0d1f-4c58-9a1e-2b6f0c7d1002"
    house = read_house_file(
        GOOD.replace('"ttlock", lock_id = "1002"', f'"seam", lock_id = "{device}"')
    )

    assert [(door.provider, door.lock_id) for door in house.rooms[0].doors] == [("seam", device)]


@pytest.mark.parametrize(("line", "wanted"), [("", False), ("spare_codes = true", True)])
def test_spare_codes_are_kept_where_the_file_says_so(line: str, wanted: bool) -> None:
    house = read_house_file(GOOD.replace("[[rooms]]", f"{line}\n\n[[rooms]]"))

    assert house.spare_codes is wanted


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("[[rooms]]", "spare_codes = 1\n[[rooms]]", "line 9: [property]: spare_codes must be"),
        ('"15:00"', '"25:00"', 'line 5: [property]: check_in must be a time such as "15:00".'),
        ("Europe/London", "Europe/Lodnon", "line 4: [property]: timezone must be a time zone"),
        ("booking.com", "bookin.com", "line 13: feeds 1: channel must be one of: booking.com,"),
        ("https://feeds", "feeds", "line 13: feeds 1: url must be an address that begins with"),
        ("number = 1", "number = 0", "line 10: rooms 1: number must be a whole number from 1"),
        ('"1002"', '"1001"', "lock_id 1001 is there twice."),
        ("+447700900123", "07700900123", "line 24: hosts 1: phone must be an international number"),
        ('role = "owner"', 'role = "boss"', "line 25: hosts 1: role must be one of: owner,"),
        ('name = "Front door"\n', "", "shared_doors 1 needs name."),
        ('check_out = "11:00"', 'chekc_out = "11:00"', "[property] does not know 'chekc_out'."),
    ],
)
def test_fault_is_told_with_its_line_and_what_to_do(good: str, bad: str, fault: str) -> None:
    assert any(fault in line for line in faults(GOOD.replace(good, bad)))


def test_steps_at_a_door_are_kept_line_by_line() -> None:
    steps = 'lock_id = "1001"\nhow_to_open = """\nWake it.\nType the code.\n"""'

    house = read_house_file(GOOD.replace('lock_id = "1001"', steps))

    assert house.shared_doors[0].how_to_open == "Wake it.\nType the code."
    assert house.rooms[0].doors[0].how_to_open is None


def test_all_faults_are_told_at_once() -> None:
    bad = GOOD.replace("booking.com", "bookin.com").replace('"15:00"', '"3pm"')

    assert len(faults(bad)) == 2


def test_what_is_not_toml_is_told_with_its_line() -> None:
    assert "line 2" in faults("[property]\nname = \n")[0]


def test_password_never_shows_in_a_repr() -> None:
    house = read_house_file(GOOD + 'password = "correct horse battery"\n')

    assert "battery" not in repr(house)
