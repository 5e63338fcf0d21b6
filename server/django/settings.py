"""The settings that a Django project has: one database, and the caches under study."""

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

CLASSES = {
    "dummy": ("watched.WatchedDummyCache", "django.core.cache.backends.dummy.DummyCache"),
    "locmem": ("watched.WatchedLocMemCache", "django.core.cache.backends.locmem.LocMemCache"),
}


def cache_at(feature=None):
    """The cache under study, or one that a feature has to itself, unwatched."""
    watched, plain = CLASSES[SETTINGS["backend"]]
    limits = SETTINGS["cache"]
    return {
        "BACKEND": plain if feature else watched,
        "LOCATION": feature or "",
        "TIMEOUT": limits["timeout"],
        "OPTIONS": {
            "MAX_ENTRIES": limits["maxEntries"],
            "CULL_FREQUENCY": limits["cullFrequency"],
        },
    }


if "sessions" in SETTINGS["features"]:
    MIDDLEWARE.append("django.contrib.sessions.middleware.SessionMiddleware")
    SESSION_ENGINE = "django.contrib.sessions.backends.cache"
    SESSION_CACHE_ALIAS = "sessions"

CACHES = {"default": cache_at(), **{name: cache_at(name) for name in SETTINGS["features"]}}
