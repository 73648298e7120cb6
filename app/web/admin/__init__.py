"""What hosts see and do."""
