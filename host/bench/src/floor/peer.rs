//! One connection of the null server.

use super::CHUNK_SIZE;
use mio::net::TcpStream;
use mio::{Interest, Registry, Token};
use rtmp_proto::{Event, HandshakeRandom, MediaMessage, MessageStreamId, ServerConfig, ServerConnection};
use std::io::{ErrorKind, IoSlice, Read, Write};
use std::time::Duration;

/// The stream id that the first createStream of a connection gets.
pub(super) const STREAM: MessageStreamId = MessageStreamId(1);

pub(super) struct Peer {
    socket: TcpStream,
    connection: ServerConnection,
    app: String,
    name: String,
    /// What the socket did not take at once.
    rest: Vec<u8>,
    /// Bytes of that at most.
    backlog: usize,
}

/// What a peer wants of the server.
pub(super) enum Asked {
    /// Media of this stream.
    Play(String),
    /// To publish it.
    Publish(String),
    /// Gives media of this stream.
    Message(String, MediaMessage),
}

impl Peer {
    pub(super) fn new(
        mut socket: TcpStream,
        registry: &Registry,
        token: Token,
        now_ns: u64,
        backlog: usize,
    ) -> std::io::Result<Peer> {
        socket.set_nodelay(true)?;
        registry.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE)?;
        let mut random = [0; 32];
        getrandom::fill(&mut random).map_err(std::io::Error::other)?;
        let mut config = ServerConfig::new(HandshakeRandom(random));
        config.chunk_size = CHUNK_SIZE;
        config.idle_timeout = Duration::ZERO;
        let connection = ServerConnection::new(config, Duration::from_nanos(now_ns));
        Ok(Peer { socket, connection, app: String::new(), name: String::new(), rest: Vec::new(), backlog })
    }

    pub(super) fn stream(&self) -> MessageStreamId {
        STREAM
    }

    /// Reads what is there, answers, and gives what is asked of the server. `false`: the connection is over.
    pub(super) fn read(&mut self, buffer: &mut [u8], now_ns: u64, asked: &mut Vec<Asked>) -> bool {
        loop {
            let n = match self.socket.read(buffer) {
                Ok(0) => return false,
                Ok(n) => n,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                Err(_) => return false,
            };
            let mut input = buffer.get(..n).unwrap_or_default();
            loop {
                let fed = self.connection.feed(Duration::from_nanos(now_ns), input);
                let mut heard = false;
                while let Some(event) = self.connection.next_event() {
                    heard = true;
                    self.event(event, asked);
                }
                let Ok(taken) = fed else { return false };
                input = input.get(taken..).unwrap_or_default();
                if !self.flush() || (taken == 0 && !heard && !input.is_empty()) {
                    return false;
                }
                if input.is_empty() {
                    break;
                }
            }
            if n < buffer.len() {
                return !self.connection.is_closing();
            }
        }
    }

    fn event(&mut self, event: Event, asked: &mut Vec<Asked>) {
        match event {
            Event::Connect(request) => {
                self.app.clone_from(&request.app);
                self.connection.accept_connect(request.id);
            }
            Event::Publish(request) => {
                self.name = self.key(&request.name);
                self.connection.accept_publish(request.id, "");
                asked.push(Asked::Publish(self.name.clone()));
            }
            Event::Play(request) if request.stream == STREAM => {
                self.connection.accept_play(request.id, "");
                asked.push(Asked::Play(self.key(&request.name)));
            }
            Event::Play(request) => {
                self.connection.reject(request.id, "", "one stream per connection");
            }
            Event::Message(message) => asked.push(Asked::Message(self.name.clone(), message)),
            _ => {}
        }
    }

    /// Application and name without the query.
    fn key(&self, name: &str) -> String {
        format!("{}/{}", self.app, name.split('?').next().unwrap_or_default())
    }

    /// Writes what the protocol has to say. `false`: it does not go out at once.
    fn flush(&mut self) -> bool {
        while self.connection.has_output() {
            let mut slices: Vec<IoSlice<'_>> = Vec::new();
            self.connection.pending_output(&mut slices);
            match self.socket.write_vectored(&slices) {
                Ok(n) if n > 0 => self.connection.sent(n),
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                _ => return false,
            }
        }
        true
    }

    /// One write of shared bytes; what the socket does not take waits. `false`: too much waits, or the peer is gone.
    pub(super) fn write(&mut self, bytes: &[u8]) -> bool {
        if !self.rest.is_empty() {
            self.rest.extend_from_slice(bytes);
            return self.rest.len() <= self.backlog;
        }
        match self.socket.write(bytes) {
            Ok(n) => {
                self.connection.external_sent(n);
                self.rest.extend_from_slice(bytes.get(n..).unwrap_or_default());
                true
            }
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                self.rest.extend_from_slice(bytes);
                true
            }
            Err(_) => false,
        }
    }

    /// Writes what waited. `false`: the peer is gone.
    pub(super) fn writable(&mut self) -> bool {
        while !self.rest.is_empty() {
            match self.socket.write(&self.rest) {
                Ok(n) => {
                    self.connection.external_sent(n);
                    self.rest.drain(..n);
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
        self.rest = Vec::new();
        true
    }

    pub(super) fn close(mut self, registry: &Registry) {
        let _ = registry.deregister(&mut self.socket);
    }
}
