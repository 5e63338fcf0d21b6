"""Serves a stream of requests with the real LocMemCache: get, and set on a miss.

Reads {"keys": [...], "requests": [...], "maxEntries": n, "value": v} from stdin and prints seconds
of processor time and misses: of `cache`, as applications import it, and of the bare backend.
"""

import json
import sys
import time

from django.conf import settings

stream = json.load(sys.stdin)
keys = [stream["keys"][k] for k in stream["requests"]]
settings.configure(CACHES={
    name: {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": name,
        "OPTIONS": {"MAX_ENTRIES": stream["maxEntries"]},
    }
    for name in ("default", "bare")
})

from django.core.cache import cache, caches  # noqa: E402 (the settings come first)


def serve(cache):
    value = stream["value"]
    misses = 0
    start = time.process_time()
    for key in keys:
        if cache.get(key) is None:
            misses += 1
            cache.set(key, value)
    return {"seconds": time.process_time() - start, "misses": misses}


print(json.dumps({"application": serve(cache), "bare": serve(caches["bare"])}))
