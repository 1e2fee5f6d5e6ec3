"""The numbers of each section, a module a section: what a template in templates/sections is given.

Sentences are the template's. Here are a table's short title, and what stands for a picture to those who cannot see it.
"""
