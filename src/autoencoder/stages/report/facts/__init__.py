"""The numbers of each section, a module a section: what a template in templates/sections is given. Their
sentences are the template's, but for what is said to those who cannot see a picture, which goes with its numbers."""
