"""What gunicorn and the flask command load."""

import sys

from app.factory import create_app
from config import BadSetting, load

try:
    settings = load()
except BadSetting as fault:
    sys.exit(f"Latchkey cannot start: {fault}")

app = create_app(settings)
