"""What gunicorn and the flask command load."""

import gc
import sys

gc.disable()  # nothing that is loaded is garbage, and looking for it takes a quarter of the start

from app.factory import create_app  # noqa: E402
from config import BadSetting, load  # noqa: E402

try:
    settings = load()
except BadSetting as fault:
    sys.exit(f"Latchkey cannot start: {fault}")

app = create_app(settings)

gc.freeze()
gc.enable()
