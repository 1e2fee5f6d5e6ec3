"""A trained run in use: loaded, pictures to latents, latents to pictures."""
