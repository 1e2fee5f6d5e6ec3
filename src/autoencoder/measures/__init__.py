"""What is measured: PCA, neighbors, similarity of pictures and of sets of pictures."""
