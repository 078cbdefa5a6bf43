//! What every media filter can do.

use std::sync::Arc;

use filter::counters::{Hook, Metric};
use filter::session::{ConnectionInfo, EndReason, StreamKey};
use filter::spec::MediaFailure;
use filter::{Derivation, MediaChain, OnFailure, Spec, StreamInfo, Viewer};
use media::metadata::Value;
use media::{Content, FourCc, Frame, Kind};
use serde_json::json;

use super::Check;
use super::guest::*;

pub(crate) const CHECKS: &[Check] = &[
    ("description", description),
    ("settings: wrong", wrong_settings),
    ("settings: unknown key", unknown_setting),
    ("pass", pass),
    ("subscription", subscription),
    ("drop", drop_frames),
    ("remove unit", remove_unit),
    ("remove units", remove_units),
    ("units of a type", units_of),
    ("a long stream", long_stream),
    ("insert unit", insert_unit),
    ("replace unit", replace_unit),
    ("replace bytes", replace),
    ("edit, then pass", edit_then_pass),
    ("hold, release", hold),
    ("hold, drop", drop_held),
    ("emit before, after", emit),
    ("retain a packet", retain),
    ("retime", retime),
    ("header: rewrite", header),
    ("header: fault", header_fault),
    ("metadata: set", set_metadata),
    ("metadata: drop", drop_metadata),
    ("tick", tick),
    ("snapshot, resume", swap),
    ("log, flush, end", log),
    ("metrics", metrics),
    ("stream, settings, secret, clock", told_of_the_stream),
    ("viewer told", told_of_the_viewer),
    ("header told", told_of_headers),
    ("frame told", told_of_frames),
    ("refusals are answers", refusals),
    ("kv", kv),
    ("entropy", entropy),
    ("derived stream", derive),
    ("added track", add_track),
    ("trap: bypass", trap),
    ("trap: drop to key", trap_drops),
    ("trap: end stream", trap_ends),
    ("unsupported stream", unsupported),
];

/// A stream with everything in it.
fn everything() -> Vec<Frame> {
    let mut frames = vec![avc_header(), aac_header(), metadata()];
    frames.extend(video(0..8));
    frames.insert(5, aac(30));
    frames.push(aac(300));
    frames
}

fn description(guest: &Guest) {
    let spec = guest.media_spec("pass", &[]);
    let told = guest.wait(guest.runtime.describe(&spec)).unwrap();
    assert_eq!((told.name.as_str(), told.version.as_str(), told.state_schema), ("conformance", "1.0.0", 1));
    assert_eq!(told.summary, "Does what its setting names.");
    let told = guest.wait(guest.runtime.describe(&guest.session_spec("allow"))).unwrap();
    assert_eq!((told.name.as_str(), told.state_schema), ("conformance", 0));
}

/// A fault from `configure` keeps a filter from being loaded, and says which key.
fn wrong_settings(guest: &Guest) {
    for config in [json!({ "do": "nonsense" }), json!({ "do": 5 })] {
        for text in guest.refusal(config.clone()).lines() {
            assert!(text.contains("do: "), "{config}: {text}");
        }
    }
}

fn unknown_setting(guest: &Guest) {
    for text in guest.refusal(json!({ "do": "abstain", "colour": "red" })).lines() {
        assert!(text.contains("colour"), "{text}");
    }
}

fn pass(guest: &Guest) {
    let it = guest.media("pass");
    let frames = everything();
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames));
    let report = it.counters();
    assert_eq!(report.answers(Hook::Frame, "pass"), 10);
    assert_eq!(report.hook(Hook::Header).unwrap().latency.calls, 2);
    assert_eq!(report.hook(Hook::Metadata).unwrap().latency.calls, 1);
    assert_eq!((report.streams, report.instances, report.events.traps), (0, 0, 0));
}

