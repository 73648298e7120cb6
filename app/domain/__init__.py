"""Decisions: plain functions over frozen dataclasses. No Flask, no HTTP, no session, no clock."""
