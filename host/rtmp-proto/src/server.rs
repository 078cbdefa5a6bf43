//! The transition table of a server's session: command in; state, replies and events out. No bytes, no AMF.

mod answer;
mod streams;

use crate::command::{Command, NamedCall, PeerInfo};
use crate::control::{Control, UserControl};
use crate::error::Cause;
use crate::event::{ConnectRequest, Event, PlayRequest, PublishRequest};
use crate::id::{MessageStreamId, RequestId};
use crate::reply::Reply;
use crate::status::{self, Level};
use crate::stream::{Ended, NetStream};
use streams::Streams;

/// The state of a NetConnection and its NetStreams.
#[derive(Debug)]
pub struct Session {
    phase: Phase,
    /// The AMF version of the peer's commands: 0 or 3.
    object_encoding: u8,
    can_reconnect: bool,
    /// Whether the peer is a player in a web page: those alone ask for leave to read samples.
    in_a_page: bool,
    streams: Streams,
    max_streams: usize,
    next_request: u64,
    caps_ex: Option<u32>,
}

/// How far the NetConnection is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Phase {
    /// No connect yet.
    New,
    /// A connect waits for its answer.
    ConnectAsked {
        /// The request.
        id: RequestId,
        /// The number to answer with.
        transaction: f64,
    },
    /// connect was accepted.
    Connected,
    /// Refused or closed: what is queued goes out, nothing more comes in.
    Closing,
}

/// What a transition makes.
#[derive(Debug, Default)]
pub struct Outcome {
    /// To the peer, in order.
    pub replies: Vec<Reply>,
    /// To the driver, in order.
    pub events: Vec<Event>,
    /// The command was not followed, for this reason.
    pub ignored: Option<Cause>,
}

/// What to do with a media message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// It belongs to this stream, which publishes.
    Pass(MessageStreamId),
    /// Its publish is not answered yet.
    Wait,
    /// Nobody publishes there.
    Refuse,
}

impl Outcome {
    fn reply(&mut self, reply: Reply) {
        if !reply.is_unwanted() {
            self.replies.push(reply);
        }
    }

    fn status(&mut self, stream: MessageStreamId, level: Level, code: &'static str, description: impl Into<String>) {
        self.reply(Reply::Status { stream, level, code: code.into(), description: description.into() });
    }

    fn ended(&mut self, stream: MessageStreamId, what: Ended) {
        self.events.push(match what {
            Ended::Publish => Event::PublishEnded { stream },
            Ended::Play => Event::PlayEnded { stream },
        });
    }
}

impl Session {
    /// A session without a connect. At most `max_streams` NetStreams live at one time; `caps_ex` is announced in the
    /// answer to connect (`None`: nothing of Enhanced RTMP is).
    pub fn new(max_streams: usize, caps_ex: Option<u32>) -> Self {
        Session {
            phase: Phase::New,
            object_encoding: 0,
            can_reconnect: false,
            in_a_page: false,
            streams: Streams::default(),
            max_streams,
            next_request: 0,
            caps_ex,
        }
    }

    /// How far the NetConnection is.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Whether the peer said in connect that it understands a reconnect request.
    pub fn can_reconnect(&self) -> bool {
        self.can_reconnect
    }

    /// What a stream is doing; `None` if it does not exist.
    pub fn stream(&self, id: MessageStreamId) -> Option<&NetStream> {
        self.streams.get(id)
    }

    /// Whether a silent peer is normal now: it plays, or waits for our answer.
    pub fn may_be_silent(&self) -> bool {
        matches!(self.phase, Phase::ConnectAsked { .. })
            || self.streams.iter().any(|(_, s)| !matches!(s, NetStream::Idle | NetStream::Publishing { .. }))
    }

    /// Where a media message of this stream goes.
    pub fn gate(&self, stream: MessageStreamId) -> Gate {
        match self.streams.get(stream) {
            Some(NetStream::Publishing { .. }) => return Gate::Pass(stream),
            Some(NetStream::PublishAsked { .. }) => return Gate::Wait,
            Some(_) => return Gate::Refuse,
            None => {}
        }
        // Some encoders put a stream id of their own into media: with one publish there is no doubt whose it is.
        let mut publishes = self
            .streams
            .iter()
            .filter(|(_, s)| matches!(s, NetStream::Publishing { .. } | NetStream::PublishAsked { .. }));
        match (publishes.next(), publishes.next()) {
            (Some((id, NetStream::Publishing { .. })), None) => Gate::Pass(id),
            (Some(_), None) => Gate::Wait,
            _ => Gate::Refuse,
        }
    }

