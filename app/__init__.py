"""Latchkey: self check-in for small hotels, guest houses and serviced apartments.

Nothing is imported here, so that `app.domain` stays usable without Flask.
"""
