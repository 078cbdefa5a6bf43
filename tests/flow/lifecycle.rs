//! Reload and stop.

use weir_tests::flow::{ended, player, publisher, receive, send};
use weir_tests::router::Router;
use weir_tests::rtmp::Client;
use weir_tests::{flv, numbered};

#[test]
fn sigterm_tells_everyone_and_ends_well() {
    let mut router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    router.process.signal("TERM");
    receive(&mut viewer, "clean end", ended);
    receive(&mut source, "word to the publisher", |m| m.status().is_some());
    assert!(viewer.closed_by_peer() && source.closed_by_peer());
    router.process.succeeds();
    assert!(Client::dial(router.address).is_err(), "still accepting");
}

#[test]
fn a_second_signal_ends_at_once() {
    let mut router = Router::start("[drain]\ndeadline = \"1h\"\n[apps.live]");
    // A peer that neither reads nor goes: sent more than the sockets between take.
    let mut source = publisher(&router, "live", "cam");
    let mut stuck = player(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    receive(&mut stuck, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
    let mut frames = numbered::GOP..;
    for n in frames.by_ref().take(100) {
        send(&mut source, &[numbered::video(n, 200_000)]);
    }
    router.process.signal("TERM");
    receive(&mut source, "word to the publisher", |m| m.status().is_some());
    router.process.signal("TERM");
    router.process.wait();
    drop(stuck);
}

#[test]
fn a_reload_changes_what_is_new_and_leaves_what_runs() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::video(0, 100)]);
    let mut viewer = player(&router, "live", "cam");
    assert!(Client::connect(router.address, "more").is_err());

    let mark = router.process.mark();
    router.reload("[apps.live]\n[apps.more]");
    router.process.line_after(mark, "word of the reload", |l| l.contains("configuration reloaded"));
    drop(publisher(&router, "more", "cam"));

    // A bad file is refused whole: nothing of it holds, and nobody is disturbed.
    let mark = router.process.mark();
    router.reload("[apps.live]\n[apps.third]\nno_such_key = 1");
    router.process.line_after(mark, "word of the refusal", |l| l.contains("configuration refused"));
    assert!(Client::connect(router.address, "third").is_err());
    drop(publisher(&router, "more", "cam"));

    send(&mut source, &[numbered::video(1, 100)]);
    receive(&mut viewer, "frame 1", |m| m.kind == flv::VIDEO && numbered::number(&m.tag()) == Some(1));
}

#[test]
fn usr2_prints_what_filters_did() {
    let router = Router::start("[apps.live]");
    router.report("report");
}
