"""The networks: one file a network, each with an `Options` section and `build(options, image_shape, latent_dim)`."""