    /// Follows one command that came on `stream`.
    pub fn command(&mut self, stream: MessageStreamId, command: Command, out: &mut Outcome) {
        match (self.phase, command) {
            (Phase::New, Command::Connect { transaction, peer }) => self.connect(transaction, *peer, out),
            (Phase::Connected, command) => self.connected(stream, command, out),
            (_, Command::Connect { .. }) => out.ignored = Some(Cause::Repeated("connect")),
            _ => out.ignored = Some(Cause::OutOfPlace("a command before connect")),
        }
    }

    fn connect(&mut self, transaction: f64, peer: PeerInfo, out: &mut Outcome) {
        let id = self.request();
        self.object_encoding = peer.object_encoding;
        self.can_reconnect = peer.can_reconnect();
        self.in_a_page = !(peer.swf_url.is_empty() && peer.page_url.is_empty());
        match ConnectRequest::new(id, peer) {
            Some(request) => {
                self.phase = Phase::ConnectAsked { id, transaction };
                out.events.push(Event::Connect(Box::new(request)));
            }
            None => {
                self.phase = Phase::Closing;
                out.ignored = Some(Cause::NoApp);
                out.reply(Reply::Refused {
                    transaction,
                    code: status::CONNECT_INVALID_APP.into(),
                    description: Cause::NoApp.to_string(),
                    redirect: None,
                });
            }
        }
    }

    /// The table proper.
    fn connected(&mut self, stream: MessageStreamId, command: Command, out: &mut Outcome) {
        match command {
            Command::Connect { transaction, .. } => {
                out.ignored = Some(Cause::Repeated("connect"));
                out.reply(Reply::Failed { transaction, description: "Already connected.".into() });
            }
            Command::CreateStream { transaction } => self.create(transaction, out),
            Command::Named { call, transaction, name } => self.named(call, transaction, name, out),
            Command::Publish { name, mode } => self.publish(stream, name, mode, out),
            Command::Play { name, start_ms, duration_ms, reset } => {
                let id = self.request();
                let request = PlayRequest { id, stream, name, start_ms, duration_ms, reset };
                self.play(request, out);
            }
            Command::DeleteStream { stream: named } => {
                let id = MessageStreamId(named.unwrap_or(stream.0));
                if let Some(what) = self.streams.remove(id).and_then(|mut s| s.end()) {
                    out.ended(id, what);
                }
            }
            Command::CloseStream => self.close_stream(stream, out),
            Command::Pause { paused, position_ms } => self.pause(stream, paused, position_ms, out),
            Command::Seek { position_ms } => {
                if self.plays(stream, out) {
                    out.status(stream, Level::Status, status::SEEK_NOTIFY, "Seeking in a live stream.");
                    out.events.push(Event::Seek { stream, position_ms });
                }
            }
            Command::ReceiveAudio(on) => {
                if self.plays(stream, out) {
                    out.events.push(Event::ReceiveAudio { stream, on });
                }
            }
            Command::ReceiveVideo(on) => {
                if self.plays(stream, out) {
                    out.events.push(Event::ReceiveVideo { stream, on });
                }
            }
            // A live stream has no length; 0 says so.
            Command::StreamLength { transaction } => out.reply(Reply::Result { transaction, value: Some(0.0) }),
            Command::CheckBandwidth { transaction } => out.reply(Reply::Result { transaction, value: None }),
            Command::Close => self.close(out),
            Command::Answer => {}
            Command::Unknown { transaction, name } => {
                out.reply(Reply::Failed { transaction, description: format!("Method not found ({name}).") });
                out.ignored = Some(Cause::UnknownCommand(name));
            }
        }
    }

    /// Answered whatever its transaction: nobody makes a stream without needing its number, and some clients count from 0.
    fn create(&mut self, transaction: f64, out: &mut Outcome) {
        if self.streams.len() >= self.max_streams {
            out.ignored = Some(Cause::OutOfPlace("createStream above the limit of streams"));
            out.replies.push(Reply::Failed { transaction, description: "Too many streams.".into() });
            return;
        }
        let id = self.streams.free_id();
        self.streams.make(id);
        out.replies.push(Reply::Result { transaction, value: Some(id.0.into()) });
    }

