"""What every answer carries against being framed, sniffed, cached or injected into."""

from urllib.parse import urlsplit

from flask import Flask, Response
from flask_wtf.csrf import CSRFProtect

from config import Settings

csrf = CSRFProtect()

YEAR = 31_536_000


def register_security(app: Flask, settings: Settings) -> None:
    """Install CSRF protection and the headers."""
    csrf.init_app(app)
    parts = urlsplit(settings.htmx_url)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {parts.scheme}://{parts.netloc}",
            "style-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        # Stay links are secrets and must not travel in a Referer; forms still need an origin.
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if settings.is_https:
        headers["Strict-Transport-Security"] = f"max-age={YEAR}"

    @app.after_request
    def secure(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        return response
