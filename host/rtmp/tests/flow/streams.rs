//! Streams through real sockets, with ffmpeg and rtmpdump at both ends.

use std::time::Duration;

use crate::client::{Client, code_of};
use crate::flv::{self, AUDIO, VIDEO};
use crate::process::{self, end, play_ffmpeg, play_rtmpdump, publish};
use crate::server::Server;
use router::Flush;
use rtmp::{ConnectionSettings, ListenSettings};
use rtmp_proto::MessageType;

#[tokio::test(flavor = "multi_thread")]
async fn ffmpeg_publishes_and_every_player_gets_the_same_bytes() {
    let server = Server::start().await;
    let source = flv::read(process::source());
    let url = server.url("live/bytes");
    let (by_ffmpeg, by_rtmpdump) = (process::fresh("ffmpeg.flv"), process::fresh("rtmpdump.flv"));
    // The players come first: they wait, and then get the stream from its first byte.
    let players = [play_ffmpeg(&url, &by_ffmpeg), play_rtmpdump(&url, &by_rtmpdump)];
    server.subscribers("live/bytes", 2).await;
    end_well(publish(process::source(), &url, false)).await;
    for player in players {
        end(player).await;
    }
    for file in [&by_ffmpeg, &by_rtmpdump] {
        let played = flv::read(file);
        for kind in [AUDIO, VIDEO] {
            let (mut want, got) = (flv::bodies(&source, kind), flv::bodies(&played, kind));
            if file == &by_rtmpdump && kind == VIDEO {
                // librtmp passes over video messages of five bytes, which the end of sequence is.
                want.retain(|body| body.len() > 5);
            }
            assert_eq!(got.len(), want.len(), "{}: messages of kind {kind}", file.display());
            assert!(got == want, "{}: bodies of kind {kind} differ", file.display());
        }
    }
    // rtmpdump writes what it gets: the distance of audio and video is the publisher's.
    let played = flv::read(&by_rtmpdump);
    let first = |tags: &[flv::Tag], kind| tags.iter().find(|t| t.kind == kind).unwrap().timestamp as i64;
    let offset = |tags: &[flv::Tag]| first(tags, AUDIO) - first(tags, VIDEO);
    assert_eq!(offset(&played), offset(&source));
    assert_eq!(server.counters().panics, 0);
}

