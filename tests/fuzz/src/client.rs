//! Whole sessions of a client connection.

use crate::choices::{Choices, pieces};
use crate::memory;
use crate::script::{SERVER, Scribe};
use crate::server::limits;
use bytes::Bytes;
use rtmp_proto::client::{ClientConfig, ClientConnection, Event};
use rtmp_proto::{Cause, HandshakeRandom, MediaKind, MessageStreamId, RequestId};
use std::collections::BTreeMap;
use std::time::Duration;

fn connection() -> ClientConnection {
    let config =
        ClientConfig { limits: limits(), ..ClientConfig::new("live", "rtmp://h/live", HandshakeRandom([7; 32])) };
    ClientConnection::new(config, Duration::ZERO)
}

/// S0, S1 and S2 of a plain handshake.
const HELLO: [u8; 3073] = {
    let mut hello = [0; 3073];
    hello[0] = 3;
    hello
};

/// As for a server connection, with room for our own requests.
const MOST: usize = 192 * 1024;

/// How far a request is, as the events told it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Doing {
    Wanted { publish: bool },
    Asked { publish: bool, stream: MessageStreamId },
    Admitted { publish: bool, stream: MessageStreamId },
}

/// The driver's knowledge of a connection, checked with every event.
#[derive(Debug, Default)]
struct Ledger {
    requests: BTreeMap<RequestId, Doing>,
    connected: bool,
}

impl Ledger {
    fn note(&mut self, event: &Event) {
        match event {
            Event::Connected(_) => assert!(!std::mem::replace(&mut self.connected, true), "connected once"),
            // With the connection, all its requests are over.
            Event::Refused { .. } | Event::Redirected { .. } => {
                assert!(!self.connected);
                self.requests.clear();
            }
            Event::Closed => self.requests.clear(),
            Event::Asked { id, stream } => {
                let Some(Doing::Wanted { publish }) = self.requests.get(id).copied() else { panic!("asked for {id}") };
                self.requests.insert(*id, Doing::Asked { publish, stream: *stream });
            }
            Event::Publishing { id, stream } => self.admit(*id, *stream, true),
            Event::Playing { id, stream } => self.admit(*id, *stream, false),
            Event::Failed { id, .. } => assert!(self.requests.remove(id).is_some(), "a failure of nothing"),
            Event::Message(message) => {
                let plays = |doing: &Doing| match doing {
                    Doing::Asked { publish, stream } | Doing::Admitted { publish, stream } => {
                        !publish && *stream == message.stream
                    }
                    Doing::Wanted { .. } => false,
                };
                assert!(self.requests.values().any(plays), "media of a stream that does not play");
            }
            _ => {}
        }
    }

    fn admit(&mut self, id: RequestId, stream: MessageStreamId, publish: bool) {
        let before = self.requests.insert(id, Doing::Admitted { publish, stream });
        assert_eq!(before, Some(Doing::Asked { publish, stream }), "what was asked for is admitted, once");
    }
}

fn written(client: &mut ClientConnection, most: usize) -> usize {
    let mut slices = Vec::new();
    client.pending_output(&mut slices);
    let n = slices.iter().map(|slice| slice.len()).sum::<usize>().min(most);
    client.sent(n);
    n
}

