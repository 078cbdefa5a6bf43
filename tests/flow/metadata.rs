//! What players are told of a stream.

use weir_tests::flow::{player, publisher, receive, send};
use weir_tests::flv::{DATA, Tag};
use weir_tests::numbered;
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::amf::{self, Value};

fn message(name: &str, value: Value) -> Tag {
    let mut body = Vec::new();
    Value::text(name).encode(&mut body);
    value.encode(&mut body);
    Tag { kind: DATA, time_ms: 0, body }
}

#[test]
fn fields_are_set_removed_and_renamed() {
    let module = build_filter("filters/metadata-edit");
    let router = Router::start(&format!(
        "[filters.meta]\nsource = \"file:{}\"\n\
         config = {{ set = {{ server = \"weir\" }}, remove = [\"creationdate\"], rename = {{ encoder = \"source_encoder\" }} }}\n\
         [apps.live]\nmedia = [\"meta\"]",
        module.display()
    ));
    let mut source = publisher(&router, "live", "cam");
    let fields =
        [("width", Value::Number(320.0)), ("creationdate", Value::text("today")), ("encoder", Value::text("x"))];
    send(&mut source, &[message("onMetaData", Value::object(&fields)), numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    let seen = receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    let data: Vec<_> = seen.iter().filter(|m| m.kind == DATA).map(|m| amf::decode_all(&m.body)).collect();
    let object = data.iter().find(|v| v[0] == Value::text("onMetaData")).and_then(|v| v.get(1)).expect("onMetaData");
    assert_eq!(object.field("width"), Some(&Value::Number(320.0)));
    assert_eq!(object.field("server"), Some(&Value::text("weir")));
    assert_eq!(object.field("source_encoder"), Some(&Value::text("x")));
    assert_eq!((object.field("creationdate"), object.field("encoder")), (None, None));
}

#[test]
fn data_of_every_name_arrives_in_its_place_and_only_metadata_is_kept() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    let mut viewer = player(&router, "live", "cam");
    let text = |text: &str| Value::object(&[("text", Value::text(text))]);
    let data = [
        message("onMetaData", text("first")),
        message("|RtmpSampleAccess", Value::Bool(true)),
        message("onTextData", text("title")),
        message("onCuePoint", text("goal")),
        message("onCaptionInfo", text("caption")),
        message("onSCTE35", text("/DAlAAAAAAAAAP/wFAUAAAABf+/+LRQrAP4AKTLgAAEBAQAA")),
        message("onMetaData", text("second")),
    ];
    send(&mut source, &[numbered::header()]);
    for (n, tag) in (0..).zip(&data) {
        // Every other one as AMF3 clients send it: type 15, a format byte, AMF0 values.
        let (kind, body) = if n % 2 == 0 { (DATA, tag.body.clone()) } else { (15, [&[0], &tag.body[..]].concat()) };
        source.media(kind, numbered::time_ms(n), body).expect("a connection");
        send(&mut source, &[numbered::video(n, 100)]);
    }
    let last = data.len() as u64 - 1;
    let seen = receive(&mut viewer, "the last frame", |m| numbered::number(&m.tag()) == Some(last));
    let mut rest = seen.iter().filter(|m| m.is_media() && !m.tag().is_header());
    for (n, tag) in (0..).zip(&data) {
        let message = rest.next().expect("a message");
        assert_eq!((message.kind, &message.body), (DATA, &tag.body), "before frame {n}");
        assert_eq!(rest.next().and_then(|m| numbered::number(&m.tag())), Some(n));
    }
    // A joiner starts at the next key frame and is told of nothing but the newest onMetaData.
    send(&mut source, &[numbered::video(numbered::GOP, 100)]);
    receive(&mut viewer, "the next key frame", |m| numbered::number(&m.tag()) == Some(numbered::GOP));
    let mut late = player(&router, "live", "cam");
    let seen = receive(&mut late, "a key frame", |m| m.tag().is_key());
    let told: Vec<_> = seen.iter().filter(|m| m.kind == DATA).map(|m| &m.body).collect();
    assert_eq!(told, [&data[6].body]);
}

#[test]
fn metadata_that_is_taken_back_is_told_to_nobody_who_comes_later() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    let set = message("onMetaData", Value::object(&[("width", Value::Number(320.0))]));
    send(&mut source, &[set.clone(), numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    let seen = receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    assert!(seen.iter().any(|m| m.kind == DATA && m.body == set.body), "{seen:?}");
    let back = message("@clearDataFrame", Value::text("onMetaData"));
    source.media(DATA, numbered::time_ms(1), back.body.clone()).expect("a connection");
    send(&mut source, &[numbered::video(numbered::GOP, 100)]);
    let seen = receive(&mut viewer, "the next key frame", |m| numbered::number(&m.tag()) == Some(numbered::GOP));
    assert!(seen.iter().any(|m| m.kind == DATA && m.body == back.body), "who is there is told: {seen:?}");
    let mut late = player(&router, "live", "cam");
    let seen = receive(&mut late, "a key frame", |m| m.tag().is_key());
    assert!(!seen.iter().any(|m| m.kind == DATA), "{seen:?}");
}

#[test]
fn other_data_messages_arrive_in_their_place() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    let cue = message("onCuePoint", Value::object(&[("name", Value::text("goal"))]));
    source.media(DATA, numbered::time_ms(1), cue.body.clone()).expect("a connection");
    send(&mut source, &[numbered::video(1, 100)]);
    let seen = receive(&mut viewer, "frame 1", |m| numbered::number(&m.tag()) == Some(1));
    assert!(seen.iter().any(|m| m.kind == DATA && m.body == cue.body), "{seen:?}");
}
