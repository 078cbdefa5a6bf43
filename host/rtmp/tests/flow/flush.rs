//! The end of what TLS has encrypted and the socket had no room for: it goes out when there is room, not with the next frame.

use std::net::SocketAddr;
use std::sync::Arc;

use rtmp::ConnectionSettings;
use rtmp_proto::MessageType;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, version};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio_rustls::TlsConnector;

use crate::client::Client;
use crate::issued::Issued;
use crate::tls::serve;

/// A plain port in front of a server with TLS. Reads from the server only while the gate is open, and the kernel holds little
/// in between.
async fn narrow(to: SocketAddr, config: ClientConfig) -> (SocketAddr, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (gate, mut open) = watch::channel(true);
    tokio::spawn(async move {
        let (plain, _) = listener.accept().await.unwrap();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(4096).unwrap();
        let stream = socket.connect(to).await.unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        let secure = connector.connect(ServerName::try_from("localhost").unwrap(), stream).await.unwrap();
        let (mut from_server, mut to_server) = tokio::io::split(secure);
        let (mut from_client, mut to_client) = plain.into_split();
        tokio::spawn(async move {
            let _ = tokio::io::copy(&mut from_client, &mut to_server).await;
        });
        let mut buffer = vec![0; 16 * 1024];
        while open.wait_for(|open| *open).await.is_ok() {
            match from_server.read(&mut buffer).await {
                Ok(0) | Err(_) => break,
                Ok(n) => to_client.write_all(&buffer[..n]).await.unwrap(),
            }
        }
    });
    (address, gate)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_the_socket_had_no_room_for_needs_no_other_behind_it() {
    let issued = Issued::new();
    let server = serve(&issued, ConnectionSettings::default()).await;
    let (wide, _gate) = narrow(server.address, issued.trusted(&version::TLS13)).await;
    let (mut publisher, stream) = Client::publishing(wide, "narrow").await;
    let (address, gate) = narrow(server.address, issued.trusted(&version::TLS13)).await;
    let (mut player, _) = Client::playing(address, "narrow").await;
    // Sizes on both sides of what the kernel holds, closer together than the 64 KiB that TLS takes at once: in some of them
    // the end of the frame is with TLS when there is no room.
    for (time, kib) in (8..800).step_by(24).enumerate() {
        let body = [&[0x17, 1, 0, 0, 0][..], &vec![7; kib * 1024]].concat();
        gate.send(false).unwrap();
        publisher.media(stream, MessageType::VIDEO, time as u32 * 40, &body).await;
        for _ in 0..8 {
            publisher.ping().await;
        }
        gate.send(true).unwrap();
        assert!(player.next_media().await.payload[..] == body, "{kib} KiB");
    }
}
