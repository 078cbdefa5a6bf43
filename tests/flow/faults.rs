//! Filters that loop, trap and grow: their own stream follows the policy, others do not notice.

use std::time::Duration;

use weir_tests::flow::{ended, player, publisher, receive, send};
use weir_tests::flv::VIDEO;
use weir_tests::numbered;
use weir_tests::router::{Router, build_filter};
use weir_tests::rtmp::Client;

/// What a filter written with ill will does; `filters/conformance/deeds` does it.
const DEEDS: &[&str] = &["loop", "trap", "panic", "grow", "recurse", "call-flood"];

/// A router whose application `live` has a filter that does `deed` on every frame after the tenth of `live/bad`.
fn router_with(deed: &str, on_failure: &str) -> Router {
    isolated(deed, on_failure, "stream")
}

/// The same; which streams have an instance together.
fn isolated(deed: &str, on_failure: &str, isolation: &str) -> Router {
    let module = build_filter("filters/conformance/hostile");
    Router::start(&format!(
        "[filters.hostile]\nsource = \"file:{}\"\non_failure = \"{on_failure}\"\nisolation = \"{isolation}\"\n\
         config = {{ deed = \"{deed}\", after = 10, stream = \"live/bad\" }}\n\
         [apps.live]\nmedia = [\"hostile\"]\n[apps.open]",
        module.display()
    ))
}

/// One stream, and who watches it.
struct Stream {
    source: Client,
    viewer: Client,
}

impl Stream {
    fn start(router: &Router, app: &str, name: &str) -> Stream {
        let mut source = publisher(router, app, name);
        send(&mut source, &[numbered::header(), numbered::video(0, 500)]);
        let mut viewer = player(router, app, name);
        receive(&mut viewer, "frame 0", |m| numbered::number(&m.tag()) == Some(0));
        Stream { source, viewer }
    }

    /// Sends a frame; it is the next that the viewer sees.
    fn passes(&mut self, n: u64, what: &str) {
        send(&mut self.source, &[numbered::video(n, 500)]);
        let seen = receive(&mut self.viewer, &format!("frame {n} of {what}"), |m| m.kind == VIDEO);
        let got = seen.last().and_then(|m| numbered::number(&m.tag()));
        assert_eq!(got, Some(n), "{what}");
    }
}

#[test]
fn a_bypassed_filter_costs_its_stream_no_frame() {
    for deed in DEEDS {
        let mut router = router_with(deed, "bypass");
        let mut bad = Stream::start(&router, "live", "bad");
        let mut good = Stream::start(&router, "live", "good");
        let mut calm = Stream::start(&router, "open", "calm");
        for n in 1..=numbered::GOP * 4 {
            bad.passes(n, &format!("the stream whose filter does '{deed}'"));
            good.passes(n, "the other stream of that filter");
            calm.passes(n, "the stream without a filter");
        }
        router
            .process
            .line("word of the fault", |l| l.contains("hostile") && (l.contains("WARN") || l.contains("ERROR")));
        assert!(router.process.runs());
    }
}

#[test]
fn who_shares_an_instance_with_a_stream_that_fails_loses_no_frame() {
    for (deed, on_failure) in [("trap", "bypass"), ("loop", "drop-to-key"), ("grow", "end-stream")] {
        let mut router = isolated(deed, on_failure, "shared");
        let mut good = Stream::start(&router, "live", "good");
        let mut bad = Stream::start(&router, "live", "bad");
        for n in 1..=numbered::GOP * 4 {
            good.passes(n, "the stream that shares an instance");
            if n <= 9 {
                bad.passes(n, "the stream that will fail");
            } else if n == 10 {
                send(&mut bad.source, &[numbered::video(n, 500)]);
                router.process.line("word of who is set apart", |l| {
                    l.contains("live/bad") && l.contains("one of its own from now on")
                });
            }
        }
        assert!(router.process.runs());
    }
}

