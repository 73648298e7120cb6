"""How passwords are kept: never weaker than hashed today."""

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from app.models import Host
from tests.factories import PASSWORD, cheap_hasher, make_host, make_house
from tests.web.visitor import Visitor


def test_signing_in_hashes_anew_what_was_hashed_with_less_work(
    session: Session, visitor: Visitor
) -> None:
    host = make_host(session, make_house(session))
    weak = PasswordHasher(time_cost=1, memory_cost=512, parallelism=1).hash(PASSWORD)
    host.password_hash = weak
    session.commit()

    assert visitor.sign_in(host).status_code == 303

    session.expire_all()
    stored = session.get_one(Host, host.id).password_hash or ""
    assert stored != weak
    assert cheap_hasher().verify(stored, PASSWORD)
    assert not cheap_hasher().check_needs_rehash(stored)


def test_signing_in_leaves_a_hash_of_today_alone(session: Session, visitor: Visitor) -> None:
    host = make_host(session, make_house(session))
    session.commit()
    before = host.password_hash

    assert visitor.sign_in(host).status_code == 303

    session.expire_all()
    assert session.get_one(Host, host.id).password_hash == before
