//! Socket files to listen on.

use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use rtmp::{Address, ConnectionSettings, ListenSettings, Proxies};
use rtmp_proto::MessageType;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, UnixStream};

use crate::client::Client;
use crate::crowd::publishes_until_the_player_is_closed;
use crate::flv::{self, AUDIO, VIDEO};
use crate::garbage::Healthy;
use crate::process::{self, end};
use crate::server::Server;

async fn serve(path: &Path, connection: ConnectionSettings) -> Server {
    let addresses = vec![Address::Unix(path.into())];
    Server::listen(ListenSettings { addresses, connection, ..ListenSettings::default() }, |_| {}).await
}

/// A port in front of a socket file, for clients that know no other.
async fn bridge(path: &Path) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let path = path.to_owned();
    tokio::spawn(async move {
        while let Ok((mut tcp, _)) = listener.accept().await {
            let mut unix = UnixStream::connect(&path).await.unwrap();
            tokio::spawn(async move {
                let _ = copy_bidirectional(&mut tcp, &mut unix).await;
            });
        }
    });
    address
}

#[tokio::test(flavor = "multi_thread")]
async fn ffmpeg_publishes_and_plays_the_same_bytes_and_the_file_goes_with_the_router() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weir.sock");
    let mut server = serve(&path, ConnectionSettings::default()).await;
    let url = format!("rtmp://{}/live/cam", bridge(&path).await);
    let file = process::fresh("played.flv");
    let player = process::play_ffmpeg(&url, &file);
    server.subscribers("live/cam", 1).await;
    let (ok, said) = end(process::publish(process::source(), &url, false)).await;
    assert!(ok, "{said}");
    let (ok, said) = end(player).await;
    assert!(ok, "{said}");
    let (sent, played) = (flv::read(process::source()), flv::read(&file));
    for kind in [AUDIO, VIDEO] {
        assert!(!flv::bodies(&sent, kind).is_empty());
        assert!(flv::bodies(&played, kind) == flv::bodies(&sent, kind), "bodies of kind {kind}");
    }
    assert!(path.exists());
    let counters = server.shut_down().await.unwrap();
    assert_eq!((counters.open, counters.misbehaved, counters.panics), (0, 0, 0));
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn frames_of_every_size_ride_and_go_on_foot_and_who_never_reads_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weir.sock");
    let short = Duration::from_secs(2);
    let server = serve(&path, ConnectionSettings { write_timeout: short, ..Default::default() }).await;
    let address = bridge(&path).await;
    Healthy::start(address).await.goes_on().await;
    let (mut publisher, stream) = Client::publishing(address, "sizes").await;
    let (mut player, _) = Client::playing(address, "sizes").await;
    for (time, size) in [10, 300_000, 20, 3_000_000, 30, 1].into_iter().enumerate() {
        let body: Vec<u8> = [0x17, 1, 0, 0, 0].into_iter().chain((0..size).map(|i: u32| (i / 7) as u8)).collect();
        publisher.media(stream, MessageType::VIDEO, time as u32 * 40, &body).await;
        assert!(player.next_media().await.payload[..] == body, "{size} bytes");
    }
    server.counted("the healthy ones' end", |counters| counters.open == 2).await;
    // The player stops reading.
    publishes_until_the_player_is_closed(&server, &mut publisher, stream).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_may_come_by_a_socket_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weir.sock");
    let proxies = Proxies::new(["unix".parse().unwrap()]);
    let server = serve(&path, ConnectionSettings { proxies, ..Default::default() }).await;
    for (header, taken) in [(&b"PROXY TCP4 192.0.2.1 198.51.100.2 8080 1935\r\n"[..], true), (b"", false)] {
        let mut stream = UnixStream::connect(&path).await.unwrap();
        let mut hello = vec![0; 1537];
        hello[0] = 3;
        stream.write_all(&[header, &hello].concat()).await.unwrap();
        assert_eq!(stream.read_exact(&mut [0; 3073]).await.is_ok(), taken);
    }
    server.counted("the one without", |counters| counters.proxy_failed == 1).await;
}
