//! The terms of an admission: names, limits, second thoughts.

use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{ended, player, publisher, receive, send};
use weir_tests::flv::DATA;
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::{Client, amf};
use weir_tests::{clip, numbered};

/// A router whose application `live` asks a filter that answers as written.
pub(crate) fn router_with(answers: &str) -> Router {
    let module = build_filter("filters/conformance/session");
    Router::start(&format!(
        "[filters.gate]\nsource = \"file:{}\"\nconfig = {{ {answers} }}\n[apps.live]\nsession = [\"gate\"]",
        module.display()
    ))
}

#[test]
fn a_secret_key_is_published_under_a_public_name() {
    let router = router_with("publish = { allow = { rename = \"live/public\" } }");
    let mut source = publisher(&router, "live", "s3cret");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "public");
    receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    let mut second = Client::connect(router.address, "live").expect("connected");
    let refused = second.publish("other").expect("an answer").expect_err("the same public name twice");
    assert_eq!(refused.code, "NetStream.Publish.BadName");
}

#[test]
fn a_denial_carries_its_own_code_and_words() {
    let router =
        router_with("publish = { deny = { code = \"NetStream.Publish.Closed\", reason = \"the studio is closed\" } }");
    let mut client = Client::connect(router.address, "live").expect("connected");
    let refused = client.publish("cam").expect("an answer").expect_err("refused");
    assert_eq!(
        (refused.code.as_str(), refused.description.as_str()),
        ("NetStream.Publish.Closed", "the studio is closed")
    );
    let mut stock = Ffmpeg::New.publish(&clip::h264(), &router.url("live/cam"));
    assert!(!stock.wait().success());
    assert!(stock.said().contains("the studio is closed"), "{}", stock.said());
}

#[test]
fn a_redirect_names_the_other_place() {
    let router = router_with("play = { redirect = { url = \"rtmp://203.0.113.5/live/x?key=s3cret\" } }");
    drop(publisher(&router, "live", "cam"));
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    viewer.play("cam").expect("a connection");
    let seen = receive(&mut viewer, "the other URL", |m| {
        m.command().is_some_and(|values| format!("{values:?}").contains("rtmp://203.0.113.5/live/x?key=s3cret"))
    });
    assert!(!seen.iter().any(|m| m.is_media()));
    let said = router.process.line("why", |line| line.contains("rtmp://203.0.113.5"));
    assert!(!said.contains("s3cret"), "{said}");
}

#[test]
fn time_runs_out() {
    let router = router_with("publish = { allow = { max_duration_ms = 300 } }");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    receive(&mut source, "the end of its time", |m| m.status().is_some_and(|s| s.level == "error"));
}

#[test]
fn a_play_is_complete_when_its_time_is_over() {
    let router = router_with("play = { allow = { max_duration_ms = 300 } }");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    let said = receive(&mut viewer, "the word that it is complete", |m| {
        m.kind == DATA && format!("{:?}", amf::decode_all(&m.body)).contains("NetStream.Play.Complete")
    });
    let last = said.iter().rev().find_map(|m| m.status()).expect("a status before it");
    assert_eq!((last.code.as_str(), last.level.as_str()), ("NetStream.Play.Stop", "status"));
    assert!(last.description.contains("over"), "{last:?}");
}

#[test]
fn a_second_thought_ends_a_publication() {
    let router = router_with(
        "publish = { allow = { recheck_ms = 100 } }, rechecks = 2, recheck_ms = 100, recheck = { deny = { reason = \"kicked\" } }",
    );
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    let seen = receive(&mut source, "the kick", |m| m.status().is_some_and(|s| s.level == "error"));
    let status = seen.last().and_then(|m| m.status()).expect("a status");
    assert_eq!(status.description, "kicked");
    receive(&mut viewer, "end", ended);
}

#[test]
fn a_publisher_over_its_bitrate_is_ended() {
    let router = router_with("publish = { allow = { max_kbps = 100 } }");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header()]);
    let mut over = None;
    // Bytes are counted over ten seconds of the clock; frames come twenty times a second, each a hundred times too large.
    for n in 0.. {
        if source.media(9, numbered::time_ms(n), numbered::video(n, 50_000).body).is_err() {
            break;
        }
        if let Ok(Some(message)) = source.message_within(std::time::Duration::from_millis(50)) {
            over = message.status().filter(|s| s.level == "error").or(over);
        }
        if over.is_some() {
            break;
        }
        assert!(n < 1200, "a minute at a hundred times the bitrate");
    }
    let status = over.expect("a status");
    assert!(status.description.to_lowercase().contains("kb"), "{status:?}");
}
