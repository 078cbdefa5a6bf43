//! Streams that would come back to where they were.

use weir_tests::flow::player;
use weir_tests::router::Router;
use weir_tests::rtmp::Client;

use super::{begun, frame, live};

#[test]
fn a_push_that_comes_back_is_refused_and_the_stream_is_left_alone() {
    let first = Router::start("[apps.live]");
    let push = |to: &Router| format!("[apps.live]\n[[apps.live.push]]\nto = \"{}\"", to.url("live/{stream}"));
    let third = Router::start(&push(&first));
    let second = Router::start(&push(&third));
    // The first one closes the circle: first → second → third → first.
    first.reload(&push(&second));
    first.process.line("reload", |line| line.contains("configuration reloaded"));
    let mut source = begun(&first, "cam");
    live(&second, 0, "push", "live/cam");
    first.process.line("loop", |line| line.contains("refused: relay loop") && line.contains("live/cam"));
    third.process.line("the other server's words", |line| {
        line.contains("stream=live/cam}") && line.contains(": refused ") && line.contains("relay loop")
    });
    let mut viewer = player(&third, "live", "cam");
    frame(&mut source, &mut viewer, 1);
    let mut viewer = player(&first, "live", "cam");
    frame(&mut source, &mut viewer, 2);
}

#[test]
fn two_servers_that_pull_from_each_other_do_not_wait_for_each_other() {
    let pull = |from: &Router| {
        let from = from.url("live/{stream}");
        format!(
            "[apps.live]\nplay_wait = \"3s\"\n[[apps.live.pull]]\nmatch = \".+\"\nfrom = \"{from}\"\nidle = \"200ms\""
        )
    };
    let first = Router::start("[apps.live]");
    let second = Router::start(&pull(&first));
    first.reload(&pull(&second));
    first.process.line("reload", |line| line.contains("configuration reloaded"));
    // What neither has.
    let mut client = Client::connect(first.address, "live").expect("connected");
    client.play("none").expect("a connection");
    let refused = client.status("NetStream.Play.Start").expect("an answer").expect_err("there is none");
    assert_eq!(refused.code, "NetStream.Play.StreamNotFound");
    first.process.line("loop", |line| line.contains("refused: relay loop") && line.contains("live/none"));
    // What one of them has.
    let mut source = begun(&second, "cam");
    let mut viewer = player(&first, "live", "cam");
    frame(&mut source, &mut viewer, 1);
}
