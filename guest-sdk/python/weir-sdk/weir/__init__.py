"""Write Weir filters in Python.

| module | what |
|---|---|
| `weir.media` | filters of frames, headers and metadata: subclass `MediaFilter` |
| `weir.session` | filters that say who may connect, publish and play: subclass `SessionFilter` |
| `weir.log`, `weir.metrics`, `weir.clock` | the router's log, numbers of your own, time |
| `weir.kv` | by grant `kv:BUCKET`: small values that the router keeps |
| `weir.entropy` | by grant `entropy`: random bytes |

A filter is a folder with a `filter.py` that has one subclass of `MediaFilter` or of `SessionFilter`.
"""

from ._base import Description, Settings, InvalidConfig, IncompatibleState, Refused, Unsupported, secret

__all__ = ["Description", "Settings", "InvalidConfig", "IncompatibleState", "Refused", "Unsupported", "secret"]
