"""How well a run gives pictures back."""
