"""Pictures from random latents."""
