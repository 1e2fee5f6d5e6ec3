"""What figures share: how they look, rows of pictures, axes. It computes nothing."""
