"""What all networks share: the autoencoder, how one is built, its value range, its device, its error."""
