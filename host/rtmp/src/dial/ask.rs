//! From a link to an admitted publish or play.

use rtmp_proto::client::Event;
use rtmp_proto::client::answer::Info;
use rtmp_proto::{MessageStreamId, RequestId};
use tokio::time::{Instant, timeout_at};

use super::session::{Happened, Session};
use super::{DialSettings, End, Stage};

/// What a server is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Verb {
    Publish,
    Play,
}

/// A publish or play that was admitted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Admitted {
    pub(super) request: RequestId,
    pub(super) stream: MessageStreamId,
}

/// Why a connection is of no further use.
#[derive(Debug)]
pub(super) enum Over {
    End(End),
    /// The server refused; what it says may ask for a login.
    Refused(Info),
    /// Somewhere else is the place for this.
    Redirected(String),
    /// The server wants us to connect again, there or in the same place.
    Reconnect(Option<String>),
    /// connect was answered by closing the connection.
    Unanswered(End),
}

impl From<End> for Over {
    fn from(end: End) -> Over {
        Over::End(end)
    }
}

/// Asks and waits until the server has said yes.
pub(super) async fn ask(
    session: &mut Session<'_>,
    verb: Verb,
    name: &str,
    settings: &DialSettings,
) -> Result<Admitted, Over> {
    match verb {
        Verb::Publish => session.proto.publish(name),
        Verb::Play => session.proto.play(name),
    };
    // What comes before connect is accepted has limits of its own.
    let mut deadline = None;
    loop {
        let happened = match deadline {
            None => session.next().await,
            Some(deadline) => timeout_at(deadline, session.next())
                .await
                .unwrap_or(Err(End::Timeout(Stage::Answer, settings.answer_timeout))),
        };
        let event = match happened {
            Ok(Happened::Event(event)) => event,
            Ok(Happened::Room) => continue,
            Err(end @ (End::RemoteEnded { .. } | End::Io(_))) if deadline.is_none() => {
                return Err(if session.is_shaken() { Over::Unanswered(end) } else { Over::End(end) });
            }
            Err(end) => return Err(Over::End(end)),
        };
        match event {
            Event::Connected(server) => {
                tracing::debug!(version = server.version, caps_ex = server.caps_ex, "connect was accepted");
                deadline = Instant::now().checked_add(settings.answer_timeout);
            }
            Event::Publishing { id: request, stream } | Event::Playing { id: request, stream } => {
                return Ok(Admitted { request, stream });
            }
            other => heard(session, other)?,
        }
    }
}

/// Takes note of what is of one meaning whenever it comes.
pub(super) fn heard(session: &mut Session<'_>, event: Event) -> Result<(), Over> {
    match event {
        Event::Refused { info } => Err(Over::Refused(info)),
        Event::Failed { info, .. } => Err(match info.url {
            Some(url) => Over::Redirected(url),
            None => Over::Refused(info),
        }),
        Event::Redirected { url, .. } => Err(Over::Redirected(url)),
        Event::Reconnect { tc_url, .. } => Err(Over::Reconnect(tc_url)),
        Event::Closed => Err(Over::End(match session.complaint.take() {
            Some(info) => End::Refused { code: info.code, description: info.description },
            None => End::RemoteEnded { code: String::new(), description: String::new() },
        })),
        Event::Status { stream, info } => {
            tracing::debug!(%stream, code = info.code, description = info.description, "the server says");
            if info.is_error() {
                session.complaint = Some(info);
            }
            Ok(())
        }
        Event::Ignored { reason, suppressed } => {
            tracing::debug!(%reason, suppressed, "ignored");
            Ok(())
        }
        _ => Ok(()),
    }
}