fn subscription(guest: &Guest) {
    let it = guest.media("interest");
    let mut frames = video(0..8);
    frames.push(aac(300));
    frames.push(avc(320, true, &[&[0x41, 1, 2, 8]]));
    let out = all(&it, frames);
    assert_eq!(numbers(&out), [1, 2, 3, 5, 6, 7, 8], "key frames with a unit of type 5 are asked for, and dropped");
    assert_eq!(it.counters().unasked_frames, 8);
}

fn drop_frames(guest: &Guest) {
    let out = guest.through("drop", everything());
    assert_eq!(numbers(&out), [0, 4]);
    assert_eq!(out.iter().filter(|f| f.kind == Kind::Audio).count(), 3);
}

/// What becomes of one picture.
fn picture(guest: &Guest, deed: &str) -> Vec<u8> {
    let frame = avc(0, true, &[&[9, 0xf0], &[6, 7, 7], &[0x65, 1, 2], &[6, 8]]);
    let out = guest.through(deed, [avc_header(), frame.clone()]);
    assert_eq!(out[1].body.slice(0, 5), frame.body.slice(0, 5), "the tag's own header stays");
    out[1].payload().to_bytes().to_vec()
}

fn remove_unit(guest: &Guest) {
    assert_eq!(picture(guest, "remove-unit"), units(&[&[9, 0xf0], &[0x65, 1, 2]]));
    assert!(guest.through("remove-unit", [avc(0, false, &[&[6, 1]])]).is_empty(), "without a unit left it is dropped");
}

fn remove_units(guest: &Guest) {
    assert_eq!(picture(guest, "remove-units"), units(&[&[9, 0xf0], &[0x65, 1, 2]]));
    let plain = avc(0, false, &[&[0x41, 1]]);
    assert_eq!(guest.through("remove-units", [plain.clone()])[0].payload(), plain.payload(), "none was removed");
    assert!(guest.through("remove-units", [avc(0, false, &[&[6, 1]])]).is_empty(), "without a unit left it is dropped");
}

fn units_of(guest: &Guest) {
    assert_eq!(picture(guest, "units-of"), units(&[&[9, 0xf0], &[0x65, 1, 2]]));
    let (sei, slice): (&[u8], &[u8]) = (&[6, 1], &[0x41, 1]);
    // Of units beyond the 64th nothing is said; all bits up to there, and a few at both ends, are understood.
    let many = [sei; 70];
    assert_eq!(came(guest, &many), units(&many[64..]));
    let mut ends = [slice; 66];
    (ends[0], ends[1], ends[31], ends[32], ends[62], ends[63], ends[65]) = (sei, sei, sei, sei, sei, sei, sei);
    assert_eq!(came(guest, &ends), units(&[&[slice; 59][..], &[sei]].concat()));
    assert_eq!(came(guest, &[slice]), units(&[slice]), "there was none");
    assert!(guest.through("units-of", [avc(0, false, &[sei])]).is_empty(), "without a unit left it is dropped");
}

/// A frame of these units without those that were found.
fn came(guest: &Guest, of: &[&[u8]]) -> Vec<u8> {
    guest.through("units-of", [avc(0, false, of)])[0].payload().to_bytes().to_vec()
}

/// Long enough for a language with a garbage collector to collect it more than once.
fn long_stream(guest: &Guest) {
    const FRAMES: i64 = 30_000;
    let it = guest.media("remove-unit");
    let mut chain = chain(&it);
    let mut out = Vec::new();
    for n in 0..FRAMES {
        chain.push(avc(n * 40, n % 25 == 0, &[&[9, 0xf0], &[6, 7, 7], &[0x41, 1, 2]]), &mut out).unwrap();
        let frame = out.pop().unwrap();
        assert_eq!(frame.payload().to_bytes().to_vec(), units(&[&[9, 0xf0], &[0x41, 1, 2]]), "frame {n}");
    }
    assert_eq!(it.counters().events.traps, 0);
}

