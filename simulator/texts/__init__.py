"""Twilio for texts: its API, its webhooks, and the phones at the other end."""
