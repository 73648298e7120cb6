"""the first night"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "beat",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_beat")),
    )
    op.create_table(
        "outbox_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "put-code",
                "change-code",
                "remove-code",
                "unlock",
                "send-message",
                name="effect",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=False),
        sa.Column("lane", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rung_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_entry")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_entry_dedupe_key")),
    )
    op.create_index(
        "ix_outbox_entry_due",
        "outbox_entry",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_index(
        "uq_outbox_entry_running_lane",
        "outbox_entry",
        ["lane"],
        unique=True,
        postgresql_where=sa.text("leased_until IS NOT NULL"),
        sqlite_where=sa.text("leased_until IS NOT NULL"),
    )

    op.create_table(
        "property",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("check_in", sa.Time(), nullable=False),
        sa.Column("check_out", sa.Time(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("directions", sa.Text(), nullable=True),
        sa.Column("wifi_name", sa.Text(), nullable=True),
        sa.Column("wifi_password", sa.Text(), nullable=True),
        sa.Column("house_guide", sa.Text(), nullable=True),
        sa.Column("house_rules", sa.Text(), nullable=True),
        sa.Column("asks_car", sa.Boolean(), nullable=False),
        sa.Column("code_length", sa.Integer(), nullable=False),
        sa.Column("retention_months", sa.Integer(), nullable=False),
        sa.CheckConstraint("code_length BETWEEN 4 AND 9", name=op.f("ck_property_code_length")),
        sa.CheckConstraint(
            "retention_months BETWEEN 1 AND 120", name=op.f("ck_property_retention_months")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_property")),
        sa.UniqueConstraint("name", name=op.f("uq_property_name")),
    )
    op.create_table(
        "provider_token",
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_provider_token")),
    )
    op.create_table(
        "throttle",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_throttle_failures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle")),
        sa.UniqueConstraint("scope", "key_hash", name=op.f("uq_throttle_scope_key_hash")),
    )
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("full_name", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("party_size", sa.Integer(), nullable=True),
        sa.Column("expected_arrival", sa.Time(), nullable=True),
        sa.Column("car_registration", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("agreed_to_rules_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_in_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("link_seed", sa.LargeBinary(), nullable=False),
        sa.Column("link_hash", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_guest_reference")),
        sa.CheckConstraint("party_size > 0", name=op.f("ck_guest_party_size")),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_guest_property_id_property")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("link_hash", name=op.f("uq_guest_link_hash")),
        sa.UniqueConstraint(
            "property_id", "reference", name=op.f("uq_guest_property_id_reference")
        ),
    )
    op.create_table(
        "history_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_history_entry_property_id_property")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_entry")),
    )
    op.create_index(
        "ix_history_entry_property_at", "history_entry", ["property_id", "at"], unique=False
    )
    op.create_index(
        "ix_history_entry_subject", "history_entry", ["subject", "subject_id"], unique=False
    )

    op.create_table(
        "host",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "owner",
                "staff",
                "viewer",
                "cleaner",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("welcome_hash", sa.Text(), nullable=True),
        sa.Column("welcome_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("session_epoch", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_host_property_id_property")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_host")),
        sa.UniqueConstraint("email", name=op.f("uq_host_email")),
        sa.UniqueConstraint("phone", name=op.f("uq_host_phone")),
        sa.UniqueConstraint("welcome_hash", name=op.f("uq_host_welcome_hash")),
    )
    op.create_table(
        "room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.CheckConstraint("number > 0", name=op.f("ck_room_number")),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_room_property_id_property")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room")),
        sa.UniqueConstraint("property_id", "number", name=op.f("uq_room_property_id_number")),
    )
    op.create_table(
        "door",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("provider", sa.Text(), nullable=False),
        sa.Column("lock_id", sa.Text(), nullable=False),
        sa.Column("gateway_id", sa.Text(), nullable=True),
        sa.Column("gateway_online", sa.Boolean(), nullable=True),
        sa.Column("battery_percent", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "battery_percent BETWEEN 0 AND 100", name=op.f("ck_door_battery_percent")
        ),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_door_property_id_property")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_door_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door")),
        sa.UniqueConstraint("property_id", "name", name=op.f("uq_door_property_id_name")),
        sa.UniqueConstraint("provider", "lock_id", name=op.f("uq_door_provider_lock_id")),
    )
    op.create_index(op.f("ix_door_room_id"), "door", ["room_id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("next_fetch_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hold", sa.Text(), nullable=True),
        sa.Column("loss_accepted", sa.Boolean(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_feed_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("room_id", "url", name=op.f("uq_feed_room_id_url")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column(
            "medium",
            sa.Enum(
                "sms", "email", name="medium", native_enum=False, create_constraint=True, length=20
            ),
            nullable=False,
        ),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("template", sa.Text(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sent",
                "delivered",
                "failed",
                "received",
                name="messagestate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("address <> ''", name=op.f("ck_message_address")),
        sa.ForeignKeyConstraint(["guest_id"], ["guest.id"], name=op.f("fk_message_guest_id_guest")),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_message_property_id_property")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("provider_ref", name=op.f("uq_message_provider_ref")),
    )
    op.create_index(op.f("ix_message_guest_id"), "message", ["guest_id"], unique=False)

    op.create_table(
        "reservation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("departure", sa.Date(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "open",
                "confirmed",
                "disputed",
                "cancelled",
                "block",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone_ending", sa.Text(), nullable=True),
        sa.Column("early_check_in", sa.Time(), nullable=True),
        sa.Column("late_check_out", sa.Time(), nullable=True),
        sa.Column("appeared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_in_by_host_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_reservation_reference")),
        sa.CheckConstraint("departure > arrival", name=op.f("ck_reservation_nights")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_reservation_guest_id_guest")
        ),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_reservation_property_id_property")
        ),
        sa.ForeignKeyConstraint(["room_id"], ["room.id"], name=op.f("fk_reservation_room_id_room")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reservation")),
    )
    op.create_index(op.f("ix_reservation_guest_id"), "reservation", ["guest_id"], unique=False)
    op.create_index(
        "ix_reservation_property_arrival", "reservation", ["property_id", "arrival"], unique=False
    )
    op.create_index(
        "ix_reservation_property_departure",
        "reservation",
        ["property_id", "departure"],
        unique=False,
    )
    op.create_index(
        "ix_reservation_property_reference",
        "reservation",
        ["property_id", "reference"],
        unique=False,
    )
    op.create_index(
        "ix_reservation_room_departure", "reservation", ["room_id", "departure"], unique=False
    )

    op.create_table(
        "unit_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["room_id"], ["room.id"], name=op.f("fk_unit_type_room_id_room"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit_type")),
        sa.UniqueConstraint("room_id", "name", name=op.f("uq_unit_type_room_id_name")),
    )
    op.create_table(
        "access_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sealed_digits", sa.LargeBinary(), nullable=False),
        sa.Column("digits_hash", sa.Text(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "wanted",
                "active",
                "unwanted",
                "gone",
                "failed",
                name="codestate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("unclear_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state <> 'active' OR provider_ref IS NOT NULL", name=op.f("ck_access_code_confirmed")
        ),
        sa.CheckConstraint("valid_until > valid_from", name=op.f("ck_access_code_window")),
        sa.ForeignKeyConstraint(["door_id"], ["door.id"], name=op.f("fk_access_code_door_id_door")),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_access_code_guest_id_guest")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_code")),
        sa.UniqueConstraint("name", name=op.f("uq_access_code_name")),
    )
    op.create_index(op.f("ix_access_code_door_id"), "access_code", ["door_id"], unique=False)
    op.create_index(op.f("ix_access_code_guest_id"), "access_code", ["guest_id"], unique=False)
    op.create_index(
        "ix_access_code_state_valid_until", "access_code", ["state", "valid_until"], unique=False
    )
    op.create_index(
        "uq_current_code",
        "access_code",
        ["door_id", "guest_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('wanted', 'active', 'failed')"),
        sqlite_where=sa.text("state IN ('wanted', 'active', 'failed')"),
    )
    op.create_index(
        "uq_live_digits",
        "access_code",
        ["door_id", "digits_hash"],
        unique=True,
        postgresql_where=sa.text("state <> 'gone'"),
        sqlite_where=sa.text("state <> 'gone'"),
    )

    op.create_table(
        "feed_snapshot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["feed.id"], name=op.f("fk_feed_snapshot_feed_id_feed"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_snapshot")),
    )
    op.create_index(op.f("ix_feed_snapshot_feed_id"), "feed_snapshot", ["feed_id"], unique=False)
    op.create_index(
        op.f("ix_feed_snapshot_fetched_at"), "feed_snapshot", ["fetched_at"], unique=False
    )

    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "searching",
                "waiting",
                "settled",
                "dropped",
                name="matchstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_how", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["property_id"], ["property.id"], name=op.f("fk_match_property_id_property")
        ),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_match_reservation_id_reservation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_match_reservation_id")),
    )
    op.create_index("ix_match_property_arrival", "match", ["property_id", "arrival"], unique=False)

    op.create_table(
        "sighting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=False),
        sa.Column(
            "origin",
            sa.Enum(
                "feed",
                "host",
                "export",
                "mail",
                "guest",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("own_id", sa.Text(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "stay",
                "closed",
                "tentative",
                "block",
                "cancelled",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("departure", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone_ending", sa.Text(), nullable=True),
        sa.Column("first_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("missing_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(origin = 'feed') = (feed_id IS NOT NULL)", name=op.f("ck_sighting_feed")
        ),
        sa.CheckConstraint("departure > arrival", name=op.f("ck_sighting_nights")),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_sighting_feed_id_feed")),
        sa.ForeignKeyConstraint(
            ["reservation_id"],
            ["reservation.id"],
            name=op.f("fk_sighting_reservation_id_reservation"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sighting")),
        sa.UniqueConstraint("source", "own_id", name=op.f("uq_sighting_source_own_id")),
    )
    op.create_index(
        "ix_sighting_feed_id_departure", "sighting", ["feed_id", "departure"], unique=False
    )
    op.create_index(
        op.f("ix_sighting_reservation_id"), "sighting", ["reservation_id"], unique=False
    )

    op.create_table(
        "unlock_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("door_id", sa.Integer(), nullable=False),
        sa.Column("guest_id", sa.Integer(), nullable=True),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "begun",
                "opened",
                "failed",
                "dropped",
                "unknown",
                name="unlockstate",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(guest_id IS NULL) <> (host_id IS NULL)", name=op.f("ck_unlock_request_one_asker")
        ),
        sa.CheckConstraint(
            "begun_at IS NULL OR begun_at < expires_at",
            name=op.f("ck_unlock_request_begun_in_time"),
        ),
        sa.ForeignKeyConstraint(
            ["door_id"], ["door.id"], name=op.f("fk_unlock_request_door_id_door")
        ),
        sa.ForeignKeyConstraint(
            ["guest_id"], ["guest.id"], name=op.f("fk_unlock_request_guest_id_guest")
        ),
        sa.ForeignKeyConstraint(
            ["host_id"], ["host.id"], name=op.f("fk_unlock_request_host_id_host")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unlock_request")),
    )
    op.create_index(op.f("ix_unlock_request_door_id"), "unlock_request", ["door_id"], unique=False)
    op.create_index(
        op.f("ix_unlock_request_guest_id"), "unlock_request", ["guest_id"], unique=False
    )
    op.create_index(
        "uq_unlock_request_open_guest",
        "unlock_request",
        ["door_id", "guest_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('waiting', 'begun')"),
        sqlite_where=sa.text("state IN ('waiting', 'begun')"),
    )


def downgrade() -> None:
    op.drop_index(
        "uq_unlock_request_open_guest",
        table_name="unlock_request",
        postgresql_where=sa.text("state IN ('waiting', 'begun')"),
        sqlite_where=sa.text("state IN ('waiting', 'begun')"),
    )
    op.drop_index(op.f("ix_unlock_request_guest_id"), table_name="unlock_request")
    op.drop_index(op.f("ix_unlock_request_door_id"), table_name="unlock_request")

    op.drop_table("unlock_request")
    op.drop_index(op.f("ix_sighting_reservation_id"), table_name="sighting")
    op.drop_index("ix_sighting_feed_id_departure", table_name="sighting")

    op.drop_table("sighting")
    op.drop_index("ix_match_property_arrival", table_name="match")

    op.drop_table("match")
    op.drop_index(op.f("ix_feed_snapshot_fetched_at"), table_name="feed_snapshot")
    op.drop_index(op.f("ix_feed_snapshot_feed_id"), table_name="feed_snapshot")

    op.drop_table("feed_snapshot")
    op.drop_index(
        "uq_live_digits",
        table_name="access_code",
        postgresql_where=sa.text("state <> 'gone'"),
        sqlite_where=sa.text("state <> 'gone'"),
    )
    op.drop_index(
        "uq_current_code",
        table_name="access_code",
        postgresql_where=sa.text("state IN ('wanted', 'active', 'failed')"),
        sqlite_where=sa.text("state IN ('wanted', 'active', 'failed')"),
    )
    op.drop_index("ix_access_code_state_valid_until", table_name="access_code")
    op.drop_index(op.f("ix_access_code_guest_id"), table_name="access_code")
    op.drop_index(op.f("ix_access_code_door_id"), table_name="access_code")

    op.drop_table("access_code")
    op.drop_table("unit_type")
    op.drop_index("ix_reservation_room_departure", table_name="reservation")
    op.drop_index("ix_reservation_property_reference", table_name="reservation")
    op.drop_index("ix_reservation_property_departure", table_name="reservation")
    op.drop_index("ix_reservation_property_arrival", table_name="reservation")
    op.drop_index(op.f("ix_reservation_guest_id"), table_name="reservation")

    op.drop_table("reservation")
    op.drop_index(op.f("ix_message_guest_id"), table_name="message")

    op.drop_table("message")
    op.drop_table("feed")
    op.drop_index(op.f("ix_door_room_id"), table_name="door")

    op.drop_table("door")
    op.drop_table("room")
    op.drop_table("host")
    op.drop_index("ix_history_entry_subject", table_name="history_entry")
    op.drop_index("ix_history_entry_property_at", table_name="history_entry")

    op.drop_table("history_entry")
    op.drop_table("guest")
    op.drop_table("throttle")
    op.drop_table("provider_token")
    op.drop_table("property")
    op.drop_index(
        "uq_outbox_entry_running_lane",
        table_name="outbox_entry",
        postgresql_where=sa.text("leased_until IS NOT NULL"),
        sqlite_where=sa.text("leased_until IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_entry_due",
        table_name="outbox_entry",
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )

    op.drop_table("outbox_entry")
    op.drop_table("beat")
