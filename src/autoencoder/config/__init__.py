"""params.yaml, read strictly: the runs and what they refer to. Each value it reads is tracked by DVC itself."""
