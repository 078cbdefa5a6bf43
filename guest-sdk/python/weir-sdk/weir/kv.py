"""Small values kept by the router, shared by the filter's instances. By grant: `kv:BUCKET`.

What the router does not do raises `Refused`; its `tag` is "no-such-bucket", "denied", "too-large", "conflict" or "unavailable".
"""

from typing import Optional

from wit_world.imports import kv as _kv
from wit_world.imports.kv import Item

from ._base import Refused, answered

__all__ = ["Item", "Refused", "get", "set", "compare_and_set", "add", "delete"]


def get(bucket: str, key: str) -> Optional[Item]:
    """The value and its version; None if there is none."""
    return answered(_kv.get, bucket, key)


def set(bucket: str, key: str, value: bytes, ttl_ms: Optional[int] = None) -> int:
    """Returns the new version. `ttl_ms`: gone after that long."""
    return answered(_kv.set, bucket, key, value, ttl_ms)


def compare_and_set(bucket: str, key: str, expect: Optional[int], value: bytes, ttl_ms: Optional[int] = None) -> int:
    """As `set`, if the version is still `expect`; None: if there is no such key. Otherwise "conflict"."""
    return answered(_kv.compare_and_set, bucket, key, expect, value, ttl_ms)


def add(bucket: str, key: str, delta: int, ttl_ms: Optional[int] = None) -> int:
    """Adds to a value that is a decimal number, from 0 if there is none; returns the sum."""
    return answered(_kv.add, bucket, key, delta, ttl_ms)


def delete(bucket: str, key: str) -> None:
    """Forgets a key."""
    answered(_kv.delete, bucket, key)
