use std::future::poll_fn;
use std::time::Duration;

use rtmp_proto::HandshakeRandom;
use rtmp_proto::handshake::{Client, Layout, Server};
use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

use super::super::Link;
use super::*;
use crate::socket::Socket;

/// What a client and a server have agreed on.
fn ciphers() -> (Box<Cipher>, Box<Cipher>) {
    let (mut up, mut down) = (Vec::new(), Vec::new());
    let mut client = Client::encrypted(HandshakeRandom([1; 32]), Layout::KeyFirst, Duration::ZERO, &mut up);
    let mut server = Server::new(HandshakeRandom([2; 32]), true, true);
    server.read(Duration::ZERO, &mut up.as_slice(), &mut down).unwrap();
    up.clear();
    client.read(&mut down.as_slice(), &mut up).unwrap();
    server.read(Duration::ZERO, &mut up.as_slice(), &mut down).unwrap();
    (client.take_cipher().unwrap(), server.take_cipher().unwrap())
}

/// A link that has just been encrypted, its peer's socket, and the peer's cipher.
async fn link() -> (Link, TcpStream, Box<Cipher>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    // Soon full.
    SockRef::from(&stream).set_send_buffer_size(64 << 10).unwrap();
    SockRef::from(&peer).set_recv_buffer_size(64 << 10).unwrap();
    let (theirs, ours) = ciphers();
    let mut link = Link::plain(Socket::Tcp(stream));
    assert_eq!((link.protocol(), link.shared().is_some()), ("rtmp", true));
    link.encrypt(ours);
    (link, peer, theirs)
}

#[tokio::test]
async fn it_is_no_tls_and_nobody_else_writes_to_it() {
    let (link, ..) = link().await;
    assert_eq!(link.protocol(), "rtmpe");
    assert!(link.tls().is_none());
    assert!(link.shared().is_none(), "the walk over a stream's players would write in the clear");
}

#[tokio::test]
async fn what_a_full_socket_does_not_take_is_neither_lost_nor_repeated() {
    let pieces: Vec<Vec<u8>> =
        (0..4000).map(|n: usize| (0..n * 37 % 3000).map(|at| (at * n % 251) as u8).collect()).collect();
    let said = pieces.concat();
    let (mut link, mut peer, mut theirs) = link().await;

    // Until the socket is full, and what was encrypted last is in part still here.
    let mut taken = 0;
    let slices: Vec<IoSlice<'_>> = pieces.iter().map(|piece| IoSlice::new(piece)).collect();
    let mut left = slices.clone();
    let mut left = left.as_mut_slice();
    loop {
        let written = poll_fn(|cx| Poll::Ready(link.poll_write_vectored(cx, left.get(..16).unwrap_or(left)))).await;
        let Poll::Ready(written) = written else { break };
        let written = written.unwrap();
        assert!((1..=WRITE_BYTES).contains(&written));
        taken += written;
        IoSlice::advance_slices(&mut left, written);
        assert!(!left.is_empty(), "this socket is never full");
    }
    let blocked = poll_fn(|cx| Poll::Ready(link.poll_flush(cx))).await;
    assert!(blocked.is_pending());

    // The peer reads, and the rest comes.
    let reading = tokio::spawn(async move {
        let mut got = Vec::new();
        peer.read_to_end(&mut got).await.unwrap();
        theirs.decrypt(&mut got);
        got
    });
    while !left.is_empty() {
        let written = poll_fn(|cx| link.poll_write_vectored(cx, left.get(..16).unwrap_or(left))).await.unwrap();
        taken += written;
        IoSlice::advance_slices(&mut left, written);
    }
    poll_fn(|cx| link.poll_flush(cx)).await.unwrap();
    poll_fn(|cx| link.poll_shutdown(cx)).await.unwrap();
    assert_eq!(taken, said.len());
    assert!(reading.await.unwrap() == said);
}

#[tokio::test]
async fn what_comes_is_decrypted_once() {
    let (mut link, mut peer, mut theirs) = link().await;
    let said: Vec<u8> = (0..200_000u32).map(|n| (n % 251) as u8).collect();
    let mut wire = said.clone();
    theirs.encrypt(&mut wire);
    let writing = tokio::spawn(async move {
        peer.write_all(&wire).await.unwrap();
    });
    let mut got = Vec::new();
    let mut room = [0; 700];
    loop {
        let mut buffer = ReadBuf::new(&mut room);
        // What stands in the buffer already is somebody else's.
        buffer.put_slice(b"kept");
        poll_fn(|cx| link.poll_read(cx, &mut buffer)).await.unwrap();
        let (kept, new) = buffer.filled().split_at(4);
        assert_eq!(kept, b"kept");
        if new.is_empty() {
            break;
        }
        got.extend_from_slice(new);
    }
    writing.await.unwrap();
    assert!(got == said);
}
