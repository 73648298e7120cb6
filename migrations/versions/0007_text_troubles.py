"""what keeps all texts from going out, for a person to mend"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

STEPS = sa.Enum(
    "sending", "delivery", name="textstep", native_enum=False, create_constraint=True, length=20
)


def upgrade() -> None:
    op.create_table(
        "text_trouble",
        sa.Column("step", STEPS, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("step", name=op.f("pk_text_trouble")),
    )


def downgrade() -> None:
    op.drop_table("text_trouble")
