"""What belongs to one stage alone: a folder a stage, named after it. No stage imports another."""
