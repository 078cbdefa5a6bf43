//! Dialling: this server as the client of another one.

mod ends;
mod ffmpeg;
mod peer;
mod pull;
mod push;
mod tls;
mod ways;

use std::sync::Arc;
use std::time::Duration;

use router::ConnectionInfo;
use rtmp::dial::{self, DialSettings, End, Progress, State, Target, tls::Client as Trusting};
use rtmp_proto::MessageType;
use rtmp_proto::client::Url;
use tokio::task::JoinHandle;

use crate::client::Client;
use crate::process::PATIENCE;
use crate::server::Server;
use crate::wait;

const SHORT: Duration = Duration::from_millis(300);

fn target(url: &str) -> Target {
    Target { url: Url::parse(url).unwrap(), tls: Trusting::default(), settings: DialSettings::default() }
}

/// A pull or push that runs.
struct Dial {
    progress: Arc<Progress>,
    task: JoinHandle<End>,
}

impl Drop for Dial {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Dial {
    /// Pulls into `live/NAME` of `server`.
    async fn pull(target: Target, server: &Server, name: &'static str) -> Dial {
        let connection = local(server).await;
        let progress = Arc::new(Progress::default());
        let seen = Arc::clone(&progress);
        let task = tokio::spawn(async move { dial::pull(&target, &connection, name, &seen).await });
        Dial { progress, task }
    }

    /// Pushes `live/NAME` of `server`, once there is one.
    async fn push(target: Target, server: &Server, name: &'static str) -> Dial {
        let connection = local(server).await;
        let progress = Arc::new(Progress::default());
        let seen = Arc::clone(&progress);
        let task = tokio::spawn(async move {
            let mut subscription = connection.play(name, -2000, -1).await.unwrap();
            dial::push(&target, &mut subscription, &seen).await
        });
        Dial { progress, task }
    }

    async fn end(mut self) -> End {
        tokio::time::timeout(PATIENCE, &mut self.task).await.expect("the dial must end").unwrap()
    }

    /// Waits until the progress says so.
    async fn until(&self, what: &str, is: impl Fn(&Progress) -> bool) {
        wait::until(what, || {
            let so = is(&self.progress);
            assert!(so || !self.task.is_finished(), "ended before: {what}");
            if so { Ok(()) } else { Err(format!("{:?}", self.progress.snapshot())) }
        })
        .await;
    }

    async fn live(&self) {
        self.until("live", |p| p.state() == State::Live).await;
    }
}

async fn local(server: &Server) -> router::Connection {
    let id = server.router.connection_id();
    let info = ConnectionInfo { id, protocol: "rtmp".into(), app: "live".into(), ..ConnectionInfo::default() };
    server.router.connect(info).await.unwrap()
}

/// A publisher of `live/NAME` and its stream id.
async fn publisher(server: &Server, name: &str) -> (Client, u32) {
    Client::publishing(server.address, name).await
}

/// Ends a publication in order: a connection that only breaks may come back.
async fn unpublish(client: &mut Client, stream: u32) {
    let end = [rtmp_proto::amf0::Value::Null, f64::from(stream).into()];
    client.command(stream, "deleteStream", &end).await;
}

/// A player that waits for `live/NAME`.
async fn waiting_player(server: &Server, name: &str) -> Client {
    let mut player = Client::connect(server.address, "live").await;
    let stream = player.create_stream().await;
    player.play(stream, name).await;
    server.subscribers(&format!("live/{name}"), 1).await;
    player
}

const VIDEO_HEADER: &[u8] = b"\x17\0\0\0\0record";
const AUDIO_HEADER: &[u8] = b"\xaf\0\x12\x10";

/// A frame of `size` bytes that says its number; each tenth one is a key frame.
fn frame(number: u32, size: usize) -> Vec<u8> {
    let mut body = vec![0; size.max(9)];
    body[0] = if number.is_multiple_of(10) { 0x17 } else { 0x27 };
    body[1] = 1;
    body[5..9].copy_from_slice(&number.to_be_bytes());
    body
}

fn number(body: &[u8]) -> u32 {
    u32::from_be_bytes(body[5..9].try_into().unwrap())
}

/// `@setDataFrame onMetaData`, headers, and frames of these numbers.
async fn send_start(client: &mut Client, stream: u32, metadata: &[u8], frames: std::ops::Range<u32>) {
    client.media(stream, MessageType::DATA, 0, &[b"\x02\0\x0d@setDataFrame", metadata].concat()).await;
    client.media(stream, MessageType::VIDEO, 0, VIDEO_HEADER).await;
    client.media(stream, MessageType::AUDIO, 0, AUDIO_HEADER).await;
    for n in frames {
        client.media(stream, MessageType::VIDEO, n * 40, &frame(n, 3000)).await;
    }
}

/// `onMetaData` with one field.
const METADATA: &[u8] = b"\x02\0\x0aonMetaData\x08\0\0\0\x01\0\x05width\0\x40\x94\0\0\0\0\0\0\0\0\x09";