#[test]
fn a_stream_that_drops_to_the_key_frame_goes_on_there() {
    let router = router_with("trap", "drop-to-key");
    let mut bad = Stream::start(&router, "live", "bad");
    let mut calm = Stream::start(&router, "open", "calm");
    // A new instance is tried at a later key frame each time, and does well for ten frames.
    let mut seen = Vec::new();
    for n in 1..numbered::GOP * 60 {
        send(&mut bad.source, &[numbered::video(n, 500)]);
        calm.passes(n, "the stream without a filter");
        while let Some(message) =
            bad.viewer.message_within(Duration::from_millis(1)).expect("a player that nobody closed")
        {
            seen.push(message);
        }
    }
    let mut numbers = vec![0];
    numbers.extend(seen.iter().filter_map(|m| numbered::number(&m.tag())));
    assert!(numbers.starts_with(&(0..10).collect::<Vec<_>>()), "{numbers:?}");
    assert!(!numbers.contains(&10), "the frame that trapped was shown: {numbers:?}");
    let tries = numbers.iter().filter(|n| n.is_multiple_of(numbered::GOP)).count();
    assert!(tries >= 3, "the stream did not go on: {numbers:?}");
    for pair in numbers.windows(2).filter(|pair| pair[1] != pair[0] + 1) {
        assert!(
            pair[1] > pair[0] && pair[1] % numbered::GOP == 0,
            "a gap that ends in the middle of a GOP: {numbers:?}"
        );
    }
}

#[test]
fn a_stream_that_ends_with_its_filter_is_told() {
    let router = router_with("trap", "end-stream");
    let mut bad = Stream::start(&router, "live", "bad");
    let mut good = Stream::start(&router, "live", "good");
    let frames: Vec<_> = (1..=12).map(|n| numbered::video(n, 500)).collect();
    send(&mut bad.source, &frames);
    receive(&mut bad.source, "word to the publisher", |m| m.status().is_some_and(|s| s.level == "error"));
    receive(&mut bad.viewer, "end", ended);
    good.passes(1, "the other stream of that filter");
}

#[test]
fn admission_fails_closed_unless_told_otherwise() {
    let module = build_filter("filters/conformance/session");
    for (on_failure, admitted) in [("deny", false), ("allow", true)] {
        for deed in DEEDS {
            let router = Router::start(&format!(
                "[filters.gate]\nsource = \"file:{}\"\non_failure = \"{on_failure}\"\nlimits = {{ session_time = \"100ms\" }}\n\
                 config = {{ publish = {{ misbehave = \"{deed}\" }} }}\n[apps.secure]\nsession = [\"gate\"]\n[apps.open]",
                module.display()
            ));
            let mut calm = Stream::start(&router, "open", "calm");
            let mut client = Client::connect(router.address, "secure").expect("connect is not asked");
            let answer = client.publish("cam").expect("an answer");
            assert_eq!(answer.is_ok(), admitted, "{deed}, on_failure = {on_failure}: {answer:?}");
            calm.passes(1, "the stream without a filter");
        }
    }
}

#[test]
fn filters_that_cannot_be_loaded_let_nobody_in_and_say_why() {
    let module = std::fs::read(build_filter("filters/conformance/session")).expect("the built filter");
    let wants_more = build_filter("filters/conformance/session-granted");
    let folder = tempfile::tempdir().expect("a folder");
    let cases = [
        ("empty", vec![]),
        ("text", b"not a module".to_vec()),
        ("cut", module[..module.len() / 2].to_vec()),
        ("foreign", b"\0asm\x01\0\0\0".to_vec()),
        ("ungranted", std::fs::read(wants_more).expect("the built filter")),
    ];
    let mut tables = String::from("[apps.open]\n");
    for (name, bytes) in &cases {
        let file = folder.path().join(format!("{name}.wasm"));
        std::fs::write(&file, bytes).expect("writable");
        tables +=
            &format!("[filters.{name}]\nsource = \"file:{}\"\n[apps.{name}]\nsession = [\"{name}\"]\n", file.display());
    }
    let router = Router::start(&tables);
    for (name, _) in &cases {
        router.process.line("word of the bad filter", |l| l.contains(name) && l.contains("filter not loaded"));
        if let Ok(mut client) = Client::connect(router.address, name) {
            let refused = client.publish("cam").expect("an answer").expect_err("admitted without a filter");
            assert!(!refused.description.is_empty(), "{refused:?}");
        }
    }
    let said = router.process.line("word of the grant", |l| l.contains("filter not loaded") && l.contains("ungranted"));
    assert!(said.contains("weir:filter/"), "the missing grant is not named: {said}");
    drop(publisher(&router, "open", "cam"));
}
