"""whose booking is it: notices, matches and questions, mail in, exports, texts from hosts"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
OPEN_QUESTION = sa.text("closed_at IS NULL")

EFFECTS = ("put-code", "change-code", "remove-code", "unlock", "send-message")
MESSAGE_STATES = ("waiting", "sent", "delivered", "failed", "received")


def words(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=20)


def upgrade() -> None:
    _say_words("outbox_entry", "kind", "effect", (*EFFECTS, "read-text"))
    _say_words("message", "state", "messagestate", (*MESSAGE_STATES, "dropped"))
    _refer("message", "host_id", "host")
    _refer("message", "reply_to_id", "message")
    op.create_index("ix_message_host_id", "message", ["host_id"])
    op.create_index("uq_message_reply_to_id", "message", ["reply_to_id"], unique=True)
    _refer("unlock_request", "asked_by_id", "message")
    op.create_index("uq_unlock_request_asked_by_id", "unlock_request", ["asked_by_id"], unique=True)
    op.add_column("feed", sa.Column("asked_at", INSTANT, nullable=True))
    op.add_column("host", sa.Column("texts_stopped_at", INSTANT, nullable=True))
    op.add_column("guest", sa.Column("vouched_at", INSTANT, nullable=True))
    op.add_column("reservation", sa.Column("unconfirmed_at", INSTANT, nullable=True))
    op.add_column("reservation", sa.Column("modified_at", INSTANT, nullable=True))
    _make_notices()
    _make_mail()
    _make_matches()
    _make_exports()


def downgrade() -> None:
    for table in ("export_file", "change_set", "match", "question", "seen_mail", "mailbox", "notice"):
        op.drop_table(table)
    _make_old_match()
    op.drop_column("reservation", "modified_at")
    op.drop_column("reservation", "unconfirmed_at")
    op.drop_column("guest", "vouched_at")
    op.drop_column("host", "texts_stopped_at")
    op.drop_column("feed", "asked_at")
    op.execute("UPDATE unlock_request SET asked_by_id = NULL")
    op.drop_index("uq_unlock_request_asked_by_id", "unlock_request")
    _let_go("unlock_request", "asked_by_id")
    op.execute("UPDATE message SET reply_to_id = NULL")
    op.execute("DELETE FROM outbox_entry WHERE kind = 'read-text'")
    op.execute("DELETE FROM message WHERE host_id IS NOT NULL OR state = 'dropped'")
    op.drop_index("uq_message_reply_to_id", "message")
    op.drop_index("ix_message_host_id", "message")
    _let_go("message", "reply_to_id")
    _let_go("message", "host_id")
    _say_words("message", "state", "messagestate", MESSAGE_STATES)
    _say_words("outbox_entry", "kind", "effect", EFFECTS)


def _make_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("origin", words("origin", "feed", "host", "export", "mail", "guest"), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("kind", words("noticekind", "new", "modified", "cancelled"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("arrival", sa.Date(), nullable=True),
        sa.Column("departure", sa.Date(), nullable=True),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("phone_ending", sa.Text(), nullable=True),
        sa.Column("party_size", sa.Integer(), nullable=True),
        sa.Column("said_at", INSTANT, nullable=False),
        sa.Column("first_seen_at", INSTANT, nullable=False),
        sa.Column("dismissed_at", INSTANT, nullable=True),
        sa.CheckConstraint("reference <> ''", name=op.f("ck_notice_reference")),
        sa.CheckConstraint("origin IN ('mail', 'export', 'guest')", name=op.f("ck_notice_source")),
        sa.CheckConstraint("departure IS NULL OR departure > arrival", name=op.f("ck_notice_nights")),
        sa.ForeignKeyConstraint(["property_id"], ["property.id"], name=op.f("fk_notice_property_id_property")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint(
            "property_id", "origin", "reference", name=op.f("uq_notice_property_id_origin_reference")
        ),
    )
    op.create_index("ix_notice_property_arrival", "notice", ["property_id", "arrival"])


def _make_mail() -> None:
    op.create_table(
        "mailbox",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("leased_until", INSTANT, nullable=True),
        sa.Column("read_at", INSTANT, nullable=True),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("fault", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_mailbox")),
    )
    op.create_table(
        "seen_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("outcome", words("mailoutcome", "notice", "not-a-booking", "doubtful"), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("dismissed_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seen_mail")),
        sa.UniqueConstraint("message_id", name=op.f("uq_seen_mail_message_id")),
    )
    op.create_index("ix_seen_mail_outcome_seen_at", "seen_mail", ["outcome", "seen_at"])


def _make_matches() -> None:
    asks = ("several-rooms", "lone", "collision", "missing", "claim", "moved", "unplaced")
    op.drop_table("match")  # nothing was ever written to it
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Text(), nullable=False),
        sa.Column("ask", words("ask", *asks), nullable=False),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("asked_at", INSTANT, nullable=False),
        sa.Column("reminded_at", INSTANT, nullable=True),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("closed_how", sa.Text(), nullable=True),
        sa.CheckConstraint("ticket <> ''", name=op.f("ck_question_ticket")),
        sa.ForeignKeyConstraint(["property_id"], ["property.id"], name=op.f("fk_question_property_id_property")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(
        "uq_question_open_ticket",
        "question",
        ["property_id", "ticket"],
        unique=True,
        postgresql_where=OPEN_QUESTION,
        sqlite_where=OPEN_QUESTION,
    )
    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("notice_id", sa.Integer(), nullable=True),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("state", words("matchstate", "searching", "waiting", "settled", "dropped"), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=True),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("look_at", INSTANT, nullable=True),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_how", sa.Text(), nullable=True),
        sa.CheckConstraint("(reservation_id IS NULL) <> (notice_id IS NULL)", name=op.f("ck_match_one_subject")),
        sa.ForeignKeyConstraint(["property_id"], ["property.id"], name=op.f("fk_match_property_id_property")),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_match_reservation_id_reservation")
        ),
        sa.ForeignKeyConstraint(["notice_id"], ["notice.id"], name=op.f("fk_match_notice_id_notice")),
        sa.ForeignKeyConstraint(["question_id"], ["question.id"], name=op.f("fk_match_question_id_question")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_match_reservation_id")),
        sa.UniqueConstraint("notice_id", name=op.f("uq_match_notice_id")),
    )
    op.create_index("ix_match_property_arrival", "match", ["property_id", "arrival"])
    op.create_index("ix_match_question_id", "match", ["question_id"])


def _make_exports() -> None:
    op.create_table(
        "change_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["property_id"], ["property.id"], name=op.f("fk_change_set_property_id_property")),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_change_set_host_id_host")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_set")),
    )
    op.create_index("ix_change_set_property_id_made_at", "change_set", ["property_id", "made_at"])
    op.create_table(
        "export_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("made_at", INSTANT, nullable=True),
        sa.Column("uploaded_at", INSTANT, nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("skipped", sa.JSON(), nullable=False),
        sa.Column("picks", sa.JSON(), nullable=False),
        sa.Column("state", words("exportstate", "uploaded", "applied", "undone", "dropped"), nullable=False),
        sa.Column("applied_at", INSTANT, nullable=True),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("change_set_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["property_id"], ["property.id"], name=op.f("fk_export_file_property_id_property")),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_export_file_host_id_host")),
        sa.ForeignKeyConstraint(
            ["change_set_id"], ["change_set.id"], name=op.f("fk_export_file_change_set_id_change_set")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_export_file")),
    )
    op.create_index("ix_export_file_property_id_uploaded_at", "export_file", ["property_id", "uploaded_at"])


def _make_old_match() -> None:
    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("property_id", sa.Integer(), nullable=False),
        sa.Column("reservation_id", sa.Integer(), nullable=True),
        sa.Column("arrival", sa.Date(), nullable=False),
        sa.Column("state", words("matchstate", "searching", "waiting", "settled", "dropped"), nullable=False),
        sa.Column("opened_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.Column("settled_how", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["property_id"], ["property.id"], name=op.f("fk_match_property_id_property")),
        sa.ForeignKeyConstraint(
            ["reservation_id"], ["reservation.id"], name=op.f("fk_match_reservation_id_reservation")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match")),
        sa.UniqueConstraint("reservation_id", name=op.f("uq_match_reservation_id")),
    )
    op.create_index("ix_match_property_arrival", "match", ["property_id", "arrival"])


def _say_words(table: str, column: str, name: str, values: tuple[str, ...]) -> None:
    """Let a column hold these words."""
    check = op.f(f"ck_{table}_{name}")
    listed = ", ".join(f"'{value}'" for value in values)
    with op.batch_alter_table(table) as batch:
        batch.drop_constraint(check, type_="check")
        batch.create_check_constraint(check, f"{column} IN ({listed})")


def _refer(table: str, column: str, target: str) -> None:
    """Add an optional reference; SQLite takes it only together with its column."""
    key = sa.ForeignKey(f"{target}.id", name=op.f(f"fk_{table}_{column}_{target}"))
    inline = op.get_bind().dialect.name == "sqlite"
    op.add_column(table, sa.Column(column, sa.Integer(), key, nullable=True), inline_references=inline)


def _let_go(table: str, column: str) -> None:
    with op.batch_alter_table(table) as batch:
        batch.drop_column(column)
