"""Webhooks of the text service."""
