"""Jobs, over the simulated world."""
