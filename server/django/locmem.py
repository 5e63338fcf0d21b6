"""Django's own LocMemCache, watched while it works. Nothing that it does is changed: each method calls the
one of Django's class, and notes what came of it."""

from collections import OrderedDict
from math import inf

from django.core.cache.backends import base, locmem

from journal import journal, tally

MISSING = object()
# It reads the time itself; this is how it is known which.
base.time = locmem.time = journal.clock

#: As many entries that are gone are remembered, to tell `evicted` from `cold`: as in locmem/store.ts.
REMEMBERED_AT_LEAST, REMEMBERED_AT_MOST = 10_000, 1_000_000


class WatchedLocMemCache(locmem.LocMemCache):
    status_name = "LocMem"
    #: Entries that were culled or found expired, with the time at which they are over. Of the class:
    #: Django makes an object for each thread, and all of one LOCATION are one cache.
    departed = OrderedDict()

    def get(self, key, default=None, version=None):
        made = self.make_key(key, version)
        with journal.alone("cache") as noted:
            held = made in self._expire_info
            value = super().get(key, MISSING, version)
            if value is not MISSING:
                noted.outcome = "hit"
            elif held:
                noted.outcome = "expired"
                tally.add("expirations")
                self.departed[made] = -inf
            else:
                noted.outcome = self._why_gone(made, journal.clock.told)
            tally.add(counted(noted.outcome))
        return default if value is MISSING else value

    def set(self, *given, **named):
        with journal.alone("store") as noted:
            super().set(*given, **named)
            noted.stored = True

    def delete(self, key, version=None):
        made = self.make_key(key, version)
        with journal.alone("delete"):
            deleted = super().delete(key, version)
            self.departed.pop(made, None)
            tally.add("deletions", deleted)
        return deleted

    def clear(self):
        with journal.alone("clear") as noted:
            tally.add("deletions", len(self._cache))
            super().clear()
            self.departed.clear()
        return noted

    def keys(self):
        """The keys held, the least recently used first; Django keeps those at the end."""
        with self._lock:
            return list(reversed(self._cache))

    def _set(self, key, *given, **named):
        before = len(self._cache) + tally["evictions"]
        super()._set(key, *given, **named)
        tally.add("sets")
        tally.add("created", len(self._cache) + tally["evictions"] - before)
        self.departed.pop(key, None)
        most = max(REMEMBERED_AT_LEAST, min(self._max_entries, REMEMBERED_AT_MOST))
        for _ in range(2):
            if len(self.departed) > most:
                self.departed.popitem(last=False)

    def _cull(self):
        held = OrderedDict((key, self._expire_info[key]) for key in reversed(self._cache))
        super()._cull()
        for key, over in held.items():
            if key not in self._cache:
                self.departed[key] = inf if over is None else over
        dropped = len(held) - len(self._cache)
        tally.add("evictions", dropped)
        tally.add("culls", dropped > 0)

    def _why_gone(self, made, now):
        over = self.departed.get(made)
        if over is None:
            return "cold"
        return "expired" if over <= now else "evicted"


def counted(outcome):
    """The counter of an outcome: `missesCold`."""
    return "hits" if outcome == "hit" else f"misses{outcome.capitalize()}"
