"""Memory that one gradient step frees is kept for the next."""

import ctypes

# Of glibc's malloc.h. Tensors of up to 32 MiB, the most it takes, come from the heap, and the heap is not given back.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
LARGEST_KEPT = 32 * 2**20
NEVER = 2**31 - 1


def keep_freed_memory() -> bool:
    """Ask the C library to keep what is freed. Returns whether it does; only GNU's is asked, others know no such call.

    Else every activation of every step comes from the system as new pages, each of which has to be found and cleared:
    on virtual machines with busy neighbors up to a third of a training's time. No number changes.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return False
    return bool(mallopt(M_MMAP_THRESHOLD, LARGEST_KEPT) and mallopt(M_TRIM_THRESHOLD, NEVER))
