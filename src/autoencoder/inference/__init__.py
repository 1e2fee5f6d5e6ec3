"""A trained run in use: loaded, pictures to latents, latents to pictures. All of it in float64.

What float64 leaves of the differences between processors lies twelve orders below what is written down, so another
machine finds the same latents, pictures and numbers; in float32 each would have its own last digits.
"""
