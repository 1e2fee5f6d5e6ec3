"""One run in pictures: its reconstructions, and its network layer by layer."""