fn insert_unit(guest: &Guest) {
    let expected = units(&[&[6, 0x55], &[9, 0xf0], &[6, 7, 7], &[0x65, 1, 2], &[6, 8], &[6, 0x66]]);
    assert_eq!(picture(guest, "insert-unit"), expected);
}

fn replace_unit(guest: &Guest) {
    assert_eq!(picture(guest, "replace-unit"), units(&[&[9, 0xf0], &[6, 0x77], &[0x65, 1, 2], &[6, 8]]));
}

fn replace(guest: &Guest) {
    let large = avc(0, true, &[&[0x65; 5000]]);
    let out = guest.through("replace", [large.clone(), aac(40)]);
    assert_eq!(out[0].body.to_bytes(), [&large.body.to_bytes()[..], b"!"].concat());
    assert_eq!(out[1].body.to_bytes(), [&aac(40).body.to_bytes()[..], b"!"].concat());
}

fn edit_then_pass(guest: &Guest) {
    assert_eq!(seen(&guest.through("edit-then-pass", everything())), seen(&everything()));
}

fn hold(guest: &Guest) {
    let it = guest.media("hold");
    let mut chain = chain(&it);
    assert!(push(&mut chain, video(0..3)).is_empty(), "three are held");
    assert_eq!(push(&mut chain, [aac(110)]).len(), 1, "frames behind those held do not wait");
    assert_eq!(numbers(&push(&mut chain, video(3..7))), [0, 1, 2, 3, 4, 5]);
    let mut out = Vec::new();
    chain.end(EndReason::SourceEnded, &mut out);
    assert_eq!(numbers(&out), [6], "what is held at the end is released");
}

fn drop_held(guest: &Guest) {
    assert_eq!(numbers(&guest.through("drop-held", video(0..8))), [2, 5, 6, 7]);
}

fn emit(guest: &Guest) {
    let frame = avc(0, true, &[&[0x65, 1]]);
    let out = guest.through("emit", [frame.clone()]);
    let came = frame.payload().to_bytes().to_vec();
    assert_eq!(payloads(&out), [b"before".to_vec(), came.clone(), came]);
    assert_eq!(out.iter().map(|f| f.from_filter).collect::<Vec<_>>(), [true, false, true]);
    assert!(out.iter().all(|f| f.key && f.codec == FourCc::AVC1));
}

fn retain(guest: &Guest) {
    let it = guest.media("delay");
    let mut chain = chain(&it);
    let out = push(&mut chain, video(0..20));
    assert_eq!(numbers(&out), (0..19).collect::<Vec<u8>>());
    let times: Vec<_> = out.iter().map(|f| f.dts_us).collect();
    assert_eq!(times, (1..20).map(|n| n * 40_000).collect::<Vec<i64>>());
}

fn retime(guest: &Guest) {
    let out = guest.through("retime", video(0..3));
    let times: Vec<_> = out.iter().map(|f| (f.dts_us, f.pts_us())).collect();
    assert_eq!(times, [(5_000, 7_000), (45_000, 47_000), (85_000, 87_000)]);
}

fn header(guest: &Guest) {
    let out = guest.through("header", [avc_header(), aac_header(), aac(0)]);
    for (out, came) in out.iter().zip([avc_header(), aac_header()]) {
        assert_eq!(out.body.to_bytes(), [&came.body.to_bytes()[..], &[0xaa]].concat());
    }
    assert_eq!(out[2].body.to_bytes(), aac(0).body.to_bytes());
}

fn header_fault(guest: &Guest) {
    let it = guest.media("header-fault");
    let frames = [avc_header(), video(0..1).remove(0)];
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames));
    let events = it.counters().events;
    assert!(events.faults > 0 && events.traps == 0, "{}", it.counters());
}

