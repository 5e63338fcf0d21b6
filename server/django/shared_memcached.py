"""Memcached, by Django's PyMemcacheCache."""

from urllib.parse import unquote

from django.core.cache.backends.memcached import PyMemcacheCache
from pymemcache.exceptions import MemcacheError

from shared import Watched

#: A server that was gone is asked again soon; pymemcache itself would wait for a minute.
OPTIONS = {"timeout": 1, "connect_timeout": 1, "retry_attempts": 0, "dead_timeout": 0.1}

__all__ = ["OPTIONS", "PyMemcacheCache", "WatchedMemcachedCache"]


class WatchedMemcachedCache(Watched, PyMemcacheCache):
    status_name = "Memcached"
    failures = (OSError, MemcacheError)

    def clear_own(self):
        """Django's own would empty the whole service, which others may use too."""
        for client in self._cache.clients.values():
            listed = client.raw_command("lru_crawler metadump all", "END\r\n")
            for line in listed.decode().splitlines():
                key = unquote(line.partition(" ")[0].removeprefix("key="))
                if key.startswith(f"{self.key_prefix}:"):
                    client.delete(key)
