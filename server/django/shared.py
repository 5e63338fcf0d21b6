"""Caches outside the process, watched while they work. A service that fails is no reason to fail: its
caller goes on as after a miss, as with django-redis' IGNORE_EXCEPTIONS, and that is told apart from one."""

from django.core.cache.backends import dummy

from journal import journal, tally

MISSING = object()


class Watched:
    """Before a class of Django's in the order of methods. Why a key is missing a service does not say."""

    #: What its client raises when the service is gone.
    failures = (OSError,)
    #: Whether the last `set` did what it says.
    did_store = True

    def get(self, key, default=None, version=None):
        value = MISSING
        with journal.beside_others("cache") as noted:
            try:
                value = super().get(key, MISSING, version)
                noted.outcome = "cold" if value is MISSING else "hit"
            except self.failures:
                noted.outcome = "error"
        tally.add({"hit": "hits", "cold": "missesCold", "error": "errors"}[noted.outcome])
        return default if value is MISSING else value

    def set(self, *given, **named):
        if any(operation.outcome == "error" for operation in journal.operations):
            # What just failed is not asked again for this page.
            return
        with journal.beside_others("store") as noted:
            try:
                super().set(*given, **named)
                noted.stored = self.did_store
                tally.add("sets", noted.stored)
            except self.failures:
                pass

    def delete(self, key, version=None):
        with journal.beside_others("delete"):
            try:
                deleted = super().delete(key, version)
                tally.add("deletions", bool(deleted))
                return deleted
            except self.failures:
                return False

    def clear(self):
        with journal.beside_others("clear") as noted:
            self.clear_own()
        return noted

    def clear_own(self):
        super().clear()

    def keys(self):
        return None


class WatchedDummyCache(Watched, dummy.DummyCache):
    status_name = "Dummy"

    def keys(self):
        return []
