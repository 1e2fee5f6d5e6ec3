"""What is measured: PCA, neighbors, similarity of pictures and of sets; and what of it others read again."""
