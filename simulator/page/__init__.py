"""The house page: where a newcomer plays. Everything works by plain forms; htmx makes it live."""
