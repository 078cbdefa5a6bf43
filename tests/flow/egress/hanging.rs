//! Filters at the viewers that never come back: a hundred viewers of one stream pay for it five times together, and nobody else at all.

use std::thread::{JoinHandle, spawn};
use std::time::{Duration, Instant};

use weir_tests::encoder::Encoder;
use weir_tests::flow::{player, publisher, receive, send, tags, unpublish};
use weir_tests::flv::VIDEO;
use weir_tests::numbered;
use weir_tests::router::{PATIENT, Router};
use weir_tests::rtmp::{Client, Message};

use super::{clip_of, rest, with};

const VIEWERS: usize = 120;

/// A stream without filters, and one who watches it while others are in trouble.
struct Healthy {
    source: Encoder,
    viewer: JoinHandle<(Vec<u64>, Duration)>,
}

impl Healthy {
    fn start(router: &Router) -> Healthy {
        let source = Encoder::start(router, "fine", "cam", 300, Duration::from_millis(5));
        let mut viewer = player(router, "fine", "cam");
        let viewer = spawn(move || {
            let (mut seen, mut longest, mut last) = (Vec::new(), Duration::ZERO, Instant::now());
            loop {
                let message = viewer.message().expect("the healthy stream goes on");
                if super::ended(&message) {
                    return (seen, longest);
                }
                if message.is_media() && message.kind == VIDEO {
                    seen.extend(numbered::number(&message.tag()));
                    longest = longest.max(last.elapsed());
                    last = Instant::now();
                }
            }
        });
        Healthy { source, viewer }
    }

    /// Everybody got everything.
    fn end(self, what: &str) {
        let sent = self.source.end();
        let (seen, longest) = self.viewer.join().expect("a viewer that nobody closed");
        assert_eq!(seen, (0..sent).collect::<Vec<_>>(), "{what}: the healthy stream");
        println!(
            "{VIEWERS} {what}: {sent} frames of the healthy stream, the longest pause between two was {longest:?}"
        );
    }
}

fn tables(config: &str) -> String {
    with("hostile", config, "") + &format!("[apps.fine]\n{PATIENT}\n")
}

/// Somebody new comes, and is answered.
fn comes(router: &Router) {
    receive(&mut player(router, "fine", "cam"), "a picture for who has just come", |m| m.tag().is_picture());
}

fn pictures(viewer: &mut Client) -> Vec<u64> {
    rest(viewer).iter().filter(|t| t.kind == VIDEO).filter_map(numbered::number).collect()
}

/// Calls that missed their deadline and breakers that opened, so far.
fn told(router: &Router) -> (u64, u64) {
    let of = |name: &str| {
        let line = router.report(&format!(" {name}="));
        let (_, value) = line.split_once(&format!(" {name}=")).expect("a value");
        value.split_whitespace().next().and_then(|n| n.parse().ok()).expect("a number")
    };
    (of("deadline_misses"), of("breaker_trips"))
}

/// What may have been in a call when the fifth one failed, with that one.
fn under_way() -> u64 {
    std::thread::available_parallelism().map_or(1, |n| n.get() as u64)
}

/// Lines about the breaker, and about faults.
fn lines(router: &Router) -> (usize, usize) {
    let count = |what: &str| router.process.count(0, |l| l.contains(what));
    (count("too many faults"), count("it failed in"))
}

#[test]
fn one_that_hangs_in_a_frame_hangs_for_five_and_is_left_out_for_all() {
    let router = Router::start(&tables("deed = \"loop\", hook = \"frame\", after = 10"));
    let healthy = Healthy::start(&router);
    let sent = clip_of(60);
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &sent[..8]);
    let mut viewers: Vec<Client> = (0..VIEWERS).map(|_| player(&router, "live", "cam")).collect();
    for viewer in &mut viewers {
        receive(viewer, "the newest picture", |m| numbered::number(&m.tag()) == Some(2));
    }
    // All of them at once.
    send(&mut source, &sent[8..]);
    comes(&router);
    unpublish(&mut source, "cam");
    for viewer in &mut viewers {
        assert_eq!(pictures(viewer), (3..60).collect::<Vec<_>>());
    }
    comes(&router);
    healthy.end("viewers whose filter hangs in a frame");
    let (misses, trips) = told(&router);
    assert!((5..5 + under_way()).contains(&misses), "{misses} calls hung");
    let (left_out, faults) = lines(&router);
    assert_eq!((trips, left_out), (1, 1), "{}", router.process.said());
    assert!(faults <= 5, "{faults} lines of faults");
}

#[test]
fn one_that_hangs_when_it_is_opened_does_so_for_five_of_each_publisher() {
    let router = Router::start(&tables("deed = \"loop\", hook = \"open\", stream = \"live/cam\""));
    let healthy = Healthy::start(&router);
    let mut viewers: Vec<Client> = (0..VIEWERS)
        .map(|_| {
            let mut viewer = Client::connect(router.address, "live").expect("the router accepts the connection");
            viewer.play("cam").expect("a connection");
            viewer
        })
        .collect();
    router.wait_for_players("live/cam", VIEWERS);
    for publisher_number in 1..=2 {
        let mut source = publisher(&router, "live", "cam");
        send(&mut source, &clip_of(30));
        comes(&router);
        for viewer in &mut viewers {
            let last = |m: &Message| m.kind == VIDEO && numbered::number(&m.tag()) == Some(29);
            let seen = tags(&receive(viewer, "the newest picture", last));
            let numbers: Vec<_> = seen.iter().filter(|t| t.kind == VIDEO).filter_map(numbered::number).collect();
            assert_eq!(numbers, (numbers[0]..30).collect::<Vec<_>>());
            // Who was there when the stream began has all of it; at first they came with the play.
            assert!(publisher_number == 1 || numbers[0] == 0, "{numbers:?}");
        }
        unpublish(&mut source, "cam");
        viewers.iter_mut().for_each(|viewer| _ = rest(viewer));
        let (misses, trips) = told(&router);
        let most = (4 + under_way()) * publisher_number;
        assert!((5 * publisher_number..=most).contains(&misses), "publisher {publisher_number}: {misses} calls hung");
        assert_eq!(trips, publisher_number, "publisher {publisher_number}");
    }
    healthy.end("viewers whose filter hangs when it is opened");
    let (left_out, faults) = lines(&router);
    assert!(left_out == 2 && faults <= 10, "{}", router.process.said());
}

#[test]
fn whoever_hangs_at_the_end_is_not_waited_for_by_a_server_that_stops() {
    let mut router = Router::start(&tables("deed = \"loop\", hook = \"flush\""));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &clip_of(10));
    let mut viewers: Vec<Client> = (0..VIEWERS).map(|_| player(&router, "live", "cam")).collect();
    for viewer in &mut viewers {
        receive(viewer, "the newest picture", |m| numbered::number(&m.tag()) == Some(9));
    }
    router.process.signal("TERM");
    for viewer in &mut viewers {
        receive(viewer, "its end", super::ended);
    }
    assert!(router.process.wait().success());
    let (left_out, faults) = lines(&router);
    assert!(left_out == 1 && faults <= 5, "{}", router.process.said());
}
