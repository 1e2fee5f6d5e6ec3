"""How a data set comes to be: one file a kind, from its source to uint8 images in three splits."""
