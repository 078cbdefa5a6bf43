//! Streams that come from other servers and go to them.

mod foreign;
mod loops;
mod returns;

use weir_tests::certificate::issue;
use weir_tests::ffmpeg;
use weir_tests::flow::{assert_same, ended, player, publisher, receive, send, unpublish};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router, build_filter};
use weir_tests::rtmp::Client;
use weir_tests::{clip, numbered};

use crate::tls;

/// An application `live` that pulls this stream always.
fn pulling(name: &str, from: &str) -> String {
    format!("[apps.live]\n{PATIENT}\n[[apps.live.pull]]\nname = \"{name}\"\nfrom = \"{from}\"\n")
}

/// An application `live` that pushes all of its streams there.
fn pushing(to: &str) -> String {
    format!("[apps.live]\n{PATIENT}\n[[apps.live.push]]\nto = \"{to}\"\n")
}

/// Waits until a relay of this stream is live, of those that said so behind `mark`.
fn live(router: &Router, mark: usize, kind: &str, stream: &str) {
    let wanted = format!("relay{{kind={kind} stream={stream}}}");
    router.process.line_after(mark, &format!("live {kind} of {stream}"), |line| {
        line.contains(&wanted) && line.contains(": live ")
    });
}

/// Sends the frame with this number, and waits until the player has it.
fn frame(source: &mut Client, viewer: &mut Client, number: u64) {
    send(source, &[numbered::video(number, 500)]);
    receive(viewer, &format!("frame {number}"), |m| m.kind == VIDEO && numbered::number(&m.tag()) == Some(number));
}

/// A publisher that has sent headers and a key frame with number 0.
fn begun(router: &Router, name: &str) -> Client {
    let mut source = publisher(router, "live", name);
    send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
    source
}

/// Publishes a clip at one router and records it at another, once the relay between them is `ready`.
fn through_both(from: &Router, to: &Router, name: &str, all: &[Tag], ready: impl FnOnce()) -> Vec<Tag> {
    let mut source = publisher(from, "live", name);
    let key = all.iter().position(Tag::is_key).expect("a key frame") + 1;
    send(&mut source, &all[..key]);
    ready();
    let file = to.file(&format!("{name}.flv"));
    let mut recorder = ffmpeg::rtmpdump(&to.url(&format!("live/{name}")), &file);
    let joined = format!("stream=live/{name}}}");
    to.process.line("player", |l| l.contains(&joined) && l.contains("play{") && l.contains(": playing "));
    send(&mut source, &all[key..]);
    unpublish(&mut source, name);
    recorder.wait();
    flv::read(&file)
}

#[test]
fn every_byte_comes_through_a_pull_and_through_a_push() {
    let origin = Router::start(&format!("[apps.live]\n{PATIENT}"));
    let edge = Router::start(&pulling("h264", &origin.url("live/h264")));
    let sent = flv::read(&clip::h264());
    let got = through_both(&origin, &edge, "h264", &sent, || live(&edge, 0, "pull", "live/h264"));
    assert_same(VIDEO, &sent, &got);
    assert_same(AUDIO, &sent, &got);

    let target = Router::start(&format!("[apps.live]\n{PATIENT}"));
    let source = Router::start(&pushing(&target.url("live/{stream}")));
    let sent = flv::read(&clip::hevc());
    let got = through_both(&source, &target, "hevc", &sent, || live(&source, 0, "push", "live/hevc"));
    assert_same(VIDEO, &sent, &got);
    assert_same(AUDIO, &sent, &got);
}

#[test]
fn a_stream_is_pulled_on_demand_and_closed_when_nobody_watches() {
    let origin = Router::start("[apps.live]");
    let edge = Router::start(&format!(
        "[apps.live]\n[[apps.live.pull]]\nmatch = \"cam-(.+)\"\nfrom = [\"rtmp://127.0.0.1:1/live/$1\", \"{}?k={{query.token}}\"]\nidle = \"300ms\"",
        origin.url("live/$1")
    ));
    let mut source = begun(&origin, "7");
    let mut viewer = player(&edge, "live", "cam-7?token=s3cret");
    frame(&mut source, &mut viewer, 1);
    let mut second = player(&edge, "live", "cam-7");
    frame(&mut source, &mut second, 2);
    origin.process.line("the pull", |line| line.contains(": playing "));
    assert_eq!(origin.process.count(0, |line| line.contains(": playing ")), 1, "both are served by one pull");
    // The first source is tried before the second.
    let of = "relay{kind=pull stream=live/cam-7}";
    drop((viewer, second));
    edge.process.line("idle", |line| line.contains(of) && line.contains("nobody watches any more"));
    origin.process.line("end of the pull", |line| line.contains("stream=live/7}") && line.contains(": played "));
    let mark = edge.process.mark();
    let mut third = player(&edge, "live", "cam-7");
    live(&edge, mark, "pull", "live/cam-7");
    frame(&mut source, &mut third, 3);
    // What no pattern matches is not looked for.
    let mut other = Client::connect(edge.address, "live").expect("connected");
    other.play("dog-7").expect("a connection");
    let refused = other.status("NetStream.Play.Start").expect("an answer").expect_err("there is none");
    assert_eq!(refused.code, "NetStream.Play.StreamNotFound");
    assert!(!edge.process.said().contains("s3cret") && !edge.process.said().contains("stream=live/dog-7} relay"));
}

