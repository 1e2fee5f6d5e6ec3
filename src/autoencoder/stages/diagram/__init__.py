"""What an autoencoder is, drawn."""
