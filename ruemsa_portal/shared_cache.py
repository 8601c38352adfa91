"""Redis as the cache of kept pages. Without its server pages cost speed, nothing else.

Only what CACHE_URL names loads this module: the library takes more than ten MiB of every process.
"""

import logging
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class SharedPages(RedisCache):
    """A cache that holds nothing while its server does not answer; the log says why, without an address."""

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        """Return what is kept, or ``default``."""
        try:
            return super().get(key, default, version)
        except (OSError, RedisError) as error:
            logger.error("page cache: %s", type(error).__name__)
            return default

    def set(self, key: str, value: Any, timeout: Any = None, version: int | None = None) -> None:
        """Keep a value for so many seconds, if the server answers."""
        try:
            super().set(key, value, timeout, version)
        except (OSError, RedisError) as error:
            logger.error("page cache: %s", type(error).__name__)
