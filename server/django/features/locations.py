"""Writes a key to one of this worker's caches, and tells which of them have it. As routes/locations.ts."""

from django.core.cache.backends.locmem import LocMemCache
from django.urls import path

from users import answer

#: The first pair shares one, the second pair does not, the last two were made without any settings.
LOCATIONS = {
    "first my_cache": "my_cache",
    "second my_cache": "my_cache",
    "unique-snowflake": "unique-snowflake",
    "another-snowflake": "another-snowflake",
    "not configured": "",
    "not configured either": "",
}
caches = {name: LocMemCache(location, {}) for name, location in LOCATIONS.items()}


def write(request, name, key):
    if name not in caches:
        return answer({"message": f"There is no cache {name}."}, status=400)
    caches[name].set(key, "written")
    return answer({"cache": name, "key": key})


def look(request, key):
    return answer({"seenBy": [name for name, cache in caches.items() if cache.has_key(key)]})


urlpatterns = [path("locations/<name>/<key>", write), path("locations/<key>", look)]
