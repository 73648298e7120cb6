"""Seam's API, as its SDK (3.18.0) calls it, over the simulated locks that the house gives to it."""
