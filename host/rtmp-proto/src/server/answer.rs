//! The driver's answers to requests.

use super::{Outcome, Phase, Session};
use crate::control::{Control, UserControl};
use crate::id::{MessageStreamId, RequestId};
use crate::reply::Reply;
use crate::status::{self, Level};
use crate::stream::NetStream;
use std::borrow::Cow;

impl Session {
    /// Accepts a connect. `false`: no such request waits (any more).
    pub fn accept_connect(&mut self, id: RequestId, out: &mut Outcome) -> bool {
        let Phase::ConnectAsked { id: waiting, transaction } = self.phase else { return false };
        if waiting != id {
            return false;
        }
        self.phase = Phase::Connected;
        out.reply(Reply::Control(Control::User(UserControl::StreamBegin(MessageStreamId(0)))));
        out.reply(Reply::Connected { transaction, object_encoding: self.object_encoding, caps_ex: self.caps_ex });
        true
    }

    /// Admits a publish. An empty `description` gets a usual one. `false`: no such request waits.
    pub fn accept_publish(&mut self, id: RequestId, description: &str, out: &mut Outcome) -> bool {
        let Some((stream, state)) = self.waiting(id) else { return false };
        let NetStream::PublishAsked { name, .. } = state else { return false };
        let name = std::mem::take(name);
        let description =
            if description.is_empty() { format!("{} is now published.", bare(&name)) } else { description.to_owned() };
        *state = NetStream::Publishing { name };
        out.status(stream, Level::Status, status::PUBLISH_START, description);
        true
    }

    /// Admits a play. An empty `description` gets a usual one. `false`: no such request waits.
    pub fn accept_play(&mut self, id: RequestId, description: &str, out: &mut Outcome) -> bool {
        let Some((stream, state)) = self.waiting(id) else { return false };
        let NetStream::PlayAsked { name, reset, .. } = state else { return false };
        let (name, reset) = (std::mem::take(name), *reset);
        let description =
            if description.is_empty() { format!("Started playing {}.", bare(&name)) } else { description.to_owned() };
        out.reply(Reply::Control(Control::User(UserControl::StreamBegin(stream))));
        if reset {
            out.status(stream, Level::Status, status::PLAY_RESET, format!("Playing and resetting {}.", bare(&name)));
        }
        *state = NetStream::Playing;
        out.status(stream, Level::Status, status::PLAY_START, description);
        // Others show it to their users as a track of data.
        if self.in_a_page {
            out.reply(Reply::SampleAccess { stream });
        }
        true
    }

    /// Refuses a request. An empty `code` is the usual one of its command. A refused connect ends the connection.
    /// `false`: no such request waits.
    pub fn reject(&mut self, id: RequestId, code: &str, description: &str, out: &mut Outcome) -> bool {
        self.refuse(id, code, description, None, out)
    }

    /// Sends the asker elsewhere: connect is refused with a redirection; publish and play become a reconnect request where
    /// the peer understands it, else a refusal that names the URL. `false`: no such request waits.
    pub fn redirect(&mut self, id: RequestId, url: &str, out: &mut Outcome) -> bool {
        let description = format!("Moved to {url}");
        if self.can_reconnect && self.waiting(id).map(|(_, state)| state.end()).is_some() {
            out.reply(Reply::Reconnect { tc_url: Some(url.to_owned()), description });
            return true;
        }
        self.refuse(id, "", &description, Some(url), out)
    }

    fn refuse(
        &mut self,
        id: RequestId,
        code: &str,
        description: &str,
        redirect: Option<&str>,
        out: &mut Outcome,
    ) -> bool {
        let code_or = |usual: &'static str| -> Cow<'static, str> {
            if code.is_empty() { usual.into() } else { code.to_owned().into() }
        };
        if let Phase::ConnectAsked { id: waiting, transaction } = self.phase
            && waiting == id
        {
            self.phase = Phase::Closing;
            out.reply(Reply::Refused {
                transaction,
                code: code_or(status::CONNECT_REJECTED),
                description: description.to_owned(),
                redirect: redirect.map(str::to_owned),
            });
            return true;
        }
        let Some((stream, state)) = self.waiting(id) else { return false };
        let code = match state {
            NetStream::PublishAsked { .. } => code_or(status::PUBLISH_BAD_NAME),
            _ => code_or(status::PLAY_STREAM_NOT_FOUND),
        };
        state.end();
        out.reply(Reply::Status { stream, level: Level::Error, code, description: description.to_owned() });
        true
    }

    /// Ends what a stream does, from our side; no event follows. `false`: it did nothing.
    pub fn end(&mut self, stream: MessageStreamId) -> bool {
        self.streams.get_mut(stream).and_then(NetStream::end).is_some()
    }

    fn waiting(&mut self, id: RequestId) -> Option<(MessageStreamId, &mut NetStream)> {
        self.streams.iter_mut().find(|(_, state)| state.waits_for(id))
    }
}

/// The name without its query, which may hold secrets.
fn bare(name: &str) -> &str {
    name.split_once('?').map_or(name, |(bare, _)| bare)
}
