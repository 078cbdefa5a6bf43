//! Whole sessions of a server connection.

use crate::choices::{Choices, pieces};
use crate::memory;
use crate::script::{CLIENT, Scribe};
use bytes::Bytes;
use rtmp_proto::status::Level;
use rtmp_proto::{
    Cause, Error, Event, HandshakeRandom, Limits, MediaKind, MessageStreamId, RequestId, ServerConfig, ServerConnection,
};
use std::collections::BTreeMap;
use std::time::Duration;

/// Small, so that inputs of a few hundred bytes reach every bound.
pub(crate) fn limits() -> Limits {
    Limits {
        partial_bytes_before_connect: 512,
        partial_bytes: 1024,
        chunk_streams: 12,
        message_streams: 3,
        amf_depth: 8,
        amf_elements: 100,
        amf_repeated_bytes: 256,
        output_bytes: 2048,
        events: 8,
        event_bytes: 256,
    }
}

fn connection(limits: Limits) -> ServerConnection {
    let config = ServerConfig { limits, ..ServerConfig::new(HandshakeRandom([7; 32])) };
    ServerConnection::new(config, Duration::ZERO)
}

/// C0, C1 and C2 of a plain handshake.
const HELLO: [u8; 3073] = {
    let mut hello = [0; 3073];
    hello[0] = 3;
    hello
};

/// What a connection within [`limits`] may hold at one time, beside what the peer has just sent: the messages of its chunk
/// streams, whose first allocation is 4 KiB each at most, events with texts, replies, values, and the handshake's packets.
const MOST: usize = 160 * 1024;

/// What one client's message can still add to the output when it is all but full.
const LONGEST_ANSWER: usize = 2048;

/// What a stream does, as the events told it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Doing {
    PublishAsked(RequestId),
    Publishing,
    PlayAsked(RequestId),
    Playing,
}

/// The driver's knowledge of a connection, checked with every event.
#[derive(Debug, Default)]
struct Ledger {
    connect: Option<RequestId>,
    streams: BTreeMap<MessageStreamId, Doing>,
    last: u64,
}

impl Ledger {
    fn fresh(&mut self, id: RequestId) {
        assert!(id.0 > self.last, "a request's number comes again");
        self.last = id.0;
    }

    fn note(&mut self, event: &Event) {
        match event {
            Event::Connect(request) => {
                self.fresh(request.id);
                assert!(!request.app.is_empty());
                self.connect = Some(request.id);
            }
            Event::Publish(request) => {
                self.fresh(request.id);
                assert!(!request.name.is_empty());
                let before = self.streams.insert(request.stream, Doing::PublishAsked(request.id));
                assert_eq!(before, None, "a stream does one thing at a time");
            }
            Event::Play(request) => {
                self.fresh(request.id);
                let before = self.streams.insert(request.stream, Doing::PlayAsked(request.id));
                assert_eq!(before, None, "a stream does one thing at a time");
            }
            Event::Message(message) => {
                let doing = self.streams.get(&message.stream);
                assert_eq!(doing, Some(&Doing::Publishing), "media of a stream that was not admitted");
            }
            Event::PublishEnded { stream } => {
                let was = self.streams.remove(stream);
                assert!(matches!(was, Some(Doing::Publishing | Doing::PublishAsked(_))), "an end belongs to a start");
            }
            Event::PlayEnded { stream } => {
                let was = self.streams.remove(stream);
                assert!(matches!(was, Some(Doing::Playing | Doing::PlayAsked(_))), "an end belongs to a start");
            }
            Event::Pause { stream, .. }
            | Event::Seek { stream, .. }
            | Event::ReceiveAudio { stream, .. }
            | Event::ReceiveVideo { stream, .. } => {
                assert_eq!(self.streams.get(stream), Some(&Doing::Playing), "a player's command");
            }
            _ => {}
        }
    }

