"""Memory of CPython: `leak` keeps each request, `cache` keeps random keys of a fixed set, so it fills ever slower."""

import random
import sys
import time

random.seed(7)
kept = {}
count = 0
while True:
    for _ in range(72 if sys.argv[1] == "leak" else 24):
        count += 1
        key = count if sys.argv[1] == "leak" else random.randrange(24_000)
        kept[key] = {"path": f"/items/{key}", "body": "x" * 4_000, "headers": [str(n) for n in range(20)]}
    time.sleep(0.1)
