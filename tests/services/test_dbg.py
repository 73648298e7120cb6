from tests.services.test_corrections import *
def test_x(page):
    stay = page.stay()
    page.check_in()
    moved = page.act(move, stay.id, page.room(2))
    page.undo(moved)
    for s in (stay, moved):
        print(s.id, s.status, s.reference, s.guest_id, s.confirmed_at, s.unconfirmed_at)
        for w in page.session.scalars(select(Sighting).filter_by(reservation_id=s.id)): print("  ", w.id, w.origin, w.kind, w.reference, w.withdrawn_at, w.last_seen_at)
    for g in page.session.scalars(select(Guest)): print(g.id, g.checked_in_at, g.vouched_at)
    for c in page.session.scalars(select(AccessCode)): print(c.id, c.state, c.door_id)
    for c in page.changes()[-1].rows: print(c)
    assert 0
