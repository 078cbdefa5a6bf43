//! What a player gets when it joins, and what the router does when nobody does.

use std::time::{Duration, Instant};

use weir_tests::flow::{player, publisher, receive, send, tags};
use weir_tests::flv::{AUDIO, DATA, Tag, VIDEO};
use weir_tests::router::Router;
use weir_tests::rtmp::Client;
use weir_tests::rtmp::amf::Value;
use weir_tests::{numbered, wait};

/// How often a router without streams may be woken in five seconds.
const WAKEUPS: u64 = 5;

fn metadata(width: f64) -> Tag {
    let mut body = Vec::new();
    Value::text("onMetaData").encode(&mut body);
    Value::object(&[("width", Value::Number(width)), ("encoder", Value::text("test"))]).encode(&mut body);
    Tag { kind: DATA, time_ms: 0, body }
}

#[test]
fn a_joiner_gets_the_whole_gop_at_once() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[metadata(320.0), numbered::header(), numbered::audio_header()]);
    let last = numbered::GOP * 2 - 1;
    for n in 0..=last {
        send(&mut source, &[numbered::video(n, 1000), numbered::audio(n)]);
    }
    // Who has been served the last frame knows that the router has taken in all of them.
    let mut witness = player(&router, "live", "cam");
    receive(&mut witness, "last frame", |m| m.kind == AUDIO && numbered::number(&m.tag()) == Some(last));

    // The publisher is silent from here on: all that comes is from the GOP cache.
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    viewer.play("cam").expect("a connection");
    receive(&mut viewer, "Play.Start", |m| m.status().is_some_and(|s| s.code == "NetStream.Play.Start"));
    let started = Instant::now();
    let mut first = None;
    let seen = receive(&mut viewer, "last frame", |m| {
        if m.tag().is_key() {
            first.get_or_insert(started.elapsed());
        }
        m.kind == AUDIO && numbered::number(&m.tag()) == Some(last)
    });
    eprintln!(
        "first key frame {:?} and the whole GOP {:?} after Play.Start",
        first.expect("a key frame"),
        started.elapsed()
    );

    let seen = tags(&seen);
    let key = seen.iter().position(Tag::is_key).expect("a key frame");
    assert_eq!(numbered::number(&seen[key]), Some(numbered::GOP), "the newest key frame comes first");
    let before = &seen[..key];
    assert!(before.iter().any(|t| t.body == metadata(320.0).body), "no onMetaData before the key frame: {before:?}");
    for header in [numbered::header(), numbered::audio_header()] {
        assert!(before.iter().any(|t| t.body == header.body), "no sequence header before the key frame: {before:?}");
    }
    let numbers = |kind| -> Vec<u64> { seen.iter().filter(|t| t.kind == kind).filter_map(numbered::number).collect() };
    assert_eq!(numbers(VIDEO), (numbered::GOP..=last).collect::<Vec<_>>());
    assert_eq!(numbers(AUDIO), (numbered::GOP..=last).collect::<Vec<_>>());
}

#[test]
fn headers_that_changed_come_as_they_were_at_the_gops_start() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    let mut other = numbered::header();
    other.body[7] = 0xe0;
    send(&mut source, &[metadata(320.0), numbered::header(), numbered::video(0, 100), metadata(640.0), other.clone()]);
    send(&mut source, &[numbered::video(numbered::GOP, 100), numbered::video(numbered::GOP + 1, 100)]);
    let mut witness = player(&router, "live", "cam");
    let last = Some(numbered::GOP + 1);
    receive(&mut witness, "last frame", |m| numbered::number(&m.tag()) == last);
    let mut viewer = player(&router, "live", "cam");
    let seen = tags(&receive(&mut viewer, "last frame", |m| numbered::number(&m.tag()) == last));
    let headers: Vec<_> = seen.iter().filter(|t| t.is_header()).collect();
    assert_eq!(headers.len(), 1, "{seen:?}");
    assert_eq!(headers[0].body, other.body);
    let data: Vec<_> = seen.iter().filter(|t| t.kind == DATA && t.body == metadata(640.0).body).collect();
    assert_eq!(data.len(), 1, "{seen:?}");
}

#[test]
fn a_stream_without_video_is_joined_at_its_newest_sound() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "radio");
    send(&mut source, &[numbered::audio_header(), numbered::audio(0), numbered::audio(1)]);
    let mut viewer = player(&router, "live", "radio");
    send(&mut source, &[numbered::audio(2)]);
    let seen = tags(&receive(&mut viewer, "sound", |m| numbered::number(&m.tag()) == Some(2)));
    let sounds: Vec<_> = seen.iter().filter(|t| t.kind == AUDIO).collect();
    assert!(sounds[0].is_header(), "{seen:?}");
}

#[test]
fn a_router_without_streams_does_nothing() {
    let router = Router::start("[apps.live]");
    // One connection has come and gone, so that everything has been started that will be.
    drop(publisher(&router, "live", "cam"));
    let idle = Client::connect(router.address, "live").expect("connected");
    // What follows the connections comes to rest; what wakes up by itself never does.
    wait::until_some("five seconds in which it does nothing", || {
        let woken = wait::growth(Duration::from_secs(5), || router.process.wakeups());
        eprintln!("woken {woken} times in 5 s");
        if woken <= WAKEUPS { Ok(()) } else { Err(format!("it was woken {woken} times")) }
    });
    drop(idle);
}
