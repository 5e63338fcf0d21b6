"""The settings that a Django project has: one database, and the caches under study."""

from importlib import import_module

from launch import SETTINGS

SECRET_KEY = "a laboratory has no secrets to keep"
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "urls"
MIDDLEWARE = ["users.telling", "django.middleware.common.CommonMiddleware"]
USE_TZ = True

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": SETTINGS["database"],
        "OPTIONS": {"timeout": 5},
        "CONN_MAX_AGE": None,
    }
}

#: The class of the cache under study, which is watched, and that of the others.
CLASSES = {
    "dummy": ("shared.WatchedDummyCache", "django.core.cache.backends.dummy.DummyCache"),
    "locmem": ("locmem.WatchedLocMemCache", "django.core.cache.backends.locmem.LocMemCache"),
    "memcached": ("shared_memcached.WatchedMemcachedCache", "shared_memcached.PyMemcacheCache"),
    "redis": ("shared_redis.WatchedRedisCache", "shared_redis.RedisCache"),
}
LIMITS = SETTINGS["cache"]
SERVICE = SETTINGS.get("service")


def cache_at(feature=None):
    """The cache under study, or one that a feature has to itself."""
    watched, plain = CLASSES[SETTINGS["backend"]]
    made = {"BACKEND": plain if feature else watched, "TIMEOUT": LIMITS["timeout"]}
    if SERVICE:
        prefix = SERVICE["keyPrefix"] + (f"-{feature}" if feature else "")
        options = import_module(f"shared_{SETTINGS['backend']}").OPTIONS
        return {**made, "LOCATION": SERVICE["location"], "KEY_PREFIX": prefix, "OPTIONS": options}
    names = {"MAX_ENTRIES": LIMITS["maxEntries"], "CULL_FREQUENCY": LIMITS["cullFrequency"]}
    return {**made, "LOCATION": feature or "", "OPTIONS": names}


if "sessions" in SETTINGS["features"]:
    MIDDLEWARE.append("django.contrib.sessions.middleware.SessionMiddleware")
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    SESSION_CACHE_ALIAS = "sessions"

CACHES = {"default": cache_at(), **{name: cache_at(name) for name in SETTINGS["features"]}}
