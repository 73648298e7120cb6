"""Budgets measured as ratios within one run, on this machine (`make bench`)."""
