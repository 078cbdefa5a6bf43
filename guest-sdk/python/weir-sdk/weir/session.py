"""Filters that say who may connect, publish and play: the world `session-filter`."""

from typing import Dict, Iterable, List, Optional, Tuple, Union

from wit_world.exports.session import (
    Decision_Abstain as Abstain,
    Decision_Allow as Allow,
    Decision_Deny as Deny,
    Decision_Redirect as Redirect,
    Denial,
    Grant,
    Redirection,
    Role,
    SessionRef,
    Summary,
)
from wit_world.imports.types import ConnectionInfo, EndReason, PlayRequest, PublishRequest, StreamKey, TlsInfo

from ._base import Description, InvalidConfig, Settings, secret

Decision = Union[Abstain, Allow, Deny, Redirect]


def abstain() -> Decision:
    """No opinion: the next filter is asked."""
    return Abstain()


def allow(
    rename: Optional[StreamKey] = None,
    tags: Optional[Dict[str, str]] = None,
    max_kbps: Optional[int] = None,
    max_duration_ms: Optional[int] = None,
    recheck_ms: Optional[int] = None,
    push_to: Iterable[str] = (),
) -> Decision:
    """A yes, with terms: a public name for a secret key, tags for the media filters, limits, when to ask again, where to push."""
    tags_list: List[Tuple[str, str]] = list((tags or {}).items())
    return Allow(Grant(rename, tags_list, max_kbps, max_duration_ms, recheck_ms, list(push_to)))


def deny(reason: str, code: str = "", disconnect: bool = False, hold_ms: int = 0) -> Decision:
    """A no: the text that the encoder shows, the status code (empty: the usual one), and how late it is told."""
    return Deny(Denial(code, reason, disconnect, hold_ms))


def redirect(url: str, permanent: bool = False) -> Decision:
    """Go to another server."""
    return Redirect(Redirection(url, permanent))


def key(app: str, name: str) -> StreamKey:
    """The name of a stream, for `rename`."""
    return StreamKey(app, name, [])


def argument(key: StreamKey, name: str) -> Optional[str]:
    """The first argument of this name behind `?` in the stream's name."""
    return next((v for n, v in key.query if n == name), None)


class SessionFilter:
    """A filter that says who may connect, publish and play.

    One object per instance. Instances are pooled: two calls about one session may reach two of them, so what must be remembered
    of a session belongs into the tags of `allow`. An exception becomes a line in the log, and the peer is denied.
    """

    #: What the filter says of itself.
    description = Description("unnamed", "0.0.0", "")

    def __init__(self, settings: Settings) -> None:
        """Reads the operator's settings, once per instance. Raise `InvalidConfig` to keep the filter from being loaded."""

    def on_connect(self, connection: ConnectionInfo) -> Decision:
        """The connect command."""
        return abstain()

    def on_publish(self, request: PublishRequest) -> Decision:
        """The publish command."""
        return abstain()

    def on_play(self, request: PlayRequest) -> Decision:
        """The play command."""
        return abstain()

    def on_recheck(self, session: SessionRef) -> Decision:
        """`recheck_ms` after an `allow`; only a denial or a redirect ends the session."""
        return abstain()

    def on_close(self, session: SessionRef, summary: Summary) -> None:
        """A session that was allowed is over."""
