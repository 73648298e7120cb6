"""What an export would change here: its rows against what is known, before anything is changed.

`known` is what is known, `outcomes` what may become of a row, `bookings` looks for reservations
that bear a row's reference, `rooms` finds rooms for those that none bears, `plan` does one after
the other.
"""

from app.domain.imports.plan import ImportPlan as ImportPlan
from app.domain.imports.plan import plan_import as plan_import
