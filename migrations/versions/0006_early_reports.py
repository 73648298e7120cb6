"""reports on texts that come before the text is recorded"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "early_report",
        sa.Column("sid", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("came_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("sid", name=op.f("pk_early_report")),
    )
    op.create_index("ix_early_report_came_at", "early_report", ["came_at"])


def downgrade() -> None:
    op.drop_index("ix_early_report_came_at", "early_report")
    op.drop_table("early_report")
