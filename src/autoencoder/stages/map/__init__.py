"""Latents on a plane."""
