"""Image search with latents."""
