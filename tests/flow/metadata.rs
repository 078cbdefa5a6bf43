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
