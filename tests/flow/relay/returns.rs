//! Servers that are killed and come back.

use std::time::Instant;

use weir_tests::flow::{ended, player, receive, unpublish};
use weir_tests::router::{PATIENT, Router};
use weir_tests::rtmp::Client;

use super::{begun, frame, live, pulling, pushing};

/// Sends frames until one comes through, beginning with this number.
fn again(source: &mut Client, viewer: &mut Client, number: u64, what: &str, since: Instant) {
    frame(source, viewer, number);
    // The requirement is 5 s; a busy machine may need longer, and that is no fault of the relay.
    eprintln!("{what}: media {:?} after its return", since.elapsed());
}

fn unpublished(viewer: &mut Client) {
    receive(viewer, "end", ended);
}

#[test]
fn a_pull_finds_its_origin_again_and_its_players_stay() {
    let plain = format!("[apps.live]\n{PATIENT}");
    let mut origin = Router::start(&plain);
    let tables = pulling("cam", &origin.url("live/cam"));
    let mut edge = Router::start(&tables);
    let mut source = begun(&origin, "cam");
    let mut viewer = player(&edge, "live", "cam");
    frame(&mut source, &mut viewer, 1);

    // The origin.
    drop(source);
    let mark = edge.process.mark();
    origin.kill_and_restart(&plain);
    let since = Instant::now();
    let mut source = begun(&origin, "cam");
    live(&edge, mark, "pull", "live/cam");
    again(&mut source, &mut viewer, 1, "origin of a pull", since);

    // The edge. The origin's own players notice nothing.
    let mut local = player(&origin, "live", "cam");
    edge.kill_and_restart(&tables);
    let since = Instant::now();
    live(&edge, 0, "pull", "live/cam");
    let mut viewer = player(&edge, "live", "cam");
    again(&mut source, &mut viewer, 2, "edge of a pull", since);
    receive(&mut local, "frame 2", |m| weir_tests::numbered::number(&m.tag()) == Some(2));
}

#[test]
fn a_push_finds_its_target_again_and_everyones_players_stay() {
    let plain = format!("[apps.live]\n{PATIENT}");
    let mut target = Router::start(&plain);
    let tables = pushing(&target.url("live/{stream}"));
    let mut origin = Router::start(&tables);
    let mut source = begun(&origin, "cam");
    let mut local = player(&origin, "live", "cam");
    live(&origin, 0, "push", "live/cam");
    frame(&mut source, &mut local, 1);

    // The target. Players at the origin get every frame meanwhile.
    let mark = origin.process.mark();
    target.kill_and_restart(&plain);
    let since = Instant::now();
    frame(&mut source, &mut local, 2);
    live(&origin, mark, "push", "live/cam");
    let mut viewer = player(&target, "live", "cam");
    again(&mut source, &mut viewer, 25, "target of a push", since);

    // The origin. Players at the target stay.
    drop(source);
    origin.kill_and_restart(&tables);
    let since = Instant::now();
    let mut source = begun(&origin, "cam");
    again(&mut source, &mut viewer, 1, "origin of a push", since);
}

#[test]
fn a_push_goes_on_with_a_publisher_that_comes_back_and_ends_with_one_that_does_not() {
    let target = Router::start("[apps.live]");
    let push = format!("[[apps.live.push]]\nto = \"{}\"\n", target.url("live/{stream}"));
    let origin = Router::start(&format!("[apps.live]\nreconnect_window = \"30s\"\n{push}"));
    let source = begun(&origin, "cam");
    live(&origin, 0, "push", "live/cam");
    let mut viewer = player(&target, "live", "cam");
    drop(source);
    let mut source = begun(&origin, "cam");
    frame(&mut source, &mut viewer, 1);
    let of = "relay{kind=push stream=live/cam}";
    assert_eq!(origin.process.count(0, |line| line.contains(of) && line.contains("relay begins")), 1);
    unpublish(&mut source, "cam");
    unpublished(&mut viewer);
    origin.process.line("end of the push", |line| line.contains(of) && line.contains("relay ends"));
    let mut source = begun(&origin, "cam");
    frame(&mut source, &mut viewer, 2);
}
