"""The numbers of each section, a module a section: what a template in templates/sections is given. No sentence here."""
