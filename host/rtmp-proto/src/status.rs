//! Status codes that encoders and players expect (RTMP 1.0 §7.2 and the practice of servers).

/// How serious a status is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// It went as asked.
    Status,
    /// It went, but.
    Warning,
    /// It did not.
    Error,
}

impl Level {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Status => "status",
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

/// connect succeeded.
pub const CONNECT_SUCCESS: &str = "NetConnection.Connect.Success";
/// connect was refused.
pub const CONNECT_REJECTED: &str = "NetConnection.Connect.Rejected";
/// connect named no application or an unknown one.
pub const CONNECT_INVALID_APP: &str = "NetConnection.Connect.InvalidApp";
/// The client is asked to connect again, possibly elsewhere (E-RTMP v2, Reconnect Request).
pub const RECONNECT_REQUEST: &str = "NetConnection.Connect.ReconnectRequest";
/// A command failed.
pub const CALL_FAILED: &str = "NetConnection.Call.Failed";
/// publish succeeded.
pub const PUBLISH_START: &str = "NetStream.Publish.Start";
/// publish was refused: the name is taken or not allowed.
pub const PUBLISH_BAD_NAME: &str = "NetStream.Publish.BadName";
/// The client stopped publishing.
pub const UNPUBLISH_SUCCESS: &str = "NetStream.Unpublish.Success";
/// Data of a play is about to start from a new point.
pub const PLAY_RESET: &str = "NetStream.Play.Reset";
/// play succeeded.
pub const PLAY_START: &str = "NetStream.Play.Start";
/// play ended.
pub const PLAY_STOP: &str = "NetStream.Play.Stop";
/// All of a play that was asked for was sent; said by onPlayStatus.
pub const PLAY_COMPLETE: &str = "NetStream.Play.Complete";
/// play failed.
pub const PLAY_FAILED: &str = "NetStream.Play.Failed";
/// There is no such stream to play.
pub const PLAY_STREAM_NOT_FOUND: &str = "NetStream.Play.StreamNotFound";
/// A publisher came to the stream that is played.
pub const PLAY_PUBLISH_NOTIFY: &str = "NetStream.Play.PublishNotify";
/// The publisher of the stream that is played is gone.
pub const PLAY_UNPUBLISH_NOTIFY: &str = "NetStream.Play.UnpublishNotify";
/// A play pauses.
pub const PAUSE_NOTIFY: &str = "NetStream.Pause.Notify";
/// A play goes on.
pub const UNPAUSE_NOTIFY: &str = "NetStream.Unpause.Notify";
/// A seek was heard.
pub const SEEK_NOTIFY: &str = "NetStream.Seek.Notify";
