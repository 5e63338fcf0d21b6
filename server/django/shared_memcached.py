"""Memcached, by Django's PyMemcacheCache."""

import socket
from urllib.parse import unquote

from django.core.cache.backends.memcached import PyMemcacheCache
from pymemcache.exceptions import MemcacheError

from launch import SETTINGS
from shared import Watched

#: A server that was gone is asked again soon; pymemcache itself would wait for a minute.
OPTIONS = {"timeout": 1, "connect_timeout": 1, "retry_attempts": 0, "dead_timeout": 0.1}

__all__ = ["OPTIONS", "PyMemcacheCache", "WatchedMemcachedCache"]


class WatchedMemcachedCache(Watched, PyMemcacheCache):
    status_name = "Memcached"
    failures = (OSError, MemcacheError)

    def clear_own(self):
        """Django's own would empty the whole service, which others may use too."""
        for key in keys_in(SETTINGS["service"]["location"]):
            if key.startswith(f"{self.key_prefix}:"):
                self._cache.delete(key)


def keys_in(location):
    """The keys of the service, as its own crawler lists them; its clients have no word for that."""
    if location.startswith("unix://"):
        service = socket.socket(socket.AF_UNIX)
        service.settimeout(1)
        service.connect(location[len("unix://") :])
    else:
        host, _, port = location.rpartition(":")
        service = socket.create_connection((host, int(port)), timeout=1)
    with service, service.makefile("rwb") as lines:
        lines.write(b"lru_crawler metadump all\r\n")
        lines.flush()
        keys = []
        for line in iter(lines.readline, b"END\r\n"):
            if not line.startswith(b"key="):
                raise OSError(f"Memcached lists no keys: {line.decode().strip()}")
            keys.append(unquote(line.split(b" ")[0][len(b"key=") :].decode()))
    return keys
