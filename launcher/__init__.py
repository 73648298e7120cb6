"""What is behind `make run`: the whole world on one machine, started and stopped together."""
