"""From `weir.media.MediaFilter` to the exports of a component. `weir filter build` names this module to componentize-py."""

from wit_world.exports import lifecycle

from weir._base import settings, trapping
from weir_filter import Filter
import media


class Lifecycle:
    @trapping
    def describe(self) -> lifecycle.Description:
        d = Filter.description
        return lifecycle.Description(d.name, d.version, d.summary, d.config_schema, d.state_schema)

    @trapping
    def configure(self) -> None:
        Filter.configure(settings())