#[test]
fn a_reload_touches_only_what_changed_and_keeps_secrets() {
    let (first, second) = (Router::start("[apps.live]"), Router::start("[apps.live]"));
    let push = |to: &Router| format!("[[apps.live.push]]\nto = \"{}?key=s3cret\"\n", to.url("live/{stream}"));
    let source = Router::start(&format!("[apps.live]\n{}", push(&first)));
    let mut encoder = begun(&source, "cam");
    let mut viewer = player(&first, "live", "cam");
    frame(&mut encoder, &mut viewer, 1);

    let mark = source.process.mark();
    source.reload(&format!("[apps.live]\n{}{}", push(&first), push(&second)));
    live(&source, mark, "push", "live/cam");
    let mut other = player(&second, "live", "cam");
    frame(&mut encoder, &mut viewer, 2);
    receive(&mut other, "frame 2", |m| numbered::number(&m.tag()) == Some(2));
    assert_eq!(source.process.count(mark, |line| line.contains("relay begins")), 1);
    first.process.line("the push", |line| line.contains(": publishing "));
    assert_eq!(first.process.count(0, |line| line.contains(": publishing ")), 1, "the first push was left alone");

    let mark = source.process.mark();
    source.reload(&format!("[apps.live]\n{}", push(&second)));
    source.process.line_after(mark, "end of the first push", |line| line.contains("relay ended"));
    first.process.line("end of what was pushed", |line| line.contains(": published "));
    frame(&mut encoder, &mut other, 3);

    let line = source.report("report: relay ");
    assert!(line.contains("kind=push") && line.contains("state=live") && line.contains("?***"), "{line}");
    let total = source.report("report: relays");
    assert!(total.contains("pushes=1 live=1") && total.contains("panics=0"), "{total}");
    assert!(!source.process.said().contains("s3cret"), "{}", source.process.said());
}

#[test]
fn a_session_filter_sends_a_stream_elsewhere_if_it_may() {
    let target = Router::start("[apps.live]");
    let module = build_filter("filters/conformance/session");
    let start = |grants: &str| {
        Router::start(&format!(
            "[filters.gate]\nsource = \"file:{}\"\ngrants = [{grants}]\n\
             config = {{ publish = {{ allow = {{ push_to = [\"{}\"] }} }} }}\n[apps.live]\nsession = [\"gate\"]",
            module.display(),
            target.url("live/granted")
        ))
    };
    let denied = start("");
    let _unheard = begun(&denied, "cam");
    denied.process.line("reason", |line| line.contains("push:rtmp://127.0.0.1") && line.contains("not granted"));

    let source = start(&format!("\"push:rtmp://{}\"", target.address));
    let mut encoder = begun(&source, "cam");
    live(&source, 0, "push", "live/cam");
    let mut viewer = player(&target, "live", "granted");
    frame(&mut encoder, &mut viewer, 1);
    unpublish(&mut encoder, "cam");
    receive(&mut viewer, "end", ended);
    target.process.line("the push", |line| line.contains(": publishing "));
    assert_eq!(
        target.process.count(0, |line| line.contains(": publishing ")),
        1,
        "the other router was not let through"
    );
}

#[test]
fn a_push_over_tls_trusts_whom_it_is_told_to_trust() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["own", "other"] {
        issue(folder.path(), name);
    }
    let text = Router::text("", &tls::tables("own.pem", "own.key"));
    std::fs::write(folder.path().join("weir.toml"), text).expect("the folder is writable");
    let target = Router::start_in(folder);
    let line = target.process.line("RTMPS address", |line| line.starts_with("RTMPS on 127.0.0.1:"));
    let port = line.trim_start_matches("RTMPS on 127.0.0.1:").split(':').next().expect("a port");
    let to = format!("rtmps://localhost:{port}/live/{{stream}}");
    let ca = |name: &str| format!("ca = \"{}\"", target.file(name).display());

    let wrong = Router::start(&format!("{}{}", pushing(&to), ca("other.pem")));
    let _encoder = begun(&wrong, "wrong");
    wrong.process.line("refusal", |line| {
        line.contains("stream=live/wrong}") && line.contains(": refused ") && line.contains("TLS: ")
    });
    let right = Router::start(&format!("{}{}", pushing(&to), ca("own.pem")));
    let mut encoder = begun(&right, "right");
    let mut viewer = player(&target, "live", "right");
    frame(&mut encoder, &mut viewer, 1);
    target.process.line("the push", |line| line.contains(": publishing "));
    assert_eq!(target.process.count(0, |line| line.contains(": publishing ")), 1, "nothing went to a stranger");
}
