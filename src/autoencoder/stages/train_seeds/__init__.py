"""One network trained from several seeds."""
