"""Pictures unlike any of the data set."""
