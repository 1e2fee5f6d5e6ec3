"""What a command for pictures of your own needs beyond the rooms below: search, and what can be told at once."""
