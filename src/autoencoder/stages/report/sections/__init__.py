"""The sections of the report: a function a section."""
