"""What was captured, in which order, and what of it stands at a gate."""
