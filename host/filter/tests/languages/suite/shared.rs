//! What holds for streams that have an instance together (`isolation = "shared"`): none sees anything of another.

use std::sync::Arc;

use filter::session::{EndReason, StreamKey};
use filter::{Derivation, Filter, Isolation, Limits, MediaChain, Spec, StreamInfo};
use media::metadata::Value;
use media::{Frame, Kind, Metadata};
use serde_json::json;

use super::Check;
use super::guest::*;

pub(crate) const CHECKS: &[Check] = &[
    ("shared: by turns as alone", by_turns),
    ("shared: snapshot, resume", swap),
    ("shared: trap", trap),
    ("shared: packets are let go", packets),
    ("shared: streams come and go", come_and_go),
    ("shared: streams are let go", let_go),
];

/// Those that keep something of a stream from call to call, or send something.
const DEEDS: &[&str] = &["hold", "delay", "count", "tick", "report", "metadata", "derive", "add-track"];

fn shared(guest: &Guest, deed: &str) -> Spec {
    Spec { isolation: Isolation::Shared, ..guest.media_spec(deed, &["derive", "tracks"]) }
}

fn open(filter: &Arc<Filter>, name: &str) -> MediaChain {
    let key = StreamKey { app: "live".into(), name: name.into(), query: vec![("of".into(), name.into())] };
    MediaChain::open(std::slice::from_ref(filter), StreamInfo { key, ..stream() })
}

/// What a player would see, message by message.
type Seen = (Kind, i64, Vec<u8>, Option<Metadata>);

/// A stream, and all that came of it.
struct Run {
    chain: MediaChain,
    frames: std::vec::IntoIter<Frame>,
    out: Vec<Frame>,
    /// Of the streams beside it.
    beside: Vec<Frame>,
}

impl Run {
    /// Headers, a message and pictures that no other stream has.
    fn begin(filter: &Arc<Filter>, name: &str, pictures: std::ops::Range<u8>) -> Run {
        let mut message = metadata();
        let of = Value::Object(vec![("of".to_owned(), Value::Text(name.to_owned()))]);
        message.metadata = Some(Arc::new(Metadata { name: "onMetaData".into(), value: of }));
        let mut frames = vec![avc_header(), aac_header(), message];
        for picture in video(pictures) {
            let at_ms = picture.dts_us / 1000;
            frames.extend([picture, aac(at_ms + 11)]);
        }
        let chain = open(filter, name);
        Run { chain, frames: frames.into_iter(), out: Vec::new(), beside: Vec::new() }
    }

    /// One frame. False: that was all.
    fn step(&mut self) -> bool {
        let Some(frame) = self.frames.next() else { return false };
        self.chain.push(frame, &mut self.out).unwrap();
        let mut derived = Vec::new();
        self.chain.take_derived(&mut derived);
        for one in derived {
            match one.what {
                Derivation::Frame(frame) => self.beside.push(*frame),
                Derivation::Opened { suffix, .. } => assert_eq!(&*suffix, "_copy"),
                Derivation::Closed => {}
            }
        }
        true
    }

    fn end(mut self) -> [Vec<Seen>; 2] {
        while self.step() {}
        self.chain.end(EndReason::SourceEnded, &mut self.out);
        [self.out, self.beside].map(|frames| {
            let one = |f: Frame| (f.kind, f.dts_us, f.body.to_bytes().to_vec(), f.metadata.as_deref().cloned());
            frames.into_iter().map(one).collect()
        })
    }
}

/// Three streams, of which the third begins when the first has ended, come out as each of them does alone.
fn by_turns(guest: &Guest) {
    for deed in DEEDS {
        let it = guest.load(shared(guest, deed));
        let [one, two, three] = [("one", 0..8), ("two", 40..60), ("three", 100..108)]
            .map(|(name, pictures)| move |it: &Arc<Filter>| Run::begin(it, name, pictures.clone()));
        let alone = [one(&it).end(), two(&it).end(), three(&it).end()];
        assert_ne!(alone[0], alone[1]);
        let (mut first, mut second) = (one(&it), two(&it));
        assert_eq!((it.counters().streams, it.counters().instances), (2, 1), "{deed}");
        while first.step() {
            assert!(second.step());
        }
        let first = first.end();
        let mut third = three(&it);
        while third.step() & second.step() {}
        assert_eq!((it.counters().streams, it.counters().instances), (2, 1), "{deed}");
        assert_eq!([first, second.end(), third.end()], alone, "{deed}");
        let report = it.counters();
        assert_eq!((report.events.traps, report.events.faults, report.instances), (0, 0, 0), "{deed}: {report}");
    }
}

