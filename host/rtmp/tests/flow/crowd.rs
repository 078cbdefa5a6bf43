//! Many players of one stream.

use std::sync::Arc;
use std::time::Duration;

use crate::client::{Client, code_of};
use crate::server::Server;
use rtmp::{ConnectionSettings, ListenSettings};
use rtmp_proto::MessageType;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// A publisher that numbers its frames: a key frame each ten, sound between the pictures.
struct Source {
    client: Client,
    stream: u32,
    next: u32,
    size: usize,
}

impl Source {
    async fn new(server: &Server, name: &str, size: usize) -> Source {
        let (client, stream) = Client::publishing(server.address, name).await;
        Source { client, stream, next: 0, size }
    }

    async fn send(&mut self, frames: u32) {
        for n in self.next..self.next + frames {
            let (kind, mut body) = match n % 10 {
                0 => (MessageType::VIDEO, vec![0x17, 1, 0, 0, 0]),
                2 | 5 => (MessageType::AUDIO, vec![0xaf, 1]),
                _ => (MessageType::VIDEO, vec![0x27, 1, 0, 0, 0]),
            };
            body.extend(n.to_be_bytes());
            body.resize(self.size + n as usize % 7, n as u8);
            self.client.media(self.stream, kind, n * 20, &body).await;
        }
        self.next += frames;
    }

    /// Sends what lets the players know that all has come, however much that is.
    async fn end(mut self) {
        self.send(1).await;
        self.client
            .command(self.stream, "deleteStream", &[rtmp_proto::amf0::Value::Null, f64::from(self.stream).into()])
            .await;
    }
}

/// Publishes more than sockets hold, until the only player, which does not read, is closed for it.
pub async fn publishes_until_the_player_is_closed(server: &Server, publisher: &mut Client, stream: u32) {
    let body = [&[0x17, 1, 0, 0, 0], &[7; 200_000][..]].concat();
    let mut time = 1000;
    while server.counters().open == 2 {
        publisher.media(stream, MessageType::VIDEO, time, &body).await;
        publisher.ping().await;
        time += 40;
    }
    assert_eq!(server.counters().misbehaved, 1);
}

/// The number of a frame, if the rest of it is as its publisher made it.
fn number(kind: MessageType, payload: &[u8], size: usize) -> u32 {
    let head = if kind == MessageType::AUDIO { 2 } else { 5 };
    let n = u32::from_be_bytes(payload[head..head + 4].try_into().unwrap());
    assert_eq!(payload.len(), size + n as usize % 7, "frame {n}");
    assert!(payload[head + 4..].iter().all(|b| *b == n as u8), "frame {n} is damaged");
    n
}

async fn player(server: &Server, name: &str) -> (Client, u32) {
    let mut client = Client::connect(server.address, "live").await;
    let stream = client.create_stream().await;
    client.play(stream, name).await;
    (client, stream)
}

/// Numbers of all frames until the stream ends.
async fn watch(client: Client, size: usize) -> Vec<u32> {
    watch_and_count(client, size, Arc::new(Semaphore::new(0))).await
}

async fn watch_and_count(mut client: Client, size: usize, all: Arc<Semaphore>) -> Vec<u32> {
    let mut got = Vec::new();
    loop {
        let message = client.next().await.expect("the server keeps the player");
        match message.kind {
            MessageType::AUDIO | MessageType::VIDEO => {
                got.push(number(message.kind, &message.payload, size));
                all.add_permits(1);
            }
            MessageType::COMMAND => {
                let values = rtmp_proto::amf0::decode_all(&message.payload, &rtmp_proto::Limits::default()).unwrap();
                if code_of(&values).as_deref() == Some("NetStream.Play.UnpublishNotify") {
                    return got;
                }
            }
            _ => {}
        }
    }
}

/// More than one crowd of them, most riding, some just come.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn every_player_of_a_large_crowd_gets_every_frame_once() {
    let server = Server::start().await;
    let mut watching = JoinSet::new();
    for _ in 0..200 {
        let (client, _) = player(&server, "crowd").await;
        watching.spawn(watch(client, 900));
    }
    server.subscribers("live/crowd", 200).await;
    let mut source = Source::new(&server, "crowd", 900).await;
    source.send(100).await;
    source.client.ping().await;
    for _ in 0..40 {
        let (client, _) = player(&server, "crowd").await;
        watching.spawn(watch(client, 900));
        source.send(3).await;
    }
    server.subscribers("live/crowd", 240).await;
    source.end().await;
    let mut late = 0;
    while let Some(got) = watching.join_next().await {
        let got = got.unwrap();
        let first = got[0];
        assert!(first == 0 || (first >= 90 && first % 10 == 0), "starts at {first}");
        late += usize::from(first > 0);
        assert_eq!(got, (first..=220).collect::<Vec<_>>());
    }
    assert_eq!(late, 40);
    assert_eq!(server.counters().panics, 0);
}

