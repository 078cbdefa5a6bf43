//! Viewers with filters of their own who do not take everything: they fall behind, or do not want pictures.

use std::time::Instant;

use weir_tests::PATIENCE;
use weir_tests::flow::{player, publisher, receive, send, tags, unpublish};
use weir_tests::flv::{Tag, VIDEO};
use weir_tests::numbered::{self, GOP};
use weir_tests::router::Router;
use weir_tests::rtmp::{Client, Message, amf::Value};

use super::{clip_of, ended, marked, rest, with};

#[test]
fn who_falls_behind_goes_on_at_a_key_frame_and_its_filter_with_it() {
    let lag = "gop_cache = { bytes = \"256MiB\", frames = 20000, time = \"5m\", lag = \"4s\" }";
    let tables = with("media", "mode = \"mark-viewer\"", "").replace(weir_tests::router::PATIENT, lag);
    let router = Router::start(&tables);
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &clip_of(1));
    let mut viewer = player(&router, "live", "cam?viewer=slow");
    receive(&mut viewer, "the first picture", |m| m.tag().is_picture());
    // Far more than sockets hold, and far more than four seconds; nobody reads.
    let frames = 400;
    for number in 1..frames {
        send(&mut source, &[numbered::video(number, 100_000)]);
    }
    // When somebody else has all of it, the stream has it.
    let mut other = player(&router, "live", "cam?viewer=other");
    receive(&mut other, "the newest picture", |m| numbered::number(&m.tag()) == Some(frames - 1));
    let (mut numbers, deadline) = (Vec::new(), Instant::now() + PATIENCE);
    while numbers.last() != Some(&(frames - 1)) {
        assert!(Instant::now() < deadline, "{numbers:?}");
        let tag: Tag = receive(&mut viewer, "a picture", |m| m.tag().is_picture()).pop().expect("a picture").tag();
        let (mark, _) = marked(&tag).expect("a mark in every picture, behind the gap as well");
        assert!(mark.starts_with("viewer slow "), "{mark}");
        numbers.extend(numbered::number(&tag));
    }
    unpublish(&mut source, "cam");
    receive(&mut viewer, "the end", ended);
    drop(viewer);
    let gaps: Vec<_> = numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1).collect();
    assert!(!gaps.is_empty() && gaps.iter().all(|gap| gap[1] > gap[0] && gap[1] % GOP == 0), "{gaps:?}");
    let end = router.process.line("its end", |l| l.contains("played") && !l.contains(" jumps=0 "));
    assert!(end.contains(" too_slow=false"), "{end}");
}

/// Tells the router whether the player wants pictures, and waits until it knows.
fn wants_video(viewer: &mut Client, wants: bool) {
    let stream = viewer.stream_id;
    viewer.command(stream, "receiveVideo", 0.0, &[Value::Null, Value::Bool(wants)]).expect("a connection");
    viewer.call("createStream", &[Value::Null]).expect("a connection").expect("a stream");
}

#[test]
fn who_wants_no_pictures_gets_none_and_then_all_from_a_key_frame_on() {
    let router = Router::start(&with("media", "mode = \"mark-viewer\"", ""));
    let sent = clip_of(90);
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &sent[..12]);
    let mut viewer = player(&router, "live", "cam?viewer=a");
    receive(&mut viewer, "the newest picture", |m| numbered::number(&m.tag()) == Some(4) && m.kind == VIDEO);
    wants_video(&mut viewer, false);
    send(&mut source, &sent[12..72]);
    let sound = |m: &Message| m.kind != VIDEO && numbered::number(&m.tag()) == Some(34);
    let without = tags(&receive(&mut viewer, "sound of frame 34", sound));
    assert!(without.iter().all(|t| t.kind != VIDEO), "{without:?}");
    wants_video(&mut viewer, true);
    send(&mut source, &sent[72..]);
    unpublish(&mut source, "cam");
    let seen = rest(&mut viewer);
    let pictures: Vec<&Tag> = seen.iter().filter(|t| t.kind == VIDEO && !t.is_header()).collect();
    let numbers: Vec<_> = pictures.iter().filter_map(|t| numbered::number(t)).collect();
    assert_eq!(numbers, (50..90).collect::<Vec<_>>());
    assert!(pictures.iter().all(|t| marked(t).is_some_and(|(mark, _)| mark.starts_with("viewer a "))));
    let sounds: Vec<_> = seen.iter().filter(|t| t.kind != VIDEO).filter_map(numbered::number).collect();
    assert_eq!(sounds, (35..90).collect::<Vec<_>>());
}
