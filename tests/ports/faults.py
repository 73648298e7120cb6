"""What a port raised."""

from collections.abc import Callable

import pytest

from app.ports.errors import PortError


def fault_of(call: Callable[[], object]) -> PortError:
    with pytest.raises(PortError) as caught:
        call()
    return caught.value
