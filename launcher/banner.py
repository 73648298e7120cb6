"""The closing screen of `make run`."""

import tomllib
from pathlib import Path


def closing_screen(web: str, simulator: str, demo: Path) -> str:
    """Say where to look, how to sign in, and what to try first."""
    host = tomllib.loads(demo.read_text(encoding="utf-8"))["hosts"][0]
    return f"""
  Latchkey is running.

    The house, its channels and phones   {simulator}
    Guests check in                      {web}
    Hosts sign in                        {web}/admin/
                                         {host["email"]}
                                         {host["password"]}

  Try this: book rooms 1 and 2 at Booking.com in the house, run  .venv/bin/flask sync  in another
  window (or wait ten minutes), answer OK on {host["name"]}'s phone in the house, check in with the
  reference, and type the code at the doors.

  Stop with Ctrl-C. What you did is kept for the next run; `make clean` forgets it.
"""