/// What a client's system still has to send when the client is gone is not cut short by anything that we say.
#[tokio::test(flavor = "multi_thread")]
async fn a_burst_arrives_whole_though_its_sender_closes_behind_it() {
    const FRAMES: u64 = 3000;
    let server = Server::start().await;
    let (mut client, stream) = Client::publishing(server.address, "burst").await;
    let before = server.counters().messages_in;
    let frame = [b"\x27\x01\x00\x00\x00".as_slice(), &[9; 10_000]].concat();
    for time in 0..FRAMES {
        client.media(stream, MessageType::VIDEO, time as u32, &frame).await;
        client.pass_over_what_came();
    }
    drop(client);
    server.gone("live/burst").await;
    server.counted("all frames", |c| c.messages_in >= before + FRAMES).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_joiner_starts_at_a_key_frame_behind_metadata_and_headers() {
    let at_once = |app: &mut router::App| app.reconnect_window = Duration::ZERO;
    let server = Server::start_with(ListenSettings::default(), at_once).await;
    let url = server.url("live/join");
    let mut publisher = publish(process::source(), &url, true);
    server.live("live/join").await;
    server.gop("live/join").await;
    let mut player = Client::connect(server.address, "live").await;
    let stream = player.create_stream().await;
    player.play(stream, "join").await;
    let start = player.status("NetStream.Play.Start").await;
    assert_eq!(code_of(&start).as_deref(), Some("NetStream.Play.Start"));
    let mut kinds = Vec::new();
    let first_frame = loop {
        let message = player.next().await.unwrap();
        match message.kind {
            MessageType::DATA => {
                let name = rtmp::data::decode(&message.payload).unwrap().name;
                kinds.push(name);
            }
            MessageType::AUDIO | MessageType::VIDEO => {
                assert_eq!(message.stream.0, stream);
                if message.payload[1] == 0 {
                    kinds.push(format!("header {}", message.kind.0));
                } else {
                    break message;
                }
            }
            _ => {}
        }
    };
    kinds.sort();
    assert_eq!(kinds, ["header 8", "header 9", "onMetaData"]);
    assert_eq!(first_frame.kind, MessageType::VIDEO);
    assert_eq!(first_frame.payload[0] >> 4, 1, "the first frame is a key frame");
    publisher.kill();
    player.status("NetStream.Play.UnpublishNotify").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_publisher_is_refused_and_the_first_goes_on() {
    let server = Server::start().await;
    let (mut first, stream) = Client::publishing(server.address, "taken").await;
    let mut second = Client::connect(server.address, "live").await;
    let other = second.create_stream().await;
    second.publish(other, "taken").await;
    let refusal = second.status("NetStream.Publish.BadName").await;
    assert_eq!(refusal[3].field("level").unwrap().text().unwrap().to_string(), "error");
    let (ok, said) = end(publish(process::source(), &server.url("live/taken"), false)).await;
    assert!(!ok, "ffmpeg must see the refusal");
    assert!(said.contains("publisher already"), "ffmpeg shows the reason: {said}");
    let (mut player, _) = Client::playing(server.address, "taken").await;
    first.media(stream, MessageType::AUDIO, 0, b"\x2f still here").await;
    assert_eq!(&player.next_media().await.payload[..], b"\x2f still here");
    assert_eq!(server.counters().denied, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_stops_and_publishes_again() {
    let server = Server::start().await;
    let mut client = Client::connect(server.address, "live").await;
    for round in 0..3 {
        let stream = client.create_stream().await;
        client.publish(stream, "again").await;
        client.status("NetStream.Publish.Start").await;
        server.live("live/again").await;
        client.media(stream, MessageType::AUDIO, round, b"\x2f sound").await;
        client.command(stream, "deleteStream", &[rtmp_proto::amf0::Value::Null, f64::from(stream).into()]).await;
        server.gone("live/again").await;
    }
    let stream = client.create_stream().await;
    client.publish(stream, "again").await;
    client.status("NetStream.Publish.Start").await;
    client.command(stream, "closeStream", &[rtmp_proto::amf0::Value::Null]).await;
    server.gone("live/again").await;
    client.publish(stream, "again").await;
    client.status("NetStream.Publish.Start").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_that_stops_and_starts_keeps_its_players() {
    let server = Server::start().await;
    let mut player = Client::connect(server.address, "live").await;
    let playing = player.create_stream().await;
    player.play(playing, "back").await;
    let mut last = None;
    for round in 0u8..3 {
        let (mut publisher, stream) = Client::publishing(server.address, "back").await;
        send_start(&mut publisher, stream, round).await;
        let first = if round == 0 { "NetStream.Play.Start" } else { "NetStream.Play.PublishNotify" };
        player.status(first).await;
        last = get_start(&mut player, round, last).await;
        let end = [rtmp_proto::amf0::Value::Null, f64::from(stream).into()];
        publisher.command(stream, "deleteStream", &end).await;
        player.status("NetStream.Play.UnpublishNotify").await;
        // Stream EOF (user control event 1) with the player's stream.
        let eof = player.next().await.unwrap();
        assert_eq!(eof.kind, MessageType::USER_CONTROL);
        assert_eq!(eof.payload[..2], [0, 1]);
        assert_eq!(eof.payload[2..], playing.to_be_bytes());
    }
}

/// A header of its own and a key frame.
async fn send_start(publisher: &mut Client, stream: u32, round: u8) {
    let header = [0x17, 0, 0, 0, 0, 1, 66, 0, 30, 0xff, 0xe0, 0, round];
    publisher.media(stream, MessageType::VIDEO, 0, &header).await;
    publisher.media(stream, MessageType::VIDEO, 10, &[0x17, 1, 0, 0, 0, 0, 0, 0, 1, 0x65]).await;
}

/// Both as a player gets them, later than `last`.
async fn get_start(player: &mut Client, round: u8, last: Option<u32>) -> Option<u32> {
    let got = player.next_media().await;
    assert_eq!((got.payload[1], got.payload[got.payload.len() - 1]), (0, round), "new headers come first");
    let got = player.next_media().await;
    assert_eq!(got.payload[1], 1);
    assert!(last < Some(got.timestamp), "time goes on: {last:?}, {}", got.timestamp);
    Some(got.timestamp)
}

/// However the connection ends without an unpublish: the player sees one stream.
#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_that_is_lost_and_comes_back_is_the_same_to_its_players() {
    let connection = ConnectionSettings { idle_timeout: Duration::from_millis(500), ..Default::default() };
    let server = Server::start_for(connection).await;
    let mut player = Client::connect(server.address, "live").await;
    let playing = player.create_stream().await;
    player.play(playing, "lost").await;
    server.subscribers("live/lost", 1).await;
    let mut last = None;
    let mut half_open = Vec::new();
    for round in 0u8..4 {
        let (mut publisher, stream) = Client::publishing(server.address, "lost").await;
        send_start(&mut publisher, stream, round).await;
        if round == 0 {
            player.status("NetStream.Play.Start").await;
        }
        let mut said = Vec::new();
        let header = loop {
            let got = player.next().await.expect("the player stays");
            match got.kind {
                MessageType::VIDEO => break got,
                // Pings, which ask whether the player is there.
                MessageType::USER_CONTROL if got.payload[..2] == [0, 6] => {}
                // What belongs to the start of the play.
                _ if round == 0 => {}
                _ => said.push(got),
            }
        };
        assert!(said.is_empty(), "nothing is said of it: {said:?}");
        assert_eq!(header.payload[header.payload.len() - 1], round, "new headers come first");
        let got = player.next_media().await;
        assert_eq!(got.payload[1], 1);
        assert!(last < Some(got.timestamp), "time goes on: {last:?}, {}", got.timestamp);
        last = Some(got.timestamp);
        match round {
            // FIN.
            0 => drop(publisher),
            // RST, in the middle of a chunk.
            1 => {
                use tokio::io::AsyncWriteExt;
                let half = [6, 0, 0, 0, 0xff, 0xff, 0, 9, 1, 0, 0, 0, 1, 2, 3];
                publisher.stream.write_all(&half).await.unwrap();
                publisher.stream.set_zero_linger().unwrap();
                drop(publisher);
            }
            // Silence: the link is half open until the idle timeout.
            _ => half_open.push(publisher),
        }
        server.gone("live/lost").await;
    }
    assert_eq!(server.counters().panics, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn players_of_a_publisher_that_does_not_come_back_are_told_after_the_window() {
    let window = Duration::from_millis(300);
    let server = Server::start_with(ListenSettings::default(), |app| app.reconnect_window = window).await;
    let mut player = Client::connect(server.address, "live").await;
    let playing = player.create_stream().await;
    player.play(playing, "away").await;
    for round in 0u8..2 {
        let (mut publisher, stream) = Client::publishing(server.address, "away").await;
        send_start(&mut publisher, stream, round).await;
        let first = if round == 0 { "NetStream.Play.Start" } else { "NetStream.Play.PublishNotify" };
        player.status(first).await;
        get_start(&mut player, round, None).await;
        let gone = std::time::Instant::now();
        drop(publisher);
        player.status("NetStream.Play.UnpublishNotify").await;
        assert!(gone.elapsed() >= window, "{:?}", gone.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_publishes_and_plays_several_streams() {
    let server = Server::start().await;
    let mut client = Client::connect(server.address, "live").await;
    let mut ends = Vec::new();
    for name in ["a", "b"] {
        let stream = client.create_stream().await;
        client.publish(stream, name).await;
        client.status("NetStream.Publish.Start").await;
        ends.push(stream);
    }
    let mut players = Vec::new();
    for name in ["a", "b"] {
        let stream = client.create_stream().await;
        client.play(stream, name).await;
        client.status("NetStream.Play.Start").await;
        players.push(stream);
    }
    // Sound alone starts at the newest frame: the first message of each shows that its player has started.
    for (i, &stream) in ends.iter().enumerate() {
        client.media(stream, MessageType::AUDIO, 0, &[0x2f, 1, i as u8]).await;
        assert_eq!(client.next_media().await.stream.0, players[i]);
    }
    for round in 0..20u32 {
        for (i, &stream) in ends.iter().enumerate() {
            client.media(stream, MessageType::AUDIO, 10 + round * 10, &[0x2f, 1, i as u8, round as u8]).await;
        }
    }
    let mut got = [Vec::new(), Vec::new()];
    while got.iter().map(Vec::len).sum::<usize>() < 40 {
        let message = client.next_media().await;
        let of = players.iter().position(|p| *p == message.stream.0).expect("a stream that plays");
        assert_eq!(usize::from(message.payload[2]), of, "no stream gets the other's messages");
        got[of].push(message.payload[3]);
    }
    let want: Vec<u8> = (0..20).collect();
    assert_eq!(got, [want.clone(), want]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_play_without_a_publisher_waits_is_answered_meanwhile_and_ends_by_the_clock() {
    let server = Server::start_with(ListenSettings::default(), |app| app.play_wait = Duration::from_millis(700)).await;
    let mut client = Client::connect(server.address, "live").await;
    let stream = client.create_stream().await;
    client.play(stream, "nobody").await;
    server.subscribers("live/nobody", 1).await;
    // Ping Request (user control event 6): answered with its four bytes although the play is not.
    client.send(2, 0, MessageType::USER_CONTROL, 0, &[0, 6, 1, 2, 3, 4]).await;
    loop {
        let message = client.next().await.unwrap();
        if message.kind == MessageType::USER_CONTROL && message.payload[..2] == [0, 7] {
            assert_eq!(message.payload[2..], [1, 2, 3, 4]);
            break;
        }
    }
    client.status("NetStream.Play.StreamNotFound").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pause_and_receive_commands_hold_media_back_until_a_key_frame() {
    use rtmp_proto::amf0::Value;
    const KEY: [u8; 6] = [0x17, 1, 0, 0, 0, 1];
    const INTER: [u8; 6] = [0x27, 1, 0, 0, 0, 2];
    const SOUND: [u8; 3] = [0x2f, 1, 3];
    // What was pushed has been offered when the publisher has its answer.
    let server = Server::start_with(ListenSettings::default(), |app| app.flush = Flush::Immediate).await;
    let (mut publisher, from) = Client::publishing(server.address, "held").await;
    publisher.media(from, MessageType::VIDEO, 0, &KEY).await;
    let mut player = Client::connect(server.address, "live").await;
    let stream = player.create_stream().await;
    player.play(stream, "held").await;
    assert_eq!(player.next_media().await.payload[..], KEY);

    player.command(stream, "receiveVideo", &[Value::Null, false.into()]).await;
    player.command(stream, "pause", &[Value::Null, true.into(), 0.0.into()]).await;
    player.status("NetStream.Pause.Notify").await;
    for (kind, body) in [(MessageType::VIDEO, &KEY[..]), (MessageType::AUDIO, &SOUND[..])] {
        publisher.media(from, kind, 10, body).await;
    }
    // What was published so far has been offered to the player, and was not wanted.
    publisher.ping().await;
    player.ping().await;
    player.command(stream, "pause", &[Value::Null, false.into(), 0.0.into()]).await;
    player.status("NetStream.Unpause.Notify").await;
    publisher.media(from, MessageType::VIDEO, 20, &KEY).await;
    publisher.media(from, MessageType::AUDIO, 21, &SOUND).await;
    let got = player.next_media().await;
    assert_eq!(got.payload[..], SOUND, "video is off, sound is on");
    assert_eq!(got.timestamp, 21, "the sound of the pause does not come");
    player.command(stream, "receiveVideo", &[Value::Null, true.into()]).await;
    player.ping().await;
    publisher.media(from, MessageType::VIDEO, 30, &INTER).await;
    publisher.media(from, MessageType::VIDEO, 40, &KEY).await;
    publisher.media(from, MessageType::VIDEO, 50, &INTER).await;
    let video = loop {
        let got = player.next_media().await;
        if got.kind == MessageType::VIDEO {
            break got;
        }
    };
    assert_eq!(video.payload[..], KEY, "video goes on with a key frame");
    assert_eq!(player.next_media().await.payload[..], INTER);
}

async fn end_well(child: process::Running) {
    let (ok, said) = end(child).await;
    assert!(ok, "{said}");
}
