//! A relay of bytes that spoils some of the video messages that a server sends.

use bytes::Bytes;
use rtmp_proto::MessageType;
use rtmp_proto::chunk::{Reader, encode_message};
use rtmp_proto::control::Control;
use rtmp_proto::message::Message;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// What is done to a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spoil {
    Drop,
    Repeat,
    Flip,
    Swap,
}

pub(crate) struct Spoiler {
    address: SocketAddr,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Spoiler {
    /// Spoils every `every`th picture.
    pub(crate) fn start(server: SocketAddr, every: u32, spoil: Spoil) -> Spoiler {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let ended = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ended);
        let thread = std::thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                if seen.load(Ordering::SeqCst) {
                    return;
                }
                let server = TcpStream::connect(server).unwrap();
                let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || copy(from, to));
                std::thread::spawn(move || relay(server, client, every, spoil));
            }
        });
        Spoiler { address, ended, thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Spoiler {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(self.address);
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream) {
    let _ = std::io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Both);
}

/// Server to client: the handshake as it is, then message by message.
fn relay(mut server: TcpStream, mut client: TcpStream, every: u32, spoil: Spoil) {
    let mut handshake = [0; 1 + 2 * 1536];
    if server.read_exact(&mut handshake).is_err() || client.write_all(&handshake).is_err() {
        return;
    }
    let mut reader = Reader::new(64, 16 << 20);
    let mut buffer = [0; 65_536];
    let mut held: Option<Message> = None;
    let mut pictures = 0;
    while let Ok(n @ 1..) = server.read(&mut buffer) {
        let mut input = &buffer[..n];
        while let Some(message) = reader.read(&mut input).unwrap() {
            let mut out = Vec::new();
            let is_picture = message.kind == MessageType::VIDEO && message.payload.get(1) == Some(&1);
            pictures += u32::from(is_picture);
            let spoiled = is_picture && pictures % every == every - 1;
            match spoil {
                Spoil::Drop if spoiled => {}
                Spoil::Repeat if spoiled => out.extend([message.clone(), message]),
                Spoil::Flip if spoiled => {
                    let mut body = message.payload.to_vec();
                    *body.last_mut().unwrap() ^= 4;
                    out.push(Message { payload: Bytes::from(body), ..message });
                }
                Spoil::Swap if spoiled => held = Some(message),
                _ => {
                    out.push(message);
                    if is_picture {
                        out.extend(held.take());
                    }
                }
            }
            for message in out {
                let Message { chunk_stream, stream, kind, timestamp, payload } = &message;
                let size = reader.chunk_size();
                let bytes =
                    encode_message(*chunk_stream, *stream, *kind, *timestamp, size, std::slice::from_ref(payload));
                if client.write_all(&bytes).is_err() {
                    return;
                }
                if let Ok(Some(Control::SetChunkSize(size))) = Control::decode(&message) {
                    reader.set_chunk_size(size).unwrap();
                }
            }
        }
    }
    let _ = client.shutdown(Shutdown::Both);
}
