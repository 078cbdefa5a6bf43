//! Both ends and the wire between them.

use rtmp_proto::client::{self, ServerInfo};
use rtmp_proto::{
    ClientConfig, ClientConnection, ConnectRequest, Event, HandshakeRandom, PlayRequest, PublishRequest, ServerConfig,
    ServerConnection,
};
use std::time::Duration;

/// A client and a server, the bytes between them, and the time that both see.
pub(crate) struct Pair {
    pub(crate) client: ClientConnection,
    pub(crate) server: ServerConnection,
    pub(crate) now: Duration,
    pub(crate) to_server: Vec<u8>,
    pub(crate) to_client: Vec<u8>,
    /// Bytes per transfer: a size that cuts messages anywhere.
    pub(crate) split: usize,
}

pub(crate) fn client_config() -> ClientConfig {
    ClientConfig::new("live", "rtmp://localhost/live", HandshakeRandom([1; 32]))
}

pub(crate) fn server_config() -> ServerConfig {
    ServerConfig::new(HandshakeRandom([2; 32]))
}

impl Pair {
    pub(crate) fn new(client: ClientConfig, server: ServerConfig) -> Pair {
        Pair {
            client: ClientConnection::new(client, Duration::ZERO),
            server: ServerConnection::new(server, Duration::ZERO),
            now: Duration::ZERO,
            to_server: Vec::new(),
            to_client: Vec::new(),
            split: usize::MAX,
        }
    }

    /// After an accepted connect; its events are dropped.
    pub(crate) fn connected() -> Pair {
        let mut pair = Pair::new(client_config(), server_config());
        let request = pair.connect_request();
        assert!(pair.server.accept_connect(request.id));
        let client::Event::Connected(_) = pair.client_event() else { panic!("expected the connection") };
        pair
    }

    /// Moves bytes both ways until nothing moves.
    pub(crate) fn run(&mut self) {
        loop {
            let mut moved = false;
            while self.client.has_output() {
                let mut slices = Vec::new();
                self.client.pending_output(&mut slices);
                let start = self.to_server.len();
                self.to_server.extend(slices.iter().flat_map(|s| s.iter().copied()).take(self.split));
                let n = self.to_server.len() - start;
                self.client.sent(n);
                moved = true;
            }
            while self.server.has_output() {
                let mut slices = Vec::new();
                self.server.pending_output(&mut slices);
                let start = self.to_client.len();
                self.to_client.extend(slices.iter().flat_map(|s| s.iter().copied()).take(self.split));
                let n = self.to_client.len() - start;
                self.server.sent(n);
                moved = true;
            }
            let n = self.split.min(self.to_server.len());
            let taken = self.server.feed(self.now, &self.to_server[..n]).unwrap();
            self.to_server.drain(..taken);
            moved |= taken > 0;
            let n = self.split.min(self.to_client.len());
            let taken = self.client.feed(self.now, &self.to_client[..n]).unwrap();
            self.to_client.drain(..taken);
            moved |= taken > 0;
            if !moved {
                return;
            }
        }
    }

    /// The client's next event, moving bytes until there is one.
    pub(crate) fn client_event(&mut self) -> client::Event {
        self.maybe_client_event().expect("an event of the client")
    }

    pub(crate) fn maybe_client_event(&mut self) -> Option<client::Event> {
        let mut next = || std::iter::from_fn(|| self.client.next_event()).find(is_answer);
        next().or_else(|| {
            self.run();
            std::iter::from_fn(|| self.client.next_event()).find(is_answer)
        })
    }

    /// The server's next event, moving bytes until there is one.
    pub(crate) fn server_event(&mut self) -> Event {
        self.maybe_server_event().expect("an event of the server")
    }

    pub(crate) fn maybe_server_event(&mut self) -> Option<Event> {
        self.server.next_event().or_else(|| {
            self.run();
            self.server.next_event()
        })
    }

    pub(crate) fn connect_request(&mut self) -> ConnectRequest {
        match self.server_event() {
            Event::Connect(request) => *request,
            other => panic!("expected a connect, got {other:?}"),
        }
    }

    pub(crate) fn publish_request(&mut self) -> PublishRequest {
        match self.server_event() {
            Event::Publish(request) => request,
            other => panic!("expected a publish, got {other:?}"),
        }
    }

    pub(crate) fn play_request(&mut self) -> PlayRequest {
        loop {
            match self.server_event() {
                Event::Play(request) => return request,
                Event::BufferLength { .. } => {}
                other => panic!("expected a play, got {other:?}"),
            }
        }
    }

    pub(crate) fn server_info(&mut self) -> ServerInfo {
        match self.client_event() {
            client::Event::Connected(info) => *info,
            other => panic!("expected the connection, got {other:?}"),
        }
    }
}

/// Whether the server said it, rather than that we asked.
fn is_answer(event: &client::Event) -> bool {
    !matches!(event, client::Event::Asked { .. })
}