    /// Answers one that waits, in order; gives whether there was one. A request may be over by now: its end is an event to come.
    fn answer(&mut self, server: &mut ServerConnection, how: u8) -> bool {
        if let Some(id) = self.connect.take() {
            assert!(match how % 8 {
                0 => server.reject(id, "", "no"),
                1 => server.redirect(id, "rtmp://elsewhere/live"),
                _ => server.accept_connect(id),
            });
            assert!(!server.accept_connect(id), "a request is answered once");
            return true;
        }
        let asked =
            self.streams.iter().find(|(_, doing)| matches!(doing, Doing::PublishAsked(_) | Doing::PlayAsked(_)));
        let Some((stream, doing)) = asked.map(|(stream, doing)| (*stream, *doing)) else { return false };
        let (id, admitted) = match doing {
            Doing::PublishAsked(id) => (id, Doing::Publishing),
            Doing::PlayAsked(id) => (id, Doing::Playing),
            Doing::Publishing | Doing::Playing => return false,
        };
        let accepted = how & 3 != 0;
        let done = match (accepted, admitted) {
            (false, _) => server.reject(id, "", "no"),
            (true, Doing::Publishing) => server.accept_publish(id, ""),
            (true, _) => server.accept_play(id, ""),
        };
        match (done, accepted) {
            (true, true) => drop(self.streams.insert(stream, admitted)),
            (true, false) => drop(self.streams.remove(&stream)),
            // Over: its end waits among the events.
            (false, _) => {}
        }
        done
    }
}

/// Offers the peer's bytes; gives whether the connection lives.
fn feed(server: &mut ServerConnection, now: Duration, unread: &mut Vec<u8>) -> Result<(), Error> {
    let full = server.output_full();
    let taken = server.feed(now, unread)?;
    assert!(taken <= unread.len());
    assert!(!full || taken == 0 || server.is_closing(), "a peer that does not read is read");
    unread.drain(..taken);
    Ok(())
}

fn written(server: &mut ServerConnection, most: usize) -> usize {
    let mut slices = Vec::new();
    server.pending_output(&mut slices);
    let n = slices.iter().map(|slice| slice.len()).sum::<usize>().min(most);
    server.sent(n);
    n
}

fn pending(server: &ServerConnection) -> usize {
    let mut slices = Vec::new();
    server.pending_output(&mut slices);
    slices.iter().map(|slice| slice.len()).sum()
}

/// Any order of what a client says and what the driver does: the events tell a story that makes sense, and nothing grows.
pub fn session(input: &[u8]) {
    let mut choices = Choices::new(input);
    let mut said = Vec::new();
    let mut scribe = Scribe::new(CLIENT);
    memory::within(MOST + 8 * input.len(), || {
        let mut server = connection(limits());
        let mut ledger = Ledger::default();
        let mut now = Duration::ZERO;
        let mut own = 0;
        said.extend_from_slice(&HELLO);
        if choices.flag() {
            scribe.connect(&mut said);
        }
        while !choices.is_empty() {
            match choices.byte() % 16 {
                0..=6 => scribe.say(&mut choices, &mut said),
                7 | 8 => _ = ledger.answer(&mut server, choices.byte()),
                9 => {
                    now += Duration::from_millis(choices.u16().into());
                    if server.next_timeout().is_some_and(|at| at <= now) && server.handle_timeout(now).is_err() {
                        return;
                    }
                }
                10 => {
                    own = 0;
                    written(&mut server, usize::MAX);
                }
                11 => drop(written(&mut server, choices.byte().into())),
                12 if own < 20 => {
                    own += 1;
                    speak(&mut server, &mut ledger, &mut choices);
                }
                13 => server.rest(),
                _ => {
                    for event in std::iter::from_fn(|| server.next_event()).take(1 + choices.below(10)) {
                        ledger.note(&event);
                    }
                }
            }
            let before = pending(&server);
            if feed(&mut server, now, &mut said).is_err() {
                return;
            }
            let after = pending(&server);
            assert!(after <= before.max(limits().output_bytes) + LONGEST_ANSWER, "{after} bytes of output wait");
            assert!(said.len() < 16 * 1024 || !server.wants_input(), "what is wanted is taken");
            if said.len() > 64 * 1024 {
                return;
            }
        }
        // A driver that does its part comes to the end of what was said.
        for _ in 0..10_000 {
            let mut progress = said.len();
            while let Some(event) = server.next_event() {
                progress += 1;
                ledger.note(&event);
                ledger.answer(&mut server, 7);
            }
            ledger.answer(&mut server, 7);
            progress += written(&mut server, usize::MAX);
            if feed(&mut server, now, &mut said).is_err() {
                return;
            }
            if said.is_empty() && progress == 0 {
                return;
            }
        }
        panic!("{} bytes are never taken", said.len());
    });
}

