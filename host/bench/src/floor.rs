//! The null server: the least that any RTMP server can do, to measure others against.
//!
//! One thread. A publisher's message is encoded once, and one plain write hands the same bytes to every player: no GOP
//! cache, no filter; only what a full socket did not take waits, and a player for whom too much waits is dropped.

mod peer;

use crate::affinity;
use crate::clock::now_ns;
use crate::error::Error;
use crate::shared::Stop;
use mio::net::TcpListener;
use mio::{Events, Interest, Poll, Token};
use peer::{Asked, Peer};
use rtmp_proto::chunk::encode_message;
use rtmp_proto::{MediaKind, MediaMessage};
use serde::Serialize;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

const LISTENER: Token = Token(usize::MAX);
/// How long audio waits for the next video frame at most.
const HOLD: u64 = 50_000_000;
/// Bytes per read.
const READ: usize = 256 << 10;
/// The usual [`Settings::backlog`]: 4 MiB.
pub const BACKLOG: usize = 4 << 20;
/// Payload bytes per chunk to players: what the router itself uses.
const CHUNK_SIZE: u32 = 60_000;

/// What the null server does.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen.
    pub listen: SocketAddr,
    /// Whether audio waits for the next video frame and leaves in one write with it.
    pub hold_audio: bool,
    /// The core to stay on.
    pub cpu: Option<usize>,
    /// When to end.
    pub time: Duration,
    /// Connections at one time at most.
    pub connections: u32,
    /// Bytes that wait for a player at most; one that lags further behind is dropped.
    pub backlog: usize,
}

/// What it did.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Summary {
    /// Connections accepted.
    pub connections: u64,
    /// Messages taken from publishers.
    pub messages: u64,
    /// Writes to players.
    pub writes: u64,
    /// Bytes to players.
    pub bytes: u64,
    /// Players that fell behind.
    pub dropped: u64,
}

/// Serves until the time is over or `stop`. `ready` gets the address once players and publishers may come.
///
/// # Errors
/// The address cannot be listened on.
pub fn floor(settings: &Settings, stop: &Stop, ready: impl FnOnce(SocketAddr)) -> Result<Summary, Error> {
    affinity::allow_sockets(settings.connections)?;
    if let Some(cpu) = settings.cpu {
        affinity::pin(cpu)?;
    }
    let listen = Error::system(format!("listening on {}", settings.listen));
    let mut listener = TcpListener::bind(settings.listen).map_err(listen)?;
    let poll = Poll::new().map_err(Error::system("epoll"))?;
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE).map_err(Error::system("epoll"))?;
    ready(listener.local_addr().map_err(Error::system("the listener's address"))?);
    let mut floor = Floor {
        settings,
        poll,
        listener,
        peers: Vec::new(),
        free: Vec::new(),
        streams: BTreeMap::new(),
        summary: Summary::default(),
    };
    floor.serve(stop)?;
    Ok(floor.summary)
}

struct Floor<'a> {
    settings: &'a Settings,
    poll: Poll,
    listener: TcpListener,
    peers: Vec<Option<Peer>>,
    free: Vec<usize>,
    streams: BTreeMap<String, Stream>,
    summary: Summary,
}

/// One named stream.
#[derive(Default)]
struct Stream {
    players: Vec<usize>,
    /// Decoder configurations, for players that come later.
    headers: [Option<MediaMessage>; 2],
    /// Audio that waits for video.
    held: Vec<u8>,
    held_since: u64,
}

