"""The pages, as browsers ask for them: each route as a page and for htmx."""
