"""TTLock's calls by their path."""

from collections.abc import Callable, Mapping

from simulator import ttlock_codes, ttlock_locks, ttlock_period
from simulator.ttlock_radio import Answer
from simulator.world import World

HANDLERS: Mapping[str, Callable[[World, dict[str, str]], Answer]] = {
    "lock/list": ttlock_locks.all_locks,
    "lock/detail": ttlock_locks.detail,
    "lock/lock": ttlock_locks.lock_it,
    "lock/unlock": ttlock_locks.unlock,
    "lock/queryOpenState": ttlock_locks.open_state,
    "lock/queryElectricQuantity": ttlock_locks.battery,
    "lock/queryDate": ttlock_locks.date,
    "lock/updateDate": ttlock_locks.set_date,
    "lock/listKeyboardPwd": ttlock_codes.listed,
    "keyboardPwd/add": ttlock_codes.add,
    "keyboardPwd/change": ttlock_codes.change,
    "keyboardPwd/delete": ttlock_codes.delete,
    "keyboardPwd/deleteByCode": ttlock_codes.delete_by_digits,
    "keyboardPwd/get": ttlock_period.make,
    "gateway/list": ttlock_locks.gateways,
    "gateway/listLock": ttlock_locks.locks_of_gateway,
    "gateway/listByLock": ttlock_locks.gateways_of_lock,
    "lockRecord/list": ttlock_locks.records,
}
