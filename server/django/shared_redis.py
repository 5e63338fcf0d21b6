"""Redis, by Django's own backend where there is one (from 4.0 on), else by django-redis."""

from redis.exceptions import RedisError

from shared import Watched

try:
    from django.core.cache.backends.redis import RedisCache

    OPTIONS = {"socket_timeout": 1}

    def client_of(cache):
        return cache._cache.get_client(None, write=True)

    FAILURES = (OSError, RedisError)
except ImportError:
    from django_redis.cache import RedisCache
    from django_redis.exceptions import ConnectionInterrupted

    OPTIONS = {"SOCKET_TIMEOUT": 1}

    def client_of(cache):
        return cache.client.get_client(write=True)

    FAILURES = (OSError, RedisError, ConnectionInterrupted)

__all__ = ["RedisCache", "WatchedRedisCache", "OPTIONS"]


class WatchedRedisCache(Watched, RedisCache):
    status_name = "Redis"
    failures = FAILURES

    def clear_own(self):
        """Django's own would empty the whole service, which others may use too."""
        client = client_of(self)
        for key in self.own(client):
            client.delete(key)

    def keys(self):
        try:
            return [key.decode() for key in self.own(client_of(self))]
        except self.failures:
            return None

    def own(self, client):
        return list(client.scan_iter(match=f"{self.key_prefix}:*"))
