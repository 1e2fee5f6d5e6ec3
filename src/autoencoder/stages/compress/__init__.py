"""Latents as bytes, measured."""
