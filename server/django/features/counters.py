"""Counters in this worker's cache, and the same count as a metric for Prometheus. As routes/counters.ts."""

from django.core.cache import caches
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_POST

from journal import tally
from users import answer

cache = caches["counters"]


def counter(request, name):
    """A visit raises it in one step inside the cache. `add` does nothing to a counter that is there."""
    if request.method != "POST":
        return answer({"value": cache.get(name, 0)})
    tally.add("visits")
    cache.add(name, 0, None)
    return answer({"value": cache.incr(name)})


@require_POST
def read_and_write(request, name):
    """Two steps, between which another thread may come."""
    tally.add("visits")
    value = cache.get(name, 0) + 1
    cache.set(name, value, None)
    return answer({"value": value})


def metrics(request):
    return HttpResponse(
        "# HELP visits_total Requests that raised a counter.\n"
        f"# TYPE visits_total counter\nvisits_total {tally['visits']}\n",
        content_type="text/plain; version=0.0.4; charset=utf-8",
    )


urlpatterns = [
    path("counters/<name>", counter),
    path("counters/<name>/read-and-write", read_and_write),
    path("metrics", metrics),
]
