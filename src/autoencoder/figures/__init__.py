"""Every figure of the study, drawn with matplotlib: takes numbers and pictures, computes nothing."""