    fn named(&mut self, call: NamedCall, transaction: f64, name: String, out: &mut Outcome) {
        out.reply(Reply::Result { transaction, value: None });
        let (method, code) = match call {
            NamedCall::ReleaseStream => return,
            NamedCall::FcPublish => ("onFCPublish", status::PUBLISH_START),
            NamedCall::FcSubscribe => ("onFCSubscribe", status::PLAY_START),
            NamedCall::FcUnpublish => {
                let found = self.streams.iter_mut().find(|(_, s)| s.publishes(&name));
                if let Some((id, what)) = found.and_then(|(id, s)| Some((id, s.end()?))) {
                    out.ended(id, what);
                }
                ("onFCUnpublish", status::UNPUBLISH_SUCCESS)
            }
            NamedCall::FcUnsubscribe => ("onFCUnsubscribe", status::PLAY_STOP),
        };
        out.reply(Reply::Named { method, code, description: name });
    }

    /// The stream a command names; made on the fly if the client skipped createStream and there is room.
    fn open(&mut self, id: MessageStreamId, out: &mut Outcome) -> Option<&mut NetStream> {
        if self.streams.get(id).is_none() && self.streams.len() >= self.max_streams {
            out.ignored = Some(Cause::OutOfPlace("a command on a stream above the limit of streams"));
            return None;
        }
        self.streams.make(id);
        self.streams.get_mut(id)
    }

    fn publish(&mut self, stream: MessageStreamId, name: String, mode: String, out: &mut Outcome) {
        let id = self.request();
        let refuse = |out: &mut Outcome, why: &'static str| {
            out.ignored = Some(Cause::OutOfPlace(why));
            out.status(stream, Level::Error, status::PUBLISH_BAD_NAME, why);
        };
        if name.split('?').next().is_none_or(str::is_empty) {
            return refuse(out, "publish without a name");
        }
        let Some(state) = self.open(stream, out) else { return };
        if *state != NetStream::Idle {
            return refuse(out, "publish on a stream that is in use");
        }
        *state = NetStream::PublishAsked { id, name: name.clone() };
        out.events.push(Event::Publish(PublishRequest { id, stream, name, mode }));
    }

    fn play(&mut self, request: PlayRequest, out: &mut Outcome) {
        let stream = request.stream;
        let refuse = |out: &mut Outcome, why: &'static str| {
            out.ignored = Some(Cause::OutOfPlace(why));
            out.status(stream, Level::Error, status::PLAY_FAILED, why);
        };
        if request.name.split('?').next().is_none_or(str::is_empty) {
            return refuse(out, "play without a name");
        }
        let Some(state) = self.open(stream, out) else { return };
        match state {
            NetStream::PublishAsked { .. } | NetStream::Publishing { .. } => {
                return refuse(out, "play on a stream that publishes");
            }
            // A second play switches the stream over.
            state => {
                if let Some(what) = state.end() {
                    out.ended(stream, what);
                }
                *state = NetStream::PlayAsked { id: request.id, name: request.name.clone(), reset: request.reset };
            }
        }
        out.events.push(Event::Play(request));
    }

    fn close_stream(&mut self, stream: MessageStreamId, out: &mut Outcome) {
        let Some(what) = self.streams.get_mut(stream).and_then(NetStream::end) else { return };
        match what {
            Ended::Publish => out.status(stream, Level::Status, status::UNPUBLISH_SUCCESS, "Stopped publishing."),
            Ended::Play => out.status(stream, Level::Status, status::PLAY_STOP, "Stopped playing."),
        }
        out.ended(stream, what);
    }

    fn close(&mut self, out: &mut Outcome) {
        self.phase = Phase::Closing;
        for (id, state) in std::mem::take(&mut self.streams).iter_mut() {
            if let Some(what) = state.end() {
                out.ended(id, what);
            }
        }
    }

    fn pause(&mut self, stream: MessageStreamId, paused: bool, position_ms: i64, out: &mut Outcome) {
        if !self.plays(stream, out) {
            return;
        }
        let (event, code, text) = if paused {
            (UserControl::StreamEof(stream), status::PAUSE_NOTIFY, "Paused.")
        } else {
            (UserControl::StreamBegin(stream), status::UNPAUSE_NOTIFY, "Unpaused.")
        };
        out.reply(Reply::Control(Control::User(event)));
        out.status(stream, Level::Status, code, text);
        out.events.push(Event::Pause { stream, paused, position_ms });
    }

    fn plays(&self, stream: MessageStreamId, out: &mut Outcome) -> bool {
        let plays = matches!(self.stream(stream), Some(NetStream::Playing));
        if !plays {
            out.ignored = Some(Cause::OutOfPlace("a player's command on a stream that does not play"));
        }
        plays
    }

    fn request(&mut self) -> RequestId {
        self.next_request = self.next_request.saturating_add(1);
        RequestId(self.next_request)
    }
}

#[cfg(test)]
mod tests;
