//! H.265 as codec id 12 and as hvc1, whatever the publisher sends and the player knows.

use weir_tests::clip;
use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{ended, publisher, receive, send, tags, unpublish};
use weir_tests::flv::{self, DATA, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router};
use weir_tests::rtmp::{Client, amf, amf::Value};

/// The clip as an encoder of codec id 12 would send it; written here once more, so that it is no mirror of the router.
fn legacy(tag: &Tag) -> Option<Tag> {
    let body = match (tag.kind, tag.body.as_slice()) {
        (VIDEO, [0x90, b'h', b'v', b'c', b'1', record @ ..]) => [&[0x1c, 0, 0, 0, 0], record].concat(),
        (VIDEO, [first @ (0x91 | 0xa1), b'h', b'v', b'c', b'1', rest @ ..]) => {
            [&[first & 0x30 | 0x0c, 1], rest].concat()
        }
        (VIDEO, [first @ (0x93 | 0xa3), b'h', b'v', b'c', b'1', rest @ ..]) => {
            [&[first & 0x30 | 0x0c, 1, 0, 0, 0], rest].concat()
        }
        (VIDEO, [0x92, b'h', b'v', b'c', b'1']) => vec![0x1c, 2, 0, 0, 0],
        (VIDEO, [0xd4, ..]) => return None,
        (DATA, _) => return None,
        _ => tag.body.clone(),
    };
    Some(Tag { body, ..tag.clone() })
}

fn pictures(tags: &[Tag]) -> Vec<Tag> {
    tags.iter().filter(|t| t.kind == VIDEO).cloned().collect()
}

/// Composition time and codec bytes of a picture of either form.
fn timed(tag: &Tag) -> Option<(Vec<u8>, Vec<u8>)> {
    match tag.body.as_slice() {
        [0x1c | 0x2c, 1, a, b, c, rest @ ..] => Some((vec![*a, *b, *c], rest.to_vec())),
        [0x91 | 0xa1, b'h', b'v', b'c', b'1', a, b, c, rest @ ..] => Some((vec![*a, *b, *c], rest.to_vec())),
        [0x93 | 0xa3, b'h', b'v', b'c', b'1', rest @ ..] => Some((vec![0; 3], rest.to_vec())),
        _ => None,
    }
}

fn router() -> Router {
    Router::start(&format!(
        "[apps.sent]\n{PATIENT}\n[apps.old]\nhevc = \"legacy\"\n{PATIENT}\n[apps.new]\nhevc = \"enhanced\"\n{PATIENT}"
    ))
}

/// What a player of this name, with this query, gets of a stream of these tags.
fn played(router: &Router, url: [&str; 3], more: &[(&str, Value)], sent: &[Tag]) -> Vec<Tag> {
    let [app, name, query] = url;
    let mut source = publisher(router, app, name);
    let (mut viewer, _) = Client::connect_as(router.address, app, more).expect("connected");
    viewer.play(&format!("{name}{query}")).expect("a connection");
    viewer.status("NetStream.Play.Start").expect("an answer").expect("playing");
    send(&mut source, sent);
    unpublish(&mut source, name);
    tags(&receive(&mut viewer, "the end", ended))
}

