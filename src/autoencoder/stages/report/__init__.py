"""The report: one self-contained page of the whole study, made from params.yaml, metrics/ and plots/ alone."""
