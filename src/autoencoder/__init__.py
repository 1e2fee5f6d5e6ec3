"""Autoencoders and their latent dimension: the shared package behind the stage scripts.

Data flows one way: params -> data -> model -> metrics -> figures -> page. CONTRIBUTING.md has the rooms, a rule each.
"""
