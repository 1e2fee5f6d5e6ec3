"""A data set's runs together: errors over latent dimension, over epochs, over bytes; and what the error cannot see."""
