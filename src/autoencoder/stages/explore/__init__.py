"""The explorer: a page to play with, of test images, their latents and the networks themselves."""
