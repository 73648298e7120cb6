"""which time zone a lock is set to"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("door", sa.Column("utc_offset_minutes", sa.Integer()))
    op.add_column("door", sa.Column("zone_read_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.drop_column("door", "zone_read_at")
    op.drop_column("door", "utc_offset_minutes")