/// What a driver says of itself.
fn speak(server: &mut ServerConnection, ledger: &mut Ledger, choices: &mut Choices<'_>) {
    let stream = MessageStreamId(choices.below(4) as u32);
    match choices.byte() % 9 {
        0 => server.send_status(stream, Level::Status, "NetStream.Play.Stop", "x"),
        1 => {
            // An end that we make is no event, and what it ends may wait among the events: a driver takes those first.
            while let Some(event) = server.next_event() {
                ledger.note(&event);
            }
            if server.end_stream(stream) {
                ledger.streams.remove(&stream);
            }
        }
        2 => server.stream_begin(stream),
        3 => server.stream_eof(stream),
        4 => server.stream_dry(stream),
        5 => {
            let body = [Bytes::copy_from_slice(choices.bytes(100)), Bytes::from_static(b"tail")];
            server.send_message(stream, MediaKind::Video, choices.time(), &body);
        }
        6 => server.play_complete(stream, "x"),
        7 => server.set_chunk_size(choices.u16().into()),
        _ => drop(server.request_reconnect(Some("rtmp://elsewhere/live"), "x")),
    }
}

/// Feeds pieces as a driver does that admits everything; gives the events and the end.
fn drive(bytes: &[u8], seed: u8) -> (Vec<Event>, Option<Cause>) {
    // How much a message may have before connect is answered depends on how fast it is.
    let mut server = connection(Limits { partial_bytes_before_connect: 1024, ..limits() });
    let mut unread = Vec::new();
    let (mut events, mut ledger) = (Vec::new(), Ledger::default());
    // The handshake has a target of its own: here it comes in one piece.
    let (hello, rest) = bytes.split_at(HELLO.len());
    for piece in [hello].into_iter().chain(pieces(rest, seed)) {
        unread.extend_from_slice(piece);
        loop {
            let end = feed(&mut server, Duration::ZERO, &mut unread).err();
            let mut progress = written(&mut server, usize::MAX);
            while let Some(event) = server.next_event() {
                progress += 1;
                ledger.note(&event);
                ledger.answer(&mut server, 7);
                if !is_timely(&event) {
                    events.push(event);
                }
            }
            // Behind a request that was taken back while its event waited others may still wait for their answers.
            while ledger.answer(&mut server, 7) {
                progress += 1;
            }
            if let Some(error) = end {
                return (events, Some(error.cause));
            }
            if progress == 0 {
                break;
            }
        }
    }
    (events, None)
}

/// Whether an event depends on how fast the driver answers a play; or is a warning, which may stand for several.
fn is_timely(event: &Event) -> bool {
    matches!(
        event,
        Event::Pause { .. }
            | Event::Seek { .. }
            | Event::ReceiveAudio { .. }
            | Event::ReceiveVideo { .. }
            | Event::Ignored { .. }
    )
}

/// Any bytes of a client: any split of them gives the same events and the same end.
pub fn split(input: &[u8]) {
    let mut choices = Choices::new(input);
    let seed = choices.byte();
    let mut scribe = Scribe::new(CLIENT);
    let mut said = HELLO.to_vec();
    scribe.connect(&mut said);
    while !choices.is_empty() {
        scribe.say(&mut choices, &mut said);
    }
    let whole = drive(&said, 0);
    let (events, end) = drive(&said, seed);
    assert_eq!(events, whole.0, "another split");
    assert_eq!(end.is_some(), whole.1.is_some(), "{end:?}, in one piece {:?}", whole.1);
}
