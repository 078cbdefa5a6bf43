//! What the peer did, and what becomes of it.

use std::task::{Context, Poll};

use media::Kind;
use rtmp_proto::event::{Event, MediaMessage};
use rtmp_proto::{Error, MediaKind, MessageStreamId};

use super::close::Phase;
use super::{Connection, Role, Stream, TURN};
use crate::counters::Counters;
use crate::data;
use crate::egress::Player;

/// Events of one round.
const EVENTS: usize = 512;

impl Connection {
    /// Takes the protocol's events; whether there may be more.
    pub(super) fn take_events(&mut self, cx: &mut Context<'_>) -> bool {
        if self.is_behind(cx) {
            return false;
        }
        for _ in 0..EVENTS {
            if !matches!(self.phase, Phase::Running) {
                return false;
            }
            let Some(event) = self.proto.next_event() else {
                // What waited for these events to be taken can go on.
                return !self.kept.is_empty() && self.proto.wants_input();
            };
            self.event(event);
            if self.is_behind(cx) {
                return false;
            }
            if self.tired {
                return true;
            }
        }
        true
    }

    /// Whether a filter takes its time elsewhere with what came last: what came behind it waits, and wakes us when it can go on.
    #[inline]
    fn is_behind(&mut self, cx: &mut Context<'_>) -> bool {
        self.behind && self.is_behind_still(cx)
    }

    #[cold]
    fn is_behind_still(&mut self, cx: &mut Context<'_>) -> bool {
        self.behind = false;
        // What it sends meanwhile is not read.
        self.proto.has_been_heard(self.now);
        let mut over = Vec::new();
        for stream in &mut self.streams {
            let Role::Publishes(publication, _) = &mut stream.role else { continue };
            match publication.poll_back(cx) {
                Poll::Pending => self.behind = true,
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(kick)) => over.push((stream.id, kick)),
            }
        }
        for (stream, kick) in over {
            self.kicked(stream, kick);
        }
        self.behind
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Message(message) => self.media(message),
            Event::Connect(request) => self.ask_connect(*request),
            Event::Publish(request) => self.ask_publish(request),
            Event::Play(request) => self.ask_play(request),
            Event::PublishEnded { stream } | Event::PlayEnded { stream } => {
                let span = self.span.clone();
                let _in = span.enter();
                self.end_publications(|s| s.id == stream);
                self.streams.retain(|s| s.id != stream);
            }
            Event::Pause { stream, paused, .. } => self.player(stream, |p| p.wants().paused = paused),
            Event::ReceiveAudio { stream, on } => self.player(stream, |p| p.wants().audio = on),
            Event::ReceiveVideo { stream, on } => self.player(stream, |p| p.wants().video = on),
            Event::Ignored { reason, suppressed } => self.warn_ignored(&reason, suppressed),
            // A live stream has one position, and is sent as it comes whatever the player buffers.
            Event::Seek { .. } | Event::BufferLength { .. } => {}
            _ => {}
        }
    }

    /// Ends those that were published in order: their players are told at once. Any other end of a publication means that its
    /// publisher was lost.
    pub(super) fn end_publications(&mut self, which: impl Fn(&Stream) -> bool) {
        let mut at = 0;
        while let Some(stream) = self.streams.get(at) {
            if which(stream) && matches!(stream.role, Role::Publishes(..)) {
                if let Role::Publishes(publication, _) = self.streams.remove(at).role {
                    publication.end();
                }
            } else {
                at += 1;
            }
        }
    }

    fn media(&mut self, message: MediaMessage) {
        let MediaMessage { stream, kind, timestamp, payload } = message;
        let Some(at) = self.streams.iter().position(|s| s.id == stream) else { return };
        let Some(Role::Publishes(publication, _)) = self.streams.get_mut(at).map(|s| &mut s.role) else { return };
        self.traffic.messages_in += 1;
        let (kind, metadata) = match kind {
            MediaKind::Audio => (Kind::Audio, None),
            MediaKind::Video => (Kind::Video, None),
            MediaKind::Data => (Kind::Data, data::decode(&payload)),
        };
        let known = publication.malformed();
        let pushed = publication.push(kind, timestamp, payload, metadata);
        self.behind |= publication.is_away();
        // The publication has looked at the clock already.
        self.tired = publication.last_push().saturating_duration_since(self.started) >= self.now + TURN;
        let malformed = publication.malformed().saturating_sub(known);
        if malformed > 0 {
            Counters::add(&self.shared.counters.malformed, malformed);
        }
        if let Err(kick) = pushed {
            self.kicked(stream, kick);
        }
    }

    fn player(&mut self, stream: MessageStreamId, act: impl FnOnce(&mut Player)) {
        if let Some(Role::Plays(player, _)) = self.streams.iter_mut().find(|s| s.id == stream).map(|s| &mut s.role) {
            act(player);
        }
    }

    fn warn_ignored(&self, reason: &Error, suppressed: u64) {
        if let Some(held_back) = self.shared.warnings.pass(std::time::Instant::now()) {
            let _in = self.span.enter();
            tracing::warn!(%reason, suppressed, held_back, "ignored");
        }
    }
}
