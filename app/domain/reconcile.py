"""What a lock holds against what it should hold: the actions that close the gap."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from app.domain.windows import Window


@dataclass(frozen=True)
class HeldCode:
    """A code the lock says it holds.

    `window` None means for ever, or that the provider cannot say, as while it is changing the code.
    """

    provider_ref: str
    name: str
    digits: str = field(repr=False)
    """Empty where the provider does not tell them, or in a form that may have lost a zero."""
    window: Window | None


@dataclass(frozen=True)
class WantedCode:
    """A code that should be on the lock, by the name it has there."""

    code_id: int
    name: str
    digits: str = field(repr=False)
    window: Window
    confirmed: bool
    """The lock has said that it is there; else it is still on its way, which is no fault yet."""
    provider_ref: str | None = None
    """The provider's id, once known: somebody may have given the code another name there."""
    missing_at: datetime | None = None
    """When an earlier comparison did not find it."""


@dataclass(frozen=True)
class Adopt:
    """It was on its way and is there: take the lock's word for it."""

    code_id: int
    held: HeldCode


@dataclass(frozen=True)
class PutBack:
    """It was there and is not, seen twice: put it there again, with the same digits."""

    code_id: int


@dataclass(frozen=True)
class Suspect:
    """It was there and is not, seen once: look again before anything is done about it."""

    code_id: int


@dataclass(frozen=True)
class Change:
    """It is there with another window than it should have."""

    code_id: int
    held: HeldCode


@dataclass(frozen=True)
class Remove:
    """It is ours and should not be there: ended, or left over beside the right one."""

    held: HeldCode
    code_id: int | None = None
    """The code that it is left over beside."""


@dataclass(frozen=True)
class Report:
    """None of ours. It is left alone, and its digits are avoided."""

    held: HeldCode


Action = Adopt | PutBack | Suspect | Change | Remove | Report


def reconcile(
    wanted: Sequence[WantedCode],
    leaving: Iterable[str],
    ended: Iterable[str],
    held: Sequence[HeldCode],
) -> list[Action]:
    """Compare. `leaving` are names of ours whose removal is under way, `ended` those long gone.

    A code that is there as it should be needs nothing, whatever else is amiss: one in use never
    moves. What a lock lacks is not believed at the first look, for a list may come back short.
    Codes that are needed soonest come first.
    """
    ours_by_id: dict[int, list[HeldCode]] = {}
    others: list[HeldCode] = []
    owners = {want.name: want.code_id for want in wanted}
    refs = {want.provider_ref: want.code_id for want in wanted if want.provider_ref}
    for code in held:
        owner = refs.get(code.provider_ref, owners.get(code.name))
        others.append(code) if owner is None else ours_by_id.setdefault(owner, []).append(code)
    leftover = set(ended)
    left_alone = leftover | set(leaving)
    actions: list[Action] = []
    for want in sorted(wanted, key=lambda want: (want.window, want.code_id)):
        actions += _of_one(want, ours_by_id.get(want.code_id, ()))
    actions += [Remove(code) for code in others if code.name in leftover]
    actions += [Report(code) for code in others if code.name not in left_alone]
    return actions


def with_digits(found: Sequence[HeldCode], digits: str) -> HeldCode | None:
    """Return which of these, all one code's by name or id, has its digits, or may have them."""
    told = next((code for code in found if code.digits == digits), None)
    return told or next((code for code in found if not code.digits), None)


def _of_one(want: WantedCode, found: Sequence[HeldCode]) -> list[Action]:
    right = with_digits(found, want.digits)
    rest: list[Action] = [Remove(code, want.code_id) for code in found if code is not right]
    if right is None:
        if not want.confirmed:
            return rest
        return [PutBack(want.code_id) if want.missing_at else Suspect(want.code_id), *rest]
    if not want.confirmed:
        return [Adopt(want.code_id, right), *rest]
    if not want.window.is_kept_by(right.window):
        return [Change(want.code_id, right), *rest]
    return rest
