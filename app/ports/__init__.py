"""Outside systems: one Protocol each, one real client a file. Knows only `app.domain`."""
