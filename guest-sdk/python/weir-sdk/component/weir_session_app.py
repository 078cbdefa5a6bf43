"""From `weir.session.SessionFilter` to the exports of a component. `weir filter build` names this module to componentize-py."""

from typing import Any

from wit_world.exports import lifecycle

import filter as _source
from weir import session
from weir._base import only_subclass, settings, trapping

_Filter: Any = only_subclass(_source, session.SessionFilter)
_filter: Any = None


class Lifecycle:
    @trapping
    def describe(self) -> lifecycle.Description:
        d = _Filter.description
        return lifecycle.Description(d.name, d.version, d.summary, d.config_schema, d.state_schema)

    @trapping
    def configure(self) -> None:
        global _filter
        _filter = _Filter(settings())


class Session:
    @trapping
    def on_connect(self, info: Any) -> Any:
        return _filter.on_connect(info)

    @trapping
    def on_publish(self, req: Any) -> Any:
        return _filter.on_publish(req)

    @trapping
    def on_play(self, req: Any) -> Any:
        return _filter.on_play(req)

    @trapping
    def on_recheck(self, who: Any) -> Any:
        return _filter.on_recheck(who)

    @trapping
    def on_close(self, who: Any, how: Any) -> None:
        _filter.on_close(who, how)
