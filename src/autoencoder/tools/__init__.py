"""For whoever works on the project: the README's table, workspaces, kept weights, tidying."""