/// Players that stop reading cost the others nothing, and go on at a key frame if they come back too late.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn those_who_stop_reading_do_not_hold_up_the_others() {
    const SIZE: usize = 30_000;
    const ROUNDS: u32 = 30;
    let patient = ConnectionSettings { write_timeout: Duration::from_secs(60), ..ConnectionSettings::default() };
    let settings = ListenSettings { connection: patient, ..ListenSettings::default() };
    let server = Server::start_with(settings, |app| app.gop_cache.bytes = 2 << 20).await;
    let got_by_all = Arc::new(Semaphore::new(0));
    let mut slow = Vec::new();
    let mut watching = JoinSet::new();
    for n in 0..50 {
        let (client, _) = player(&server, "slow").await;
        if n % 10 == 3 {
            slow.push(client);
        } else {
            watching.spawn(watch_and_count(client, SIZE, got_by_all.clone()));
        }
    }
    server.subscribers("live/slow", 50).await;
    let mut source = Source::new(&server, "slow", SIZE).await;
    for _ in 0..ROUNDS {
        source.send(10).await;
        // The ring is small on purpose: nobody who reads may fall out of it.
        got_by_all.acquire_many(10 * 45).await.unwrap().forget();
    }
    for client in slow {
        watching.spawn(watch(client, SIZE));
    }
    source.end().await;
    let mut whole = 0;
    while let Some(got) = watching.join_next().await {
        let got = got.unwrap();
        assert_eq!(got[0], 0);
        assert_eq!(got.last(), Some(&(10 * ROUNDS)));
        for pair in got.windows(2) {
            assert!(pair[1] == pair[0] + 1 || (pair[1] > pair[0] && pair[1] % 10 == 0), "{pair:?}");
        }
        whole += usize::from(got.len() == 10 * ROUNDS as usize + 1);
    }
    assert_eq!(whole, 45, "who reads misses nothing, who does not misses something");
}

/// Answers go between the messages of a ride, never into one.
#[tokio::test(flavor = "multi_thread")]
async fn a_player_that_keeps_talking_gets_its_answers_between_whole_frames() {
    const SIZE: usize = 100_000;
    let server = Server::start().await;
    let (mut client, stream) = player(&server, "talk").await;
    server.subscribers("live/talk", 1).await;
    let mut source = Source::new(&server, "talk", SIZE).await;
    let sending = tokio::spawn(async move {
        source.send(200).await;
        source.end().await;
    });
    let (mut expected, mut answers) = (0, 0);
    while expected <= 200 {
        let message = client.next().await.unwrap();
        match message.kind {
            MessageType::AUDIO | MessageType::VIDEO => {
                assert_eq!(number(message.kind, &message.payload, SIZE), expected);
                expected += 1;
                client.send(2, 0, MessageType::USER_CONTROL, 0, &[0, 6, 0, 0, 0, expected as u8]).await;
                if expected % 20 == 0 {
                    let pass = [rtmp_proto::amf0::Value::Null, true.into()];
                    client.command(stream, "receiveAudio", &pass).await;
                }
            }
            MessageType::USER_CONTROL if message.payload[..2] == [0, 7] => answers += 1,
            _ => {}
        }
    }
    sending.await.unwrap();
    client.ping().await;
    assert!(answers > 0);
}

/// Everyone leaves in the middle of it; who comes then is served as the first were.
#[tokio::test(flavor = "multi_thread")]
async fn a_crowd_that_is_gone_leaves_nothing_behind() {
    let server = Server::start().await;
    let mut source = Source::new(&server, "gone", 500).await;
    source.send(1).await;
    for _ in 0..3 {
        let mut clients = Vec::new();
        for _ in 0..70 {
            let (mut client, _) = player(&server, "gone").await;
            client.next_media().await;
            clients.push(client);
        }
        source.send(20).await;
        drop(clients);
        server.counted("all but the source are gone", |c| c.open == 1).await;
        server.subscribers("live/gone", 0).await;
        source.send(20).await;
    }
    let (client, _) = player(&server, "gone").await;
    server.subscribers("live/gone", 1).await;
    let watching = tokio::spawn(watch(client, 500));
    source.send(5).await;
    source.end().await;
    let got = watching.await.unwrap();
    assert_eq!(got, (120..=126).collect::<Vec<_>>());
}

/// The publisher goes and comes back under players that ride.
#[tokio::test(flavor = "multi_thread")]
async fn players_that_stay_ride_with_the_next_publisher() {
    let server = Server::start().await;
    let (mut client, _) = player(&server, "next").await;
    server.subscribers("live/next", 1).await;
    for round in 0..3 {
        let mut source = Source::new(&server, "next", 500).await;
        source.send(15).await;
        source.end().await;
        for n in 0..16 {
            let message = client.next_media().await;
            assert_eq!(number(message.kind, &message.payload, 500), n, "round {round}");
        }
        client.status("NetStream.Play.UnpublishNotify").await;
        server.gone("live/next").await;
    }
}
