"""every code on every lock: staff's and spare codes, strangers, the locks' logs, calls counted"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
CURRENT = sa.text("state IN ('wanted', 'active', 'failed')")
CURRENT_SPARE = sa.text("state IN ('wanted', 'active', 'failed') AND purpose = 'spare'")
OPEN_HELP = sa.text("closed_at IS NULL")

EFFECTS = ("put-code", "change-code", "remove-code", "unlock", "send-message", "read-text")
NEW_EFFECTS = ("issue-code", "sync-door", "set-clock", "look-at-door")

DOOR_COLUMNS = (
    ("opens_remotely", sa.Boolean()),
    ("how_to_open", sa.Text()),
    ("synced_at", INSTANT),
    ("sync_due_at", INSTANT),
    ("sync_fault", sa.Text()),
    ("log_read_at", INSTANT),
    ("log_due_at", INSTANT),
)


def words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    _say_effects((*EFFECTS, *NEW_EFFECTS))
    for name, kind in DOOR_COLUMNS:
        op.add_column("door", sa.Column(name, kind, nullable=True))
    op.add_column(
        "door",
        sa.Column("gives_offline_codes", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    op.add_column(
        "property", sa.Column("spare_codes", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("guest", sa.Column("page_seen_at", INSTANT, nullable=True))
    op.add_column("guest", sa.Column("erased_at", INSTANT, nullable=True))
    _make_staff_codes()
    _widen_codes()
    _make_log()
    _make_books()


def downgrade() -> None:
    for table in ("call_count", "lane_rest", "arrival_warning", "stranger", "door_help", "lock_event"):
        op.drop_table(table)
    _narrow_codes()
    op.drop_table("staff_code_door")
    op.drop_table("staff_code")
    op.drop_column("guest", "erased_at")
    op.drop_column("guest", "page_seen_at")
    op.drop_column("property", "spare_codes")
    op.drop_column("door", "gives_offline_codes")
    for name, _ in reversed(DOOR_COLUMNS):
        op.drop_column("door", name)
    listed = ", ".join(f"'{effect}'" for effect in NEW_EFFECTS)
    op.execute(f"DELETE FROM outbox_entry WHERE kind IN ({listed})")
    _say_effects(EFFECTS)


def _say_effects(values: tuple[str, ...]) -> None:
    check = op.f("ck_outbox_entry_effect")
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table("outbox_entry") as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"kind IN ({listed})")


def _make_staff_codes() -> None:
    op.create_table(
        "staff_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("all_doors", sa.Boolean(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=False),
        sa.Column("valid_until", INSTANT, nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=True),
        sa.Column("until_time", sa.Time(), nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.CheckConstraint("label <> ''", name=op.f("ck_staff_code_label")),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until > valid_from", name=op.f("ck_staff_code_window")
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 127", name=op.f("ck_staff_code_days")),
        sa.CheckConstraint(
            "(from_time IS NULL) = (until_time IS NULL)", name=op.f("ck_staff_code_hours")
        ),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_staff_code_property_id_property")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_code")),
    )
    op.create_index(op.f("ix_staff_code_property_id"), "staff_code", ["property_id"])
    op.create_table(
        "staff_code_door",
        sa.Column("staff_code_id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_code_id"],
            ["staff_code.id"],
            name=op.f("fk_staff_code_door_staff_code_id_staff_code"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["door_id"], ["door.id"], name=op.f("fk_staff_code_door_door_id_door")
        ),
        sa.PrimaryKeyConstraint("staff_code_id", "door_id", name=op.f("pk_staff_code_door")),
    )


def _widen_codes() -> None:
    with op.batch_alter_table("access_code") as batch:
        batch.alter_column("guest_id", existing_type=sa.Integer(), nullable=True)
        batch.alter_column("sealed_digits", existing_type=sa.LargeBinary(), nullable=True)
        batch.add_column(
            sa.Column("purpose", sa.String(20), nullable=False, server_default="guest")
        )
        batch.add_column(sa.Column("staff_code_id", sa.Integer(), nullable=True))
        batch.add_column(
            sa.Column("by_provider", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        batch.add_column(
            sa.Column("rung", sa.String(20), nullable=False, server_default="own-code")
        )
        for name in ("missing_at", "sent_at", "used_at"):
            batch.add_column(sa.Column(name, INSTANT, nullable=True))
        batch.add_column(sa.Column("stays_for_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_access_code_staff_code_id_staff_code"), "staff_code", ["staff_code_id"], ["id"]
        )
        batch.create_foreign_key(
            op.f("fk_access_code_stays_for_id_access_code"), "access_code", ["stays_for_id"], ["id"]
        )
        batch.create_check_constraint(
            op.f("ck_access_code_purpose"), "purpose IN ('guest', 'staff', 'spare')"
        )
        batch.create_check_constraint(
            op.f("ck_access_code_rung"),
            "rung IN ('own-code', 'spare-code', 'offline-code', 'remote-unlock', 'host')",
        )
        batch.create_check_constraint(
            op.f("ck_access_code_guest"), "(purpose = 'guest') = (guest_id IS NOT NULL)"
        )
        batch.create_check_constraint(
            op.f("ck_access_code_staff"), "(purpose = 'staff') = (staff_code_id IS NOT NULL)"
        )
        batch.create_check_constraint(
            op.f("ck_access_code_digits_kept"), "state = 'gone' OR sealed_digits IS NOT NULL"
        )
    op.create_index(op.f("ix_access_code_staff_code_id"), "access_code", ["staff_code_id"])
    op.create_index(
        "uq_current_staff_code",
        "access_code",
        ["door_id", "staff_code_id"],
        unique=True,
        postgresql_where=CURRENT,
        sqlite_where=CURRENT,
    )
    op.create_index(
        "uq_current_spare",
        "access_code",
        ["door_id"],
        unique=True,
        postgresql_where=CURRENT_SPARE,
        sqlite_where=CURRENT_SPARE,
    )


def _narrow_codes() -> None:
    """Go back to guests' codes alone; what staff and spare codes locks hold is then a stranger's."""
    op.execute("DELETE FROM access_code WHERE guest_id IS NULL OR sealed_digits IS NULL")
    for index in ("uq_current_spare", "uq_current_staff_code", "ix_access_code_staff_code_id"):
        op.drop_index(index, "access_code")
    with op.batch_alter_table("access_code") as batch:
        for check in ("digits_kept", "staff", "guest", "rung", "purpose"):
            batch.drop_constraint(op.f(f"ck_access_code_{check}"), type_="check")
        for key in ("stays_for_id_access_code", "staff_code_id_staff_code"):
            batch.drop_constraint(op.f(f"fk_access_code_{key}"), type_="foreignkey")
        for name in (
            "stays_for_id", "used_at", "sent_at", "missing_at", "rung", "by_provider",
            "staff_code_id", "purpose",
        ):  # fmt: skip
            batch.drop_column(name)
        batch.alter_column("sealed_digits", existing_type=sa.LargeBinary(), nullable=False)
        batch.alter_column("guest_id", existing_type=sa.Integer(), nullable=False)


def _make_log() -> None:
    op.create_table(
        "lock_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("heard_at", INSTANT, nullable=False),
        sa.Column(
            "way",
            words("way", "code", "remote", "app", "card", "finger", "key", "inside", "locked", "other"),
            nullable=False,
        ),
        sa.Column(
            "refusal",
            words(
                "refusal", "unknown-code", "outside-window", "locked-out", "double-locked", "other"
            ),
            nullable=True,
        ),
        sa.Column("code_id", sa.Integer(), nullable=True),
        sa.Column(
            "mistake",
            words(
                "mistake", "digits-missing", "digits-added", "one-wrong", "swapped", "other-door"
            ),
            nullable=True,
        ),
        sa.Column("who", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["door_id"], ["door.id"], name=op.f("fk_lock_event_door_id_door")),
        sa.ForeignKeyConstraint(
            ["code_id"], ["access_code.id"], name=op.f("fk_lock_event_code_id_access_code")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lock_event")),
        sa.UniqueConstraint("door_id", "key", name=op.f("uq_lock_event_door_id_key")),
    )
    op.create_index("ix_lock_event_door_at", "lock_event", ["door_id", "at"])
    op.create_index("ix_lock_event_code", "lock_event", ["code_id"])
    op.create_table(
        "door_help",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("looked_at", INSTANT, nullable=True),
        sa.Column("look_fault", sa.Text(), nullable=True),
        sa.Column("hosts_told_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_how", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "closed_at IS NULL OR closed_at >= asked_at", name=op.f("ck_door_help_closed")
        ),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_door_help_property_id_property")
        ),
        sa.ForeignKeyConstraint(["door_id"], ["door.id"], name=op.f("fk_door_help_door_id_door")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_door_help_guest_id_guest")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_help")),
    )
    op.create_index(op.f("ix_door_help_property_id"), "door_help", ["property_id"])
    op.create_index(op.f("ix_door_help_guest_id"), "door_help", ["guest_id"])
    op.create_index(
        "uq_open_door_help",
        "door_help",
        ["door_id", "guest_id"],
        unique=True,
        postgresql_where=OPEN_HELP,
        sqlite_where=OPEN_HELP,
    )


def _make_books() -> None:
    op.create_table(
        "stranger",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digits_hash", sa.Text(), nullable=False),
        sa.Column("valid_from", INSTANT, nullable=True),
        sa.Column("valid_until", INSTANT, nullable=True),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("last_seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["door_id"], ["door.id"], name=op.f("fk_stranger_door_id_door")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stranger")),
        sa.UniqueConstraint("door_id", "provider_ref", name=op.f("uq_stranger_door_id_provider_ref")),
    )
    op.create_index("ix_stranger_door_digits", "stranger", ["door_id", "digits_hash"])
    op.create_table(
        "arrival_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column("hours", sa.Integer(), nullable=False),
        sa.Column("told_at", INSTANT, nullable=False),
        sa.CheckConstraint("hours IN (2, 6, 24)", name=op.f("ck_arrival_warning_hours")),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_arrival_warning_property_id_property")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name=op.f("fk_arrival_warning_reservation_id_reservation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival_warning")),
        sa.UniqueConstraint(
            "reservation_id", "hours", name=op.f("uq_arrival_warning_reservation_id_hours")
        ),
    )
    op.create_index(op.f("ix_arrival_warning_property_id"), "arrival_warning", ["property_id"])
    op.create_table(
        "lane_rest",
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("rests_until", INSTANT, nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_lane_rest_failures")),
        sa.PrimaryKeyConstraint("lane", name=op.f("pk_lane_rest")),
    )
    op.create_table(
        "call_count",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.CheckConstraint("calls >= 0", name=op.f("ck_call_count_calls")),
        sa.PrimaryKeyConstraint("provider", "month", name=op.f("pk_call_count")),
    )
