"""Pictures as bytes: latents quantized and entropy-coded, JPEG and WebP."""
