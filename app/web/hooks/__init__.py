"""Webhooks of the lock services: hints that something happened, and nothing more."""
