//! Both ends and the wire between them.

use rtmp_proto::client::{self, ServerInfo};
use rtmp_proto::{
    Cipher, ClientConfig, ClientConnection, ConnectRequest, Event, HandshakeRandom, PlayRequest, PublishRequest,
    ServerConfig, ServerConnection,
};
use std::time::Duration;

/// A client and a server, the bytes between them, and the time that both see.
pub(crate) struct Pair {
    pub(crate) client: ClientConnection,
    pub(crate) server: ServerConnection,
    pub(crate) now: Duration,
    pub(crate) to_server: Wire,
    pub(crate) to_client: Wire,
    /// Bytes per transfer: a size that cuts messages anywhere.
    pub(crate) split: usize,
    /// The client's and the server's, once the handshake of RTMPE is over.
    pub(crate) ciphers: (Option<Box<Cipher>>, Option<Box<Cipher>>),
}

/// One direction between the ends.
#[derive(Default)]
pub(crate) struct Wire {
    /// As a listener sees it.
    pub(crate) bytes: Vec<u8>,
    /// What the reader has decrypted and not taken yet.
    kept: Vec<u8>,
}

pub(crate) fn client_config() -> ClientConfig {
    ClientConfig::new("live", "rtmp://localhost/live", HandshakeRandom([1; 32]))
}

pub(crate) fn server_config() -> ServerConfig {
    ServerConfig::new(HandshakeRandom([2; 32]))
}

impl Wire {
    /// Moves at most `split` bytes to the reader; whether any moved.
    fn carry(&mut self, split: usize, cipher: &mut Option<Box<Cipher>>, mut feed: impl FnMut(&[u8]) -> usize) -> bool {
        let mut bytes: Vec<u8> = self.bytes.drain(..split.min(self.bytes.len())).collect();
        if let Some(cipher) = cipher {
            cipher.decrypt(&mut bytes);
        }
        self.kept.extend_from_slice(&bytes);
        let taken = feed(&self.kept);
        self.kept.drain(..taken);
        taken + bytes.len() > 0
    }
}

impl Pair {
    pub(crate) fn new(client: ClientConfig, server: ServerConfig) -> Pair {
        Pair {
            client: ClientConnection::new(client, Duration::ZERO),
            server: ServerConnection::new(server, Duration::ZERO),
            now: Duration::ZERO,
            to_server: Wire::default(),
            to_client: Wire::default(),
            split: usize::MAX,
            ciphers: (None, None),
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
                let mut bytes: Vec<u8> = slices.iter().flat_map(|s| s.iter().copied()).take(self.split).collect();
                self.client.sent(bytes.len());
                if let Some(cipher) = &mut self.ciphers.0 {
                    cipher.encrypt(&mut bytes);
                }
                self.to_server.bytes.extend_from_slice(&bytes);
                moved = true;
            }
            while self.server.has_output() {
                let mut slices = Vec::new();
                self.server.pending_output(&mut slices);
                let mut bytes: Vec<u8> = slices.iter().flat_map(|s| s.iter().copied()).take(self.split).collect();
                self.server.sent(bytes.len());
                if let Some(cipher) = &mut self.ciphers.1 {
                    cipher.encrypt(&mut bytes);
                }
                self.to_client.bytes.extend_from_slice(&bytes);
                moved = true;
            }
            if let Some(mut cipher) = self.client.take_cipher() {
                cipher.decrypt(&mut self.to_client.kept);
                self.ciphers.0 = Some(cipher);
                moved = true;
            }
            if let Some(mut cipher) = self.server.take_cipher() {
                cipher.decrypt(&mut self.to_server.kept);
                self.ciphers.1 = Some(cipher);
                moved = true;
            }
            let (client, server) = &mut self.ciphers;
            let (now, split) = (self.now, self.split);
            moved |= self.to_server.carry(split, server, |bytes| self.server.feed(now, bytes).unwrap());
            moved |= self.to_client.carry(split, client, |bytes| self.client.feed(now, bytes).unwrap());
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
