"""Latents in TensorBoard's projector."""
