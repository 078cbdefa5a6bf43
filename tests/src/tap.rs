//! A wire that remembers: what a publisher really sent, taken before the router read it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::flv::{DATA, Tag};
use crate::rtmp::amf::Value;
use crate::rtmp::chunk::Reader;

/// C0, C1 and C2: what comes before a client's first chunk.
const HANDSHAKE: usize = 1 + 1536 + 1536;

/// Passes one connection on to a router, both ways, and keeps what the client sent.
pub struct Tap {
    /// Where the client is to connect to.
    pub address: SocketAddr,
    sent: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    /// Waits for the client on a free port of 127.0.0.1.
    pub fn start(router: SocketAddr) -> Tap {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        let sent = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&sent);
        std::thread::spawn(move || {
            let Ok((client, _)) = listener.accept() else { return };
            let server = TcpStream::connect(router).expect("the router listens");
            for side in [&client, &server] {
                side.set_nodelay(true).expect("a socket");
            }
            let (from, to) = (client.try_clone().expect("a socket"), server.try_clone().expect("a socket"));
            std::thread::spawn(move || pass(from, to, |bytes| keep.lock().expect("bytes").extend_from_slice(bytes)));
            pass(server, client, |_| {});
        });
        Tap { address, sent }
    }

    /// The media that the client has sent so far, as a file would carry it: data without `@setDataFrame`.
    pub fn tags(&self) -> Vec<Tag> {
        let sent = self.sent.lock().expect("bytes");
        let mut reader = Reader::default();
        reader.feed(sent.get(HANDSHAKE..).unwrap_or_default());
        let mut tags = Vec::new();
        while let Some(message) = reader.message().expect("chunks") {
            if message.is_media() {
                tags.push(unwrapped(message.tag()));
            }
        }
        tags
    }
}

/// Bytes are kept before they are passed on: what the router has, the tap has too.
fn pass(mut from: TcpStream, mut to: TcpStream, keep: impl Fn(&[u8])) {
    let mut bytes = vec![0; 65536];
    while let Ok(n @ 1..) = from.read(&mut bytes) {
        keep(&bytes[..n]);
        if to.write_all(&bytes[..n]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
    let _ = from.shutdown(Shutdown::Read);
}

fn unwrapped(tag: Tag) -> Tag {
    let mut name = Vec::new();
    Value::text("@setDataFrame").encode(&mut name);
    match tag.body.strip_prefix(name.as_slice()) {
        Some(body) if tag.kind == DATA => Tag { body: body.to_vec(), ..tag },
        _ => tag,
    }
}
