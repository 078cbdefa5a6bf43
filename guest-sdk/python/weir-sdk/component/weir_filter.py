"""The filter of the author's `filter.py`."""

from typing import Any

import filter as _source
from weir import media
from weir._base import only_subclass

Filter: Any = only_subclass(_source, media.MediaFilter)
