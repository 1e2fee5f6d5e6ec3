"""Where everything lies, and how it is written and read. What is read is what was written: nothing is computed."""
