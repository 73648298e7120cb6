"""names of rooms that a host told while importing stay, whatever the setup file says"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("unit_type", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM unit_type WHERE told_at IS NOT NULL")
    op.drop_column("unit_type", "told_at")