fn set_metadata(guest: &Guest) {
    let out = guest.through("metadata", [metadata()]);
    let message = out[0].metadata.as_ref().unwrap();
    let came = metadata().metadata.unwrap();
    let Value::Object(mut expected) = came.value.clone() else { panic!("{came:?}") };
    expected.push(("added".into(), Value::Text(TEXT.into())));
    assert_eq!((message.name.as_str(), &message.value), ("onMetaData", &Value::Object(expected)));
    assert_eq!(out.len(), 1);
}

fn drop_metadata(guest: &Guest) {
    assert_eq!(seen(&guest.through("metadata-drop", [metadata(), aac(0)])), seen(&[aac(0)]));
}

fn tick(guest: &Guest) {
    let it = guest.media("tick");
    let mut chain = chain(&it);
    let out = push(&mut chain, video(0..8));
    let ticks: Vec<_> = messages(&out, "onTick").into_iter().map(|m| m[0].1.clone()).collect();
    assert_eq!(ticks.len(), 2, "{ticks:?}");
    assert_eq!(chain.next_tick_us(), Some(300_000));
    let mut out = Vec::new();
    chain.tick(300_000, &mut out).unwrap();
    assert_eq!(message(&out, "onTick"), fields(&[("now", "300000")]));
}

fn swap(guest: &Guest) {
    let it = guest.media("count");
    let mut chain = chain(&it);
    let mut out = push(&mut chain, video(0..6));
    let mut next = guest.media_spec("count", &[]);
    next.config["text"] = json!("another generation");
    guest.wait(it.reload(next)).unwrap();
    out.extend(push(&mut chain, video(6..13)));
    let counted: Vec<_> = messages(&out, "onCount").into_iter().map(|m| m[0].1.clone()).collect();
    assert_eq!(counted, ["1", "5", "9", "13"], "what was counted goes on over the swap");
    assert_eq!((numbers(&out), it.counters().events.swaps), ((0..13).collect(), 1));
}

fn log(guest: &Guest) {
    let out = guest.through("say", video(0..3));
    assert_eq!(message(&out, "onFlush"), fields(&[("seen", "3")]));
    let log = guest.log();
    let said = log.iter().find(|line| line.contains("said")).unwrap_or_else(|| panic!("{log:?}"));
    assert!(said.contains("Info: ") && said.contains("a=1") && said.contains(TEXT), "{said}");
    assert!(log.iter().any(|line| line.contains("ended") && line.contains("reason=source-ended")), "{log:?}");
}

fn metrics(guest: &Guest) {
    let it = guest.media("say");
    all(&it, video(0..2));
    all(&it, video(0..2));
    let metrics = it.counters().metrics;
    assert_eq!(metrics.get("seen"), Some(&Metric::Counter(4)));
    assert_eq!(metrics.get("level"), Some(&Metric::Gauge(1.5)));
    assert_eq!(metrics.get("sizes"), Some(&Metric::Histogram(2, 20.0)));
}

fn told_of_the_stream(guest: &Guest) {
    let out = guest.through("report", video(0..2));
    let expected = fields(&[
        ("stream", "live/cam"),
        ("query", "a=1,b="),
        ("ip", "192.0.2.7"),
        ("agent", "FMLE/3.0"),
        ("tags", "plan=gold,n=2"),
        ("viewer", "none"),
        ("attempt", "0"),
        ("text", TEXT),
        ("secret", "s3cret"),
        ("none", "true"),
        ("unix_ms", &NOW_MS.to_string()),
        ("onward", "true"),
    ]);
    assert_eq!(message(&out, "onStream"), expected);
}