impl Floor<'_> {
    fn serve(&mut self, stop: &Stop) -> Result<(), Error> {
        let mut events = Events::with_capacity(1024);
        let mut buffer = vec![0; READ];
        let until = now_ns().saturating_add(u64::try_from(self.settings.time.as_nanos()).unwrap_or(u64::MAX / 2));
        while !stop.is_stopped() {
            let now = now_ns();
            if now >= until {
                break;
            }
            self.release_held(now);
            let held = self.streams.values().filter(|s| !s.held.is_empty()).map(|s| s.held_since + HOLD).min();
            let next = held.unwrap_or(u64::MAX).min(until).min(now + 100_000_000);
            match self.poll.poll(&mut events, Some(Duration::from_nanos(next.saturating_sub(now)))) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                other => other.map_err(Error::system("epoll"))?,
            }
            for event in &events {
                if event.token() == LISTENER {
                    self.accept();
                    continue;
                }
                let at = event.token().0;
                if event.is_writable() {
                    let peer = self.peers.get_mut(at).and_then(Option::as_mut);
                    if peer.is_some_and(|peer| !peer.writable()) {
                        self.leave(at);
                    }
                }
                if event.is_readable() || event.is_read_closed() {
                    self.readable(at, &mut buffer);
                }
            }
        }
        Ok(())
    }

    fn accept(&mut self) {
        while let Ok((socket, _)) = self.listener.accept() {
            if self.peers.len() - self.free.len() >= self.settings.connections as usize {
                continue;
            }
            let at = self.free.pop().unwrap_or_else(|| {
                self.peers.push(None);
                self.peers.len() - 1
            });
            let peer = Peer::new(socket, self.poll.registry(), Token(at), now_ns(), self.settings.backlog);
            match (peer, self.peers.get_mut(at)) {
                (Ok(peer), Some(slot)) => {
                    *slot = Some(peer);
                    self.summary.connections += 1;
                }
                _ => self.free.push(at),
            }
        }
    }

    fn readable(&mut self, at: usize, buffer: &mut [u8]) {
        let Some(peer) = self.peers.get_mut(at).and_then(Option::as_mut) else { return };
        let mut asked = Vec::new();
        let alive = peer.read(buffer, now_ns(), &mut asked);
        for asked in asked {
            match asked {
                Asked::Play(name) => {
                    let stream = self.streams.entry(name).or_default();
                    stream.players.push(at);
                    let Some(peer) = self.peers.get_mut(at).and_then(Option::as_mut) else { continue };
                    for message in stream.headers.iter().flatten() {
                        peer.write(&encoded(message, peer.stream()));
                    }
                }
                Asked::Publish(name) => {
                    self.streams.entry(name).or_default();
                }
                Asked::Message(name, message) => self.message(&name, message),
            }
        }
        if !alive {
            self.leave(at);
        }
    }

    /// One message to every player of the stream.
    fn message(&mut self, name: &str, message: MediaMessage) {
        self.summary.messages += 1;
        let Some(stream) = self.streams.get_mut(name) else { return };
        let is_header = message.payload.get(1) == Some(&0);
        match message.kind {
            MediaKind::Video if is_header => stream.headers[0] = Some(message.clone()),
            MediaKind::Audio if is_header => stream.headers[1] = Some(message.clone()),
            _ => {}
        }
        // Every player's stream has the same id here, so the bytes are the same too.
        let bytes = encoded(&message, peer::STREAM);
        if self.settings.hold_audio && message.kind == MediaKind::Audio && !is_header {
            if stream.held.is_empty() {
                stream.held_since = now_ns();
            }
            stream.held.extend_from_slice(&bytes);
            return;
        }
        if stream.held.is_empty() {
            self.send(name, &bytes);
        } else {
            let mut joined = std::mem::take(&mut stream.held);
            joined.extend_from_slice(&bytes);
            self.send(name, &joined);
        }
    }

    fn release_held(&mut self, now: u64) {
        let late = |stream: &Stream| !stream.held.is_empty() && stream.held_since + HOLD <= now;
        let due: Vec<String> =
            self.streams.iter().filter(|(_, stream)| late(stream)).map(|(name, _)| name.clone()).collect();
        for name in due {
            let Some(stream) = self.streams.get_mut(&name) else { continue };
            let bytes = std::mem::take(&mut stream.held);
            self.send(&name, &bytes);
        }
    }

    /// One write per player.
    fn send(&mut self, name: &str, bytes: &[u8]) {
        let Some(stream) = self.streams.get(name) else { return };
        let mut gone = Vec::new();
        for at in &stream.players {
            let Some(peer) = self.peers.get_mut(*at).and_then(Option::as_mut) else { continue };
            self.summary.writes += 1;
            self.summary.bytes += bytes.len() as u64;
            if !peer.write(bytes) {
                gone.push(*at);
            }
        }
        for at in gone {
            self.summary.dropped += 1;
            self.leave(at);
        }
    }

    fn leave(&mut self, at: usize) {
        if let Some(peer) = self.peers.get_mut(at).and_then(Option::take) {
            peer.close(self.poll.registry());
            self.free.push(at);
            for stream in self.streams.values_mut() {
                stream.players.retain(|player| *player != at);
            }
        }
    }
}

fn encoded(message: &MediaMessage, stream: rtmp_proto::MessageStreamId) -> bytes::Bytes {
    let (lane, kind) = (message.kind.chunk_stream(), message.kind.message_type());
    encode_message(lane, stream, kind, message.timestamp, CHUNK_SIZE, std::slice::from_ref(&message.payload))
}
