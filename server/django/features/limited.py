"""A page with a limit per client, counted in the cache in one step: `add` begins a window, `incr` counts
in it. As routes/limited.ts."""

from django.core.cache import caches
from django.urls import path

from users import answer

LIMIT = 20
#: Longer than any run: within one there is a single window.
WINDOW_SECONDS = 600
cache = caches["limited"]


def limited(request):
    client = request.headers.get("X-Client", request.META.get("REMOTE_ADDR", ""))
    key = "requests_" + client.encode().hex()
    cache.add(key, 0, WINDOW_SECONDS)
    left = LIMIT - cache.incr(key)
    response = answer({"served": True}) if left >= 0 else answer({"served": False}, status=429)
    response["X-RateLimit-Limit"] = LIMIT
    response["X-RateLimit-Remaining"] = max(0, left)
    return response


urlpatterns = [path("limited", limited)]
