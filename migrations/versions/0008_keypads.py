"""which keys a lock has, where some are missing"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("door", sa.Column("keypad", sa.Text()))


def downgrade() -> None:
    op.drop_column("door", "keypad")