/// Any order of what a server says and what the driver does: every request gets its one answer, and nothing grows.
pub fn session(input: &[u8]) {
    let mut choices = Choices::new(input);
    let mut scribe = Scribe::new(SERVER);
    let mut said = HELLO.to_vec();
    memory::within(MOST + 8 * input.len(), || {
        let mut client = connection();
        let mut ledger = Ledger::default();
        let mut now = Duration::ZERO;
        let mut wanted = 0;
        while !choices.is_empty() {
            match choices.byte() % 16 {
                0..=8 => scribe.say(&mut choices, &mut said),
                9 if wanted < 6 => {
                    wanted += 1;
                    let publish = choices.flag();
                    let id = if publish { client.publish("cam?k=1") } else { client.play("cam") };
                    let before = id.and_then(|id| ledger.requests.insert(id, Doing::Wanted { publish }));
                    assert_eq!(before, None, "a request's number comes again");
                }
                10 => {
                    let id = RequestId(choices.below(8).try_into().unwrap_or_default());
                    // What it still has to say of the request waits among the events.
                    for event in std::iter::from_fn(|| client.next_event()) {
                        ledger.note(&event);
                    }
                    assert_eq!(client.stop(id), ledger.requests.remove(&id).is_some(), "stop of {id}");
                }
                11 => {
                    let stream = MessageStreamId(choices.below(4) as u32);
                    let body = [Bytes::copy_from_slice(choices.bytes(100))];
                    if !client.output_full() {
                        client.send_message(stream, MediaKind::Audio, choices.time(), &body);
                    }
                }
                12 => {
                    now += Duration::from_millis(choices.u16().into());
                    if client.next_timeout().is_some_and(|at| at <= now) && client.handle_timeout(now).is_err() {
                        return;
                    }
                }
                13 => drop(written(&mut client, choices.byte().into())),
                14 => drop(written(&mut client, usize::MAX)),
                _ => {
                    for event in std::iter::from_fn(|| client.next_event()).take(1 + choices.below(10)) {
                        ledger.note(&event);
                    }
                }
            }
            let Ok(taken) = client.feed(now, &said) else { return };
            said.drain(..taken);
            if said.len() > 64 * 1024 {
                return;
            }
        }
        for _ in 0..10_000 {
            let mut progress = said.len();
            while let Some(event) = client.next_event() {
                progress += 1;
                ledger.note(&event);
            }
            progress += written(&mut client, usize::MAX);
            let Ok(taken) = client.feed(now, &said) else { return };
            said.drain(..taken);
            if said.is_empty() && progress == 0 {
                return;
            }
        }
        panic!("{} bytes are never taken", said.len());
    });
}

fn drive(bytes: &[u8], seed: u8, wants: u8) -> (Vec<Event>, Option<Cause>) {
    let mut client = connection();
    let (mut events, mut ledger) = (Vec::new(), Ledger::default());
    for n in 0..wants & 3 {
        let publish = wants >> (2 + n) & 1 == 1;
        let id = if publish { client.publish("cam") } else { client.play("cam") };
        ledger.requests.insert(id.expect("a connection that has just begun"), Doing::Wanted { publish });
    }
    let mut unread = Vec::new();
    // The handshake has a target of its own: here it comes in one piece.
    let (hello, rest) = bytes.split_at(HELLO.len());
    for piece in [hello].into_iter().chain(pieces(rest, seed)) {
        unread.extend_from_slice(piece);
        loop {
            let fed = client.feed(Duration::ZERO, &unread);
            let mut progress = written(&mut client, usize::MAX);
            while let Some(event) = client.next_event() {
                progress += 1;
                ledger.note(&event);
                // A warning may stand for several.
                if !matches!(event, Event::Ignored { .. }) {
                    events.push(event);
                }
            }
            match fed {
                Ok(taken) => drop(unread.drain(..taken)),
                Err(error) => return (events, Some(error.cause)),
            }
            if progress == 0 {
                break;
            }
        }
    }
    (events, None)
}

/// Any bytes of a server: any split of them gives the same events and the same end.
pub fn split(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (seed, wants) = (choices.byte(), choices.byte());
    let mut scribe = Scribe::new(SERVER);
    let mut said = HELLO.to_vec();
    while !choices.is_empty() {
        scribe.say(&mut choices, &mut said);
    }
    let whole = drive(&said, 0, wants);
    let (events, end) = drive(&said, seed, wants);
    assert_eq!(events, whole.0, "another split");
    assert_eq!(end.is_some(), whole.1.is_some(), "{end:?}, in one piece {:?}", whole.1);
}
