"""Which commands to locks wait for each other."""

from app.domain.lock_lanes import lane_of


def test_locks_of_one_gateway_share_a_lane_and_of_others_do_not() -> None:
    assert lane_of("ttlock", "1001", "501") == lane_of("ttlock", "1002", "501")
    assert lane_of("ttlock", "1001", "501") != lane_of("ttlock", "1003", "502")


def test_locks_without_a_known_gateway_share_one() -> None:
    assert lane_of("ttlock", "1001", None) == lane_of("ttlock", "1002", None)


def test_seam_lines_commands_up_itself_so_that_one_door_never_waits_for_another() -> None:
    assert lane_of("seam", "a", None) != lane_of("seam", "b", None)
    assert lane_of("seam", "a", None) == lane_of("seam", "a", None)
