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

if SETTINGS["backend"] == "sqlite":
    DATABASES["cache"] = {**DATABASES["default"], "NAME": SETTINGS["service"]["location"]}
    DATABASE_ROUTERS = ["shared_file.CacheRouter"]

#: The class of the cache under study, which is watched, and that of the others.
CLASSES = {
    "dummy": ("shared.WatchedDummyCache", "django.core.cache.backends.dummy.DummyCache"),
    "file": ("shared_file.WatchedFileBasedCache", "shared_file.FileBasedCache"),
    "locmem": ("locmem.WatchedLocMemCache", "django.core.cache.backends.locmem.LocMemCache"),
    "memcached": ("shared_memcached.WatchedMemcachedCache", "shared_memcached.PyMemcacheCache"),
    "sqlite": ("shared_file.WatchedDatabaseCache", "shared_file.DatabaseCache"),
    "redis": ("shared_redis.WatchedRedisCache", "shared_redis.RedisCache"),
}
LIMITS = SETTINGS["cache"]
SERVICE = SETTINGS.get("service")


def cache_at(feature=None):
    """The cache under study, or one that a feature has to itself."""
    watched, plain = CLASSES[SETTINGS["backend"]]
    made = {"BACKEND": plain if feature else watched, "TIMEOUT": LIMITS["timeout"]}
    names = {"MAX_ENTRIES": LIMITS["maxEntries"], "CULL_FREQUENCY": LIMITS["cullFrequency"]}
    if not SERVICE:
        return {**made, "LOCATION": feature or "", "OPTIONS": names}
    made["KEY_PREFIX"] = SERVICE["keyPrefix"] + (f"-{feature}" if feature else "")
    if SETTINGS["backend"] == "sqlite":
        return {**made, "LOCATION": "entries", "OPTIONS": names}
    if SETTINGS["backend"] == "file":
        return {**made, "LOCATION": SERVICE["location"] + (feature or ""), "OPTIONS": names}
    options = import_module(f"shared_{SETTINGS['backend']}").OPTIONS
    return {**made, "LOCATION": SERVICE["location"], "OPTIONS": options}


if "sessions" in SETTINGS["features"]:
    MIDDLEWARE.append("django.contrib.sessions.middleware.SessionMiddleware")
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    SESSION_CACHE_ALIAS = "sessions"

CACHES = {"default": cache_at(), **{name: cache_at(name) for name in SETTINGS["features"]}}