fn swap(guest: &Guest) {
    let it = guest.load(shared(guest, "count"));
    let (mut one, mut two) = (open(&it, "one"), open(&it, "two"));
    let (mut from_one, mut from_two) = (push(&mut one, video(0..6)), push(&mut two, video(100..103)));
    let mut next = shared(guest, "count");
    next.config["text"] = json!("another generation");
    guest.wait(it.reload(next)).unwrap();
    from_two.extend(push(&mut two, video(103..110)));
    from_one.extend(push(&mut one, video(6..13)));
    let counted = |out: &[Frame]| -> Vec<String> {
        messages(out, "onCount").into_iter().map(|fields| fields[0].1.clone()).collect()
    };
    assert_eq!((counted(&from_one), counted(&from_two)), (vec_of(&["1", "5", "9", "13"]), vec_of(&["1", "5", "9"])));
    let report = it.counters();
    assert_eq!((report.events.swaps, report.streams, report.instances), (2, 2, 1), "{report}");
}

fn vec_of(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

/// A trap in a call of one stream ends the instance. The other goes on in another one, and loses nothing.
fn trap(guest: &Guest) {
    let it = guest.load(shared(guest, "trap"));
    let (mut bad, mut good) = (open(&it, "bad"), open(&it, "good"));
    let (mut from_bad, mut from_good) = (Vec::new(), Vec::new());
    for (n, frame) in video(0..12).into_iter().enumerate() {
        bad.push(frame.clone(), &mut from_bad).unwrap();
        // Behind the other one: it has not come as far as to trap itself.
        if n > 0 {
            good.push(frame, &mut from_good).unwrap();
        }
    }
    assert_eq!((seen(&from_bad), seen(&from_good)), (seen(&video(0..12)), seen(&video(1..12))));
    let report = it.counters();
    let events = report.events;
    assert_eq!((events.traps, events.evictions, events.set_apart), (1, 1, 1), "{report}");
    assert_eq!((report.streams, report.instances), (2, 2), "one has an instance of its own: {report}");
    assert_eq!(report.answers(filter::counters::Hook::Frame, "pass"), 2 + 8 + 11, "{report}");
}

/// What is let go in whichever stream's call is not counted any more.
fn packets(guest: &Guest) {
    const FRAMES: i64 = 1500;
    for deed in ["delay", "emit"] {
        let mut spec = shared(guest, deed);
        // No more than 512 packets, however small.
        spec.limits = Limits { retained_bytes: 128 << 10, ..spec.limits };
        let it = guest.load(spec);
        let mut chains = ["one", "two", "three"].map(|name| open(&it, name));
        let mut out = Vec::new();
        for n in 0..FRAMES {
            for chain in &mut chains {
                chain.push(avc(n * 40, n % 25 == 0, &[&[9, 0xf0], &[0x41, 1, 2]]), &mut out).unwrap();
            }
            out.clear();
        }
        let report = it.counters();
        assert_eq!((report.events.traps, report.events.evictions, report.instances), (0, 0, 1), "{deed}: {report}");
    }
}

/// Streams that are over leave nothing behind in an instance that others go on with.
fn come_and_go(guest: &Guest) {
    leave_nothing(guest, true);
}

/// Nor do those that are let go without a word, as after a fault.
fn let_go(guest: &Guest) {
    leave_nothing(guest, false);
}

fn leave_nothing(guest: &Guest, told: bool) {
    // By then the first collection of Go's is over, at 4 MiB.
    const SETTLED: u64 = 4000;
    const STREAMS: u64 = 6000;
    /// Less than a stream of any language holds while it runs.
    const LEAST_BYTES: u64 = 512;
    let it = guest.load(shared(guest, "delay"));
    let mut stays = open(&it, "stays");
    let mut settled = 0;
    for n in 0..STREAMS {
        if n == SETTLED {
            settled = it.counters().memory_bytes;
        }
        let mut chain = open(&it, &n.to_string());
        push(&mut chain, [avc(0, true, &[&[0x65, 1, 2]])]);
        if told {
            chain.end(EndReason::SourceEnded, &mut Vec::new());
        }
        // What it sends counts 256 bytes at least, and twice what came may be sent.
        push(&mut stays, [avc(n as i64 * 40, n % 25 == 0, &[&[0x41; 300]])]);
        guest.log();
    }
    let report = it.counters();
    assert_eq!((report.streams, report.instances, report.events.traps), (1, 1, 0), "{report}");
    let grown = report.memory_bytes - settled;
    assert!(grown < LEAST_BYTES * (STREAMS - SETTLED), "{grown} bytes of {}", report.memory_bytes);
}
