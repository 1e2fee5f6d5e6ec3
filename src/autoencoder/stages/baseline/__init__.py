"""What a data set gives without a network."""
