"""One verb function per thing the app does: they take a session, add, flush, never commit."""