fn told_of_the_viewer(guest: &Guest) {
    let conn = ConnectionInfo { id: 4, peer_ip: "2001:db8::9".into(), ..ConnectionInfo::default() };
    let key = StreamKey { app: "live".into(), name: "secret".into(), query: fields(&[("t", "7"), ("u", "")]) };
    let viewer = Viewer { id: 1 << 40, conn: Arc::new(conn), key, tags: fields(&[("plan", "free")]) };
    let it = guest.media("report");
    let mut chain = MediaChain::open(&[it], StreamInfo { viewer: Some(Arc::new(viewer)), ..stream() });
    let told = message(&push(&mut chain, video(0..1)), "onStream");
    let of = |name: &str| told.iter().find(|(k, _)| k == name).map(|(_, v)| v.as_str());
    assert_eq!(of("viewer"), Some("1099511627776 2001:db8::9 live/secret t=7,u= plan=free"));
    assert_eq!((of("tags"), of("attempt")), (Some("plan=gold,n=2"), Some("0")));
}

fn told_of_headers(guest: &Guest) {
    let out = guest.through("report", [avc_header(), aac_header()]);
    let video = [
        ("track", "0"),
        ("kind", "video"),
        ("codec", "1635148593"),
        ("width", "0"),
        ("unit_length", "4"),
        ("rate", "0"),
        ("channels", "0"),
        ("bytes", "7"),
    ];
    let audio = [
        ("track", "0"),
        ("kind", "audio"),
        ("codec", "1836069985"),
        ("width", "0"),
        ("unit_length", "0"),
        ("rate", "44100"),
        ("channels", "2"),
        ("bytes", "2"),
    ];
    assert_eq!(messages(&out, "onHeader"), [fields(&video), fields(&audio)]);
}

fn told_of_frames(guest: &Guest) {
    let mut late = video(5..6).remove(0);
    late.dts_us = 5_000_000_000_000;
    let out = guest.through("report", [avc_header(), video(0..1).remove(0), aac(20), late]);
    let units = "9:4+2 6:10+5 5:19+4r";
    let of = |kind, codec, key, dts, size, sei, seq, gop, units, head| {
        fields(&[
            ("track", "0"),
            ("kind", kind),
            ("codec", codec),
            ("key", key),
            ("dts", dts),
            ("pts", dts),
            ("size", size),
            ("sei", sei),
            ("seq", seq),
            ("gop", gop),
            ("units", units),
            ("head", head),
            ("packet", "6 cke et"),
        ])
    };
    let expected = [
        of("video", "1635148593", "true", "0", "23", "true", "1", "1", units, "0.0.0.2"),
        of("audio", "1836069985", "false", "20000", "20", "false", "2", "1", "", "33.33.33.33"),
        of("video", "1635148593", "false", "5000000000000", "23", "true", "3", "1", "9:4+2 6:10+5 1:19+4r", "0.0.0.2"),
    ];
    let told = messages(&out, "onFrame");
    for (told, expected) in told.iter().zip(&expected) {
        assert_eq!(told, expected);
    }
    assert_eq!(told.len(), 3);
}

/// What is not granted, or makes no sense, is refused by an answer: nothing traps.
fn refusals(guest: &Guest) {
    let it = guest.media("refused");
    let out = all(&it, video(0..4));
    let expected = [
        ("late", "out-of-order"),
        ("missing", "no-such-track"),
        ("derive", "denied"),
        ("closed", "denied"),
        ("pressure", "full"),
    ];
    assert_eq!(message(&out, "onRefused"), fields(&expected));
    assert_eq!((numbers(&out), it.counters().events.traps), (vec![0, 1, 2, 3], 0));
    let it = guest.media("add-track");
    assert_eq!(seen(&all(&it, [aac_header(), aac(0)])), seen(&[aac_header(), aac(0)]), "by grant only");
}

fn kv(guest: &Guest) {
    let it = guest.media("kv");
    for sum in ["8", "14"] {
        let out = all(&it, [metadata()]);
        let expected = [
            ("got", "one"),
            ("same", "true"),
            ("two", "two"),
            ("conflict", "conflict"),
            ("sum", sum),
            ("gone", "true"),
            ("other", "denied"),
        ];
        assert_eq!(message(&out, "onKv"), fields(&expected));
    }
}

