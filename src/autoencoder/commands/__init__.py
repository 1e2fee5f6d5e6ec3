"""For pictures of your own: what `src/search.py`, `src/encode.py` and `src/decode.py` do."""
