"""Autoencoders and their latent dimension: the shared package behind the stage scripts.

Data flows one way: params -> data -> model -> metrics -> figures -> page. CONTRIBUTING.md has the rooms, a rule each.
"""

import os

# Threads that wait for one another sleep and do not spin: where something else runs, too, spinning costs more than half
# the speed (docs/reproducibility.md). The OpenMP of torch and scikit-learn reads it once, when they are imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
