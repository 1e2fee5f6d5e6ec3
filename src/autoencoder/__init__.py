"""Autoencoders and their latent dimension: the shared package behind the stage scripts.

Data flows one way: params -> data -> model -> metrics -> figures. Every concept is in the file named after it.
"""
