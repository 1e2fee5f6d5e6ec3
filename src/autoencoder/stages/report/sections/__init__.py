"""The sections of the report: a file a section, with its `write_section`."""