fn entropy(guest: &Guest) {
    let out = guest.through("entropy", [metadata()]);
    assert_eq!(message(&out, "onEntropy"), fields(&[("bytes", "16"), ("differ", "true")]));
}

fn derive(guest: &Guest) {
    let it = guest.load(guest.media_spec("derive", &["derive"]));
    let mut chain = chain(&it);
    let came = [aac_header(), avc_header(), avc(0, true, &[&[0x65; 50]]), aac(10), aac(31)];
    assert_eq!(seen(&push(&mut chain, came.clone())), seen(&came), "the stream itself is untouched");
    let mut derived = Vec::new();
    chain.take_derived(&mut derived);
    let Derivation::Opened { suffix, tags } = &derived[0].what else { panic!("{derived:?}") };
    assert_eq!((&**suffix, tags), ("_copy", &fields(&[("of", TEXT)])));
    let frames: Vec<Frame> = derived
        .iter()
        .filter_map(|d| if let Derivation::Frame(frame) = &d.what { Some((**frame).clone()) } else { None })
        .collect();
    assert_eq!(message(&frames, "onMetaData"), fields(&[("name", "live/cam_copy")]));
    let sound: Vec<Frame> = frames.into_iter().filter(|f| f.kind == Kind::Audio).collect();
    let bodies = |of: &[Frame]| of.iter().map(|f| (f.content, f.body.to_bytes())).collect::<Vec<_>>();
    assert_eq!(bodies(&sound), bodies(&[came[0].clone(), came[3].clone(), came[4].clone()]));
}

fn add_track(guest: &Guest) {
    let it = guest.load(guest.media_spec("add-track", &["tracks"]));
    let out = all(&it, [aac_header(), aac(0), aac(21)]);
    let told: Vec<_> = out.iter().map(|f| (f.track, f.content, f.dts_us)).collect();
    let expected = [
        (1, Content::Header, 0),
        (0, Content::Header, 0),
        (0, Content::Coded, 0),
        (1, Content::Coded, 0),
        (0, Content::Coded, 21_000),
        (1, Content::Coded, 21_000),
    ];
    assert_eq!(told, expected);
    assert_eq!(out[3].payload().to_bytes(), out[2].payload().to_bytes());
}

fn failing(guest: &Guest, media: MediaFailure) -> Spec {
    Spec { on_failure: OnFailure { media, ..OnFailure::default() }, ..guest.media_spec("trap", &[]) }
}

fn trap(guest: &Guest) {
    let it = guest.load(failing(guest, MediaFailure::Bypass));
    let frames = video(0..12);
    assert_eq!(seen(&all(&it, frames.clone())), seen(&frames));
    let events = it.counters().events;
    assert_eq!((events.traps, events.restarts), (1, 1), "it starts anew, as its second attempt: {}", it.counters());
    let log = guest.log();
    assert!(log.iter().any(|line| line.contains("Error: ") && line.contains("told to trap")), "{log:?}");
}

fn trap_drops(guest: &Guest) {
    let it = guest.load(failing(guest, MediaFailure::DropToKey));
    assert_eq!(numbers(&all(&it, video(0..10))), [0, 1, 4, 5, 6, 7, 8, 9]);
}

fn trap_ends(guest: &Guest) {
    let it = guest.load(failing(guest, MediaFailure::EndStream));
    let mut chain = chain(&it);
    let mut out = Vec::new();
    let ends = video(0..10).into_iter().position(|frame| chain.push(frame, &mut out).is_err());
    assert_eq!((ends, numbers(&out)), (Some(2), vec![0, 1]));
}

fn unsupported(guest: &Guest) {
    let it = guest.media("unsupported");
    assert_eq!(seen(&all(&it, everything())), seen(&everything()));
    assert_eq!((it.counters().events.traps, it.counters().events.restarts), (0, 0));
}
