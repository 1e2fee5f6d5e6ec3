"""What became of one network trained from several seeds."""
