//! A server of few words: does what a test tells it to, right or wrong.

use std::time::{Duration, Instant};

use bytes::Bytes;
use rtmp_proto::event::Event;
use rtmp_proto::{HandshakeRandom, MediaKind, MessageStreamId, RequestId, ServerConfig, ServerConnection, chunk};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::process::PATIENCE;

pub struct Host {
    listener: TcpListener,
}

impl Host {
    pub async fn new() -> Host {
        Host { listener: TcpListener::bind("127.0.0.1:0").await.unwrap() }
    }

    pub fn url(&self, path: &str) -> String {
        format!("rtmp://{}/{path}", self.listener.local_addr().unwrap())
    }

    pub async fn accept_raw(&self) -> TcpStream {
        tokio::time::timeout(PATIENCE, self.listener.accept()).await.expect("nobody dials").unwrap().0
    }

    pub async fn accept_after(&self, first: impl Future<Output = ()>) -> Peer {
        first.await;
        self.accept().await
    }

    pub async fn accept(&self) -> Peer {
        let stream = self.accept_raw().await;
        let mut config = ServerConfig::new(HandshakeRandom([7; 32]));
        config.idle_timeout = Duration::ZERO;
        let proto = ServerConnection::new(config, Duration::ZERO);
        Peer { stream, proto, started: Instant::now(), kept: Vec::new() }
    }
}

pub struct Peer {
    pub stream: TcpStream,
    pub proto: ServerConnection,
    started: Instant,
    kept: Vec<u8>,
}

impl Peer {
    /// What the client does next; `None` when it has closed.
    pub async fn event(&mut self) -> Option<Event> {
        tokio::time::timeout(PATIENCE, self.next()).await.expect("the client says nothing")
    }

    async fn next(&mut self) -> Option<Event> {
        loop {
            self.flush().await;
            if let Some(event) = self.proto.next_event() {
                return Some(event);
            }
            if !self.kept.is_empty() && self.proto.wants_input() {
                let taken = self.proto.feed(self.started.elapsed(), &self.kept).expect("the client keeps to RTMP");
                self.kept.drain(..taken);
                continue;
            }
            let mut buffer = vec![0; 1 << 16];
            match self.stream.read(&mut buffer).await {
                Ok(0) | Err(_) => return None,
                Ok(n) => self.kept.extend_from_slice(&buffer[..n]),
            }
        }
    }

    /// Writes what the protocol has to say.
    pub async fn flush(&mut self) {
        let mut out = Vec::new();
        while self.proto.has_output() {
            let mut slices = Vec::new();
            self.proto.pending_output(&mut slices);
            let bytes: Vec<u8> = slices.iter().flat_map(|s| s.iter().copied()).collect();
            self.proto.sent(bytes.len());
            out.extend_from_slice(&bytes);
        }
        let _ = self.stream.write_all(&out).await;
    }

    /// The connect command.
    pub async fn connect(&mut self) -> rtmp_proto::ConnectRequest {
        match self.event().await {
            Some(Event::Connect(request)) => *request,
            other => panic!("no connect but {other:?}"),
        }
    }

    /// Accepts connect; the publish or play command that follows: its id, stream and name.
    pub async fn asked(&mut self) -> (RequestId, MessageStreamId, String) {
        let id = self.connect().await.id;
        self.proto.accept_connect(id);
        loop {
            match self.event().await.expect("the client asks") {
                Event::Publish(request) => return (request.id, request.stream, request.name),
                Event::Play(request) => return (request.id, request.stream, request.name),
                _ => {}
            }
        }
    }

    pub async fn send(&mut self, stream: MessageStreamId, kind: MediaKind, timestamp: u32, body: &[u8]) {
        self.flush().await;
        let body = [Bytes::copy_from_slice(body)];
        let size = self.proto.chunk_size();
        let bytes = chunk::encode_message(kind.chunk_stream(), stream, kind.message_type(), timestamp, size, &body);
        self.stream.write_all(&bytes).await.unwrap();
    }
}
