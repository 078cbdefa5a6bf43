//! ffmpeg as the server: what others make of us.

use std::net::TcpListener;

use rtmp::dial::{End, Retry};
use rtmp_proto::MessageType;

use super::{Dial, target, waiting_player};
use crate::flv::{self, AUDIO, Tag, VIDEO};
use crate::process::{self, PATIENCE, end, start};
use crate::server::Server;
use crate::wait;

/// A port that was free just now: ffmpeg cannot be asked which one the kernel gave it.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// Pictures and sound of the test source, without headers: ffmpeg writes its own.
fn coded(tags: &[Tag], kind: u8) -> Vec<Vec<u8>> {
    flv::bodies(tags, kind).into_iter().filter(|body| body[1] == 1).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_push_arrives_at_ffmpeg_byte_for_byte() {
    let near = Server::start().await;
    let (file, port) = (process::fresh("pushed.flv"), free_port());
    let url = format!("rtmp://127.0.0.1:{port}/live/copy");
    let file_name = file.to_str().unwrap();
    let args =
        ["-v", "info", "-nostats", "-y", "-listen", "1", "-i", &url, "-c", "copy", "-copyts", "-f", "flv", file_name];
    let server = start("ffmpeg", &args);
    listening(port).await;
    let dial = Dial::push(target(&url), &near, "cam").await;
    near.subscribers("live/cam", 1).await;
    let (ok, said) = end(process::publish(process::source(), &near.url("live/cam"), true)).await;
    assert!(ok, "{said}");
    assert_eq!(dial.end().await, End::LocalEnded);
    let (ok, said) = end(server).await;
    assert!(ok, "{said}");
    let (sent, got) = (flv::read(process::source()), flv::read(&file));
    for kind in [AUDIO, VIDEO] {
        assert!(!coded(&sent, kind).is_empty());
        assert!(
            coded(&got, kind) == coded(&sent, kind),
            "kind {kind}: {} of {}",
            coded(&got, kind).len(),
            coded(&sent, kind).len()
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_comes_from_ffmpeg_byte_for_byte() {
    let near = Server::start().await;
    let mut player = waiting_player(&near, "copy").await;
    let port = free_port();
    let url = format!("rtmp://127.0.0.1:{port}/live/cam");
    let source = process::source().to_str().unwrap();
    let args = ["-v", "info", "-nostats", "-re", "-i", source, "-c", "copy", "-f", "flv", "-listen", "1", &url];
    let server = start("ffmpeg", &args);
    listening(port).await;
    let dial = Dial::pull(target(&url), &near, "copy").await;
    let mut got = [Vec::new(), Vec::new()];
    let reading = async {
        loop {
            let message = player.next().await.expect("the player's connection stays");
            match message.kind {
                MessageType::AUDIO if message.payload[1] == 1 => got[0].push(message.payload.to_vec()),
                MessageType::VIDEO if message.payload[1] == 1 => got[1].push(message.payload.to_vec()),
                MessageType::USER_CONTROL if message.payload[..2] == [0, 1] => break,
                _ => {}
            }
        }
    };
    tokio::time::timeout(PATIENCE, reading).await.expect("the stream ends");
    let over = dial.end().await;
    assert_eq!(over.retry(), Retry::Soon, "{over:?}");
    let (_, said) = end(server).await;
    let sent = flv::read(process::source());
    assert!(got[0] == coded(&sent, AUDIO), "{} of {}: {said}", got[0].len(), coded(&sent, AUDIO).len());
    assert!(got[1] == coded(&sent, VIDEO), "{} of {}: {said}", got[1].len(), coded(&sent, VIDEO).len());
}

/// Waits until somebody listens, without connecting: ffmpeg takes one connection and no other.
async fn listening(port: u16) {
    let wanted = format!(":{port:04X} 00000000:0000 0A");
    wait::until("ffmpeg that listens", || {
        let sockets = std::fs::read_to_string("/proc/net/tcp").unwrap();
        if sockets.contains(&wanted) { Ok(()) } else { Err(sockets) }
    })
    .await;
}
