"""rules that tables alone cannot state: nights that overlap, history that is only added to"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Rooms as ranges of one number, so that no extension is needed for the equality.
POSTGRESQL_UP = (
    """
    ALTER TABLE reservation ADD CONSTRAINT ex_reservation_confirmed_nights
    EXCLUDE USING gist (
        int4range(room_id, room_id, '[]') WITH &&,
        daterange(arrival, departure, '[)') WITH &&
    ) WHERE (status = 'confirmed')
    """,
    """
    CREATE FUNCTION refuse_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'history is append-only';
    END $$
    """,
    """
    CREATE TRIGGER history_entry_append_only BEFORE UPDATE OR DELETE ON history_entry
    FOR EACH ROW EXECUTE FUNCTION refuse_history_change()
    """,
)
POSTGRESQL_DOWN = (
    "DROP TRIGGER history_entry_append_only ON history_entry",
    "DROP FUNCTION refuse_history_change",
    "ALTER TABLE reservation DROP CONSTRAINT ex_reservation_confirmed_nights",
)

OVERLAP = """
    CREATE TRIGGER reservation_nights_{name} BEFORE {event} ON reservation
    WHEN NEW.status = 'confirmed'
    BEGIN
        SELECT RAISE(ABORT, 'ex_reservation_confirmed_nights')
        FROM reservation
        WHERE room_id = NEW.room_id AND id <> COALESCE(NEW.id, -1) AND status = 'confirmed'
          AND arrival < NEW.departure AND NEW.arrival < departure;
    END
"""
APPEND_ONLY = """
    CREATE TRIGGER history_entry_no_{event} BEFORE {event} ON history_entry
    BEGIN
        SELECT RAISE(ABORT, 'history is append-only');
    END
"""
SQLITE_UP = (
    OVERLAP.format(name="insert", event="INSERT"),
    OVERLAP.format(name="update", event="UPDATE OF room_id, arrival, departure, status"),
    APPEND_ONLY.format(event="UPDATE"),
    APPEND_ONLY.format(event="DELETE"),
)
SQLITE_DOWN = (
    "DROP TRIGGER reservation_nights_insert",
    "DROP TRIGGER reservation_nights_update",
    "DROP TRIGGER history_entry_no_UPDATE",
    "DROP TRIGGER history_entry_no_DELETE",
)


def upgrade() -> None:
    _run(POSTGRESQL_UP, SQLITE_UP)


def downgrade() -> None:
    _run(POSTGRESQL_DOWN, SQLITE_DOWN)


def _run(postgresql: tuple[str, ...], sqlite: tuple[str, ...]) -> None:
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in postgresql if on_postgresql else sqlite:
        op.execute(statement)
