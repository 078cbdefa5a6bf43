//! RTMPE: the same streams, encrypted, and who comes with less than it takes.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use rtmp::ConnectionSettings;
use rtmp_proto::client::Event;
use rtmp_proto::handshake::{Client as Hello, Layout};
use rtmp_proto::{Cipher, ClientConfig, ClientConnection, HandshakeRandom, MediaKind, MessageStreamId};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::garbage::{Healthy, closed};
use crate::process::PATIENCE;
use crate::server::Server;

/// A client that speaks RTMPE.
struct Encrypted {
    stream: TcpStream,
    proto: ClientConnection,
    cipher: Option<Box<Cipher>>,
    /// Decrypted and not taken yet.
    kept: Vec<u8>,
    /// Bytes per write.
    split: usize,
}

impl Encrypted {
    async fn open(address: SocketAddr, split: usize) -> Encrypted {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut config = ClientConfig::new("live", &format!("rtmpe://{address}/live"), HandshakeRandom([5; 32]));
        config.rtmpe = true;
        let proto = ClientConnection::new(config, Duration::ZERO);
        Encrypted { stream, proto, cipher: None, kept: Vec::new(), split }
    }

    /// Writes what waits to be written.
    async fn write(&mut self) {
        while self.proto.has_output() {
            let mut slices = Vec::new();
            self.proto.pending_output(&mut slices);
            let mut bytes: Vec<u8> = slices.iter().flat_map(|slice| slice.iter().copied()).collect();
            self.proto.sent(bytes.len());
            if let Some(cipher) = &mut self.cipher {
                cipher.encrypt(&mut bytes);
            }
            for piece in bytes.chunks(self.split) {
                self.stream.write_all(piece).await.unwrap();
            }
        }
        if let Some(mut cipher) = self.proto.take_cipher() {
            cipher.decrypt(&mut self.kept);
            self.cipher = Some(cipher);
            Box::pin(self.write()).await;
        }
    }

    /// The next event that is wanted; those before it are passed over.
    async fn until<T>(&mut self, what: &str, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let looking = async {
            loop {
                let taken = self.proto.feed(Duration::ZERO, &self.kept).unwrap();
                self.kept.drain(..taken);
                while let Some(event) = self.proto.next_event() {
                    if let Some(found) = wanted(event) {
                        return found;
                    }
                }
                let encrypted = self.cipher.is_some();
                self.write().await;
                if taken > 0 || encrypted != self.cipher.is_some() {
                    continue;
                }
                let start = self.kept.len();
                assert_ne!(self.stream.read_buf(&mut self.kept).await.unwrap(), 0, "closed");
                if let Some(cipher) = &mut self.cipher {
                    cipher.decrypt(&mut self.kept[start..]);
                }
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.unwrap_or_else(|_| panic!("no {what}"))
    }

    async fn connect(address: SocketAddr, split: usize) -> Encrypted {
        let mut client = Encrypted::open(address, split).await;
        client.until("connection", |event| matches!(event, Event::Connected(_)).then_some(())).await;
        client
    }
}

fn body(first: u8, n: usize) -> Bytes {
    let mut body = vec![0x17, 1, 0, 0, 0, first];
    body.resize(n, first);
    body.into()
}

fn publishing(event: Event) -> Option<MessageStreamId> {
    match event {
        Event::Publishing { stream, .. } => Some(stream),
        _ => None,
    }
}

fn picture(event: Event) -> Option<Bytes> {
    match event {
        Event::Message(message) if message.kind == MediaKind::Video => Some(message.payload),
        _ => None,
    }
}

#[tokio::test]
async fn a_stream_goes_up_and_down_however_it_is_cut() {
    let server = Server::start().await;
    for split in [1, 701, usize::MAX] {
        let name = format!("cam{split}");
        let mut player = Encrypted::connect(server.address, split).await;
        player.proto.play(&name).unwrap();
        player.write().await;
        let mut publisher = Encrypted::connect(server.address, split).await;
        publisher.proto.publish(&name).unwrap();
        let stream = publisher.until("admission", publishing).await;
        player.until("start", |event| matches!(event, Event::Playing { .. }).then_some(())).await;
        for round in 0..20u8 {
            let sent = body(round, 6 + usize::from(round) * 997);
            publisher.proto.send_message(stream, MediaKind::Video, u32::from(round) * 40, std::slice::from_ref(&sent));
            publisher.write().await;
            assert!(player.until("picture", picture).await == sent, "split {split}, picture {round}");
        }
    }
    assert_eq!(server.counters().misbehaved, 0);
}

/// C0 and C1.
fn hello() -> Vec<u8> {
    let mut hello = Vec::new();
    Hello::encrypted(HandshakeRandom([6; 32]), Layout::KeyFirst, Duration::ZERO, &mut hello);
    hello
}

async fn refused(server: &Server, hello: &[u8]) {
    let before = server.counters().misbehaved;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let _ = stream.write_all(hello).await;
    closed(&mut stream).await;
    server.counted("misbehaviour", |counters| counters.misbehaved == before + 1).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_good_hello_is_closed_and_nobody_else_notices() {
    let server = Server::start().await;
    let mut healthy = Healthy::start(server.address).await;
    healthy.goes_on().await;
    let mut unsigned = hello();
    unsigned[700] ^= 1;
    for bad in [unsigned, [&[6][..], &[0; 1536]].concat(), vec![8], vec![9]] {
        refused(&server, &bad).await;
        healthy.goes_on().await;
    }
    // Behind a good hello and anything for a C2: what decrypts to noise.
    refused(&server, &[hello(), vec![0x77; 1536 + 100_000]].concat()).await;
    healthy.goes_on().await;
}

#[tokio::test]
async fn switched_off_it_is_refused() {
    let server = Server::start_for(ConnectionSettings { rtmpe: false, ..ConnectionSettings::default() }).await;
    refused(&server, &hello()).await;
    Healthy::start(server.address).await.goes_on().await;
}

#[tokio::test]
async fn a_handshake_that_stops_half_way_ends_by_the_same_deadline() {
    let short = ConnectionSettings { handshake_timeout: Duration::from_millis(300), ..ConnectionSettings::default() };
    let server = Server::start_for(short).await;
    for part in [1, 1000, 1537] {
        refused(&server, &hello()[..part]).await;
    }
    // Through the handshake, and then silent.
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream.write_all(&hello()).await.unwrap();
    stream.read_exact(&mut [0; 1 + 2 * 1536]).await.unwrap();
    stream.write_all(&[0x77; 1536]).await.unwrap();
    closed(&mut stream).await;
    server.counted("misbehaviour", |counters| counters.misbehaved == 4).await;
}
