"""What guests see and do."""
