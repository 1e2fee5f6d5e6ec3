"""How a network learns: the loop, its schedules, and going on after a stop."""