#[test]
fn each_player_gets_the_form_that_is_meant_for_it() {
    let router = router();
    let mut modern: Vec<Tag> = flv::read(&clip::hevc());
    let end = Tag { kind: VIDEO, time_ms: modern.last().expect("tags").time_ms, body: b"\x92hvc1".to_vec() };
    if !modern.iter().any(|t| t.body == end.body) {
        modern.push(end);
    }
    let old: Vec<Tag> = modern.iter().filter_map(legacy).collect();
    assert!(modern.iter().filter_map(timed).any(|(cts, _)| cts != [0; 3]), "the clip has pictures out of order");
    let knows = [("fourCcList", Value::Array(vec![Value::text("av01"), Value::text("hvc1")]))];
    type Case<'a> = (&'a str, &'a str, &'a [(&'a str, Value)], &'a [Tag], bool);
    let cases: [Case<'_>; 9] = [
        ("sent", "", &[], &modern, false),
        ("sent", "", &[], &old, true),
        ("sent", "?hevc=legacy", &[], &modern, true),
        ("sent", "?token=x&hevc=enhanced", &[], &old, false),
        ("old", "", &[], &modern, true),
        ("old", "", &[], &old, true),
        ("old", "", &knows, &modern, false),
        ("new", "", &[], &old, false),
        ("new", "?hevc=as-sent", &[], &old, true),
    ];
    for (case, (app, query, more, sent, wants_old)) in cases.into_iter().enumerate() {
        // A name of its own: where a player of the one before is still about, the next publisher goes on with its timeline.
        let got = played(&router, [app, &format!("cam{case}"), query], more, sent);
        let wanted = pictures(if wants_old { &old } else { sent });
        let told = format!("{app}{query}");
        let got = pictures(&got);
        assert_eq!(got.len(), wanted.len(), "{told}");
        for (at, (a, b)) in wanted.iter().zip(&got).enumerate() {
            let old_form = b.body[0] & 0x80 == 0;
            assert_eq!(old_form, wants_old, "{told}: tag {at}: {b:?}");
            assert_eq!(timed(a), timed(b), "{told}: tag {at}: {a:?} {b:?}");
            assert_eq!(a.time_ms, b.time_ms, "{told}: tag {at}");
            if wants_old {
                assert_eq!(a.body, b.body, "{told}: tag {at}");
            }
        }
        let last = &got.last().expect("tags").body;
        assert_eq!(last[..], *if wants_old { &b"\x1c\x02\x00\x00\x00"[..] } else { b"\x92hvc1" }, "{told}");
    }
}

#[test]
fn players_of_both_forms_stand_side_by_side_and_metadata_names_theirs() {
    let router = router();
    let mut source = publisher(&router, "sent", "cam");
    let mut viewers: Vec<Client> = ["cam", "cam?hevc=legacy", "cam?hevc=legacy", "cam?hevc=enhanced"]
        .map(|name| {
            let mut viewer = Client::connect(router.address, "sent").expect("connected");
            viewer.play(name).expect("a connection");
            viewer.status("NetStream.Play.Start").expect("an answer").expect("playing");
            viewer
        })
        .into();
    let clip = flv::read(&clip::hevc());
    send(&mut source, &clip);
    unpublish(&mut source, "cam");
    for (at, viewer) in viewers.iter_mut().enumerate() {
        let old = [1, 2].contains(&at);
        let seen = receive(viewer, "the end", ended);
        let got: Vec<_> = pictures(&tags(&seen)).iter().filter_map(timed).collect();
        let wanted: Vec<_> = clip.iter().filter_map(timed).collect();
        assert!(got == wanted, "player {at}");
        assert!(seen.iter().filter(|m| m.kind == VIDEO).all(|m| (m.body[0] & 0x80 == 0) == old), "player {at}");
        let data = seen.iter().filter(|m| m.kind == DATA).map(|m| amf::decode_all(&m.body));
        let object = data.filter(|v| v[0] == Value::text("onMetaData")).find_map(|v| v.get(1).cloned());
        let codec = object.as_ref().and_then(|o| o.field("videocodecid")).and_then(Value::number);
        assert_eq!(codec, Some(if old { 12.0 } else { f64::from(u32::from_be_bytes(*b"hvc1")) }), "player {at}");
    }
}

#[test]
fn a_stock_player_shows_what_an_old_encoder_sends() {
    let router = router();
    let clip = clip::hevc();
    let sent: Vec<Tag> = flv::read(&clip).iter().filter_map(legacy).collect();
    let mut source = publisher(&router, "new", "cam");
    let key = sent.iter().position(|t| t.body.starts_with(&[0x1c, 1])).expect("a key frame");
    send(&mut source, &sent[..=key]);
    let file = router.file("shown.flv");
    let mut sink = Ffmpeg::New.record(&router.url("new/cam"), &file);
    router.process.line("player", |l| l.contains("stream=new/cam") && l.contains(": playing "));
    send(&mut source, &sent[key + 1..]);
    unpublish(&mut source, "cam");
    sink.succeeds();
    assert_eq!(Ffmpeg::New.decode(&file, "0:v"), Ffmpeg::New.decode(&clip, "0:v"));
}
