"""Django's caches that need no service: in a table of a database, here a file of SQLite's, and in files."""

from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.filebased import FileBasedCache
from django.db import DatabaseError, connections

from shared import Watched

__all__ = ["CacheRouter", "WatchedDatabaseCache", "WatchedFileBasedCache"]


class CacheRouter:
    """The table of the cache is in a database of its own."""

    def db_for_read(self, model, **_):
        return "cache" if model._meta.app_label == "django_cache" else None

    db_for_write = db_for_read


class WatchedDatabaseCache(Watched, DatabaseCache):
    status_name = "Database"
    failures = (OSError, DatabaseError)
    did_store = True

    def _base_set(self, *given):
        """Where several processes write at once, Django lets a store fail in silence."""
        self.did_store = super()._base_set(*given)
        return self.did_store

    def keys(self):
        with connections["cache"].cursor() as cursor:
            cursor.execute(f"SELECT cache_key FROM {self._table}")
            return [key for (key,) in cursor if key.startswith(f"{self.key_prefix}:")]


class WatchedFileBasedCache(Watched, FileBasedCache):
    status_name = "FileBased"
