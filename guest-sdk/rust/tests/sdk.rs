//! What authors rely on: settings that are read with clear faults, exports that fail closed, a fake host that keeps the contract.

use guest_sdk::bindings::exports::weir::filter::{jobs, lifecycle, session};
use guest_sdk::testing::{self, Item, Media, Sample, Session};
use guest_sdk::{
    Config, Decision, Description, Fault, Frame, FrameFlags, FrameMeta, Interest, JobEvent, JobExports, JobPlanner,
    MediaFilter, MediaKind, PublishRequest, Rendition, SavedState, Scalar, SessionExports, SessionFilter, StreamInfo,
    Subscription, Verdict, clock, entropy, fourcc, kv, log, metrics, outbound, output, secret,
};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Gate {
    word: String,
}

impl SessionFilter for Gate {
    fn describe() -> Description {
        Description::new("gate", "1.0.0", "Knows a word.")
    }

    fn configure(config: Config) -> Result<Gate, Fault> {
        config.parse()
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        if request.key.argument("word") == Some(&self.word) { Decision::allow() } else { Decision::deny("no") }
    }
}

guest_sdk::export_session!(Gate);

type Exports = SessionExports<Gate>;

#[test]
fn a_session_filter_denies_until_it_is_configured() {
    let request = || testing::publish("live/cam?word=please");
    let early = <Exports as session::Guest>::on_publish(request());
    assert!(matches!(&early, Decision::Deny(d) if d.reason.contains("not configured")), "{early:?}");

    drop(Session::<Gate>::open(r#"{ "word": "please" }"#).unwrap());
    <Exports as lifecycle::Guest>::configure().unwrap();
    assert_eq!(<Exports as session::Guest>::on_publish(request()), Decision::allow());
    let wrong = <Exports as session::Guest>::on_publish(testing::publish("live/cam"));
    assert_eq!(wrong, Decision::deny("no"));
    assert_eq!(<Exports as session::Guest>::on_play(testing::play("live/cam")), Decision::Abstain);
    assert_eq!(<Exports as session::Guest>::on_connect(testing::connection("live")), Decision::Abstain);
}

#[test]
fn a_fault_of_the_settings_names_the_key_and_keeps_the_filter_out() {
    let refused = Session::<Gate>::open(r#"{ "word": 7 }"#).err();
    let text = "word: invalid type: integer `7`, expected a string";
    assert_eq!(refused, Some(Fault::InvalidConfig(text.into())));
    assert_eq!(
        <Exports as lifecycle::Guest>::configure(),
        Err(Fault::InvalidConfig(text.into())),
        "the host's table is what configure reads"
    );
    let early = <Exports as session::Guest>::on_publish(testing::publish("live/cam?word=7"));
    assert!(matches!(early, Decision::Deny(_)));
}

struct Planner;

impl JobPlanner for Planner {
    fn describe() -> Description {
        Description::new("planner", "1.0.0", "One rendition each.")
    }

    fn configure(_: Config) -> Result<Planner, Fault> {
        Ok(Planner)
    }

    fn plan(&mut self, stream: &StreamInfo) -> Result<Vec<Rendition>, Fault> {
        let params = vec![("of".into(), stream.key.path())];
        Ok(vec![Rendition { suffix: "_low".into(), profile: "low".into(), params, priority: 1 }])
    }

    fn on_job(&mut self, _: u64, suffix: &str, event: &JobEvent) {
        log::info(&format!("{suffix}: {event:?}"));
    }
}

#[test]
fn a_planner_is_asked_once_it_is_configured() {
    type Exports = JobExports<Planner>;
    let early = <Exports as jobs::Guest>::plan(testing::stream("live/cam"));
    assert_eq!(early.unwrap_err(), Fault::Internal("called before configure".into()));
    <Exports as lifecycle::Guest>::configure().unwrap();
    let plan = <Exports as jobs::Guest>::plan(testing::stream("live/cam")).unwrap();
    assert_eq!(plan[0].params, [("of".to_owned(), "live/cam".to_owned())]);
    <Exports as jobs::Guest>::on_job(1, "_low".into(), JobEvent::Restarted(2));
    assert_eq!(testing::log()[0].message, "_low: JobEvent::Restarted(2)");
}

/// Does to each frame what its table says.
struct Editor(String);

impl MediaFilter for Editor {
    type Settings = String;

    fn describe() -> Description {
        Description::new("editor", "1.0.0", "").with_state_schema(1)
    }

    fn configure(config: Config) -> Result<String, Fault> {
        #[derive(Deserialize)]
        struct Table {
            edit: String,
        }
        config.parse::<Table>().map(|t| t.edit)
    }

    fn open(edit: &String, _: StreamInfo, resume: Option<SavedState>) -> Result<Editor, Fault> {
        match resume {
            Some(state) if state.schema != 1 => Err(Fault::IncompatibleState),
            _ => Ok(Editor(edit.clone())),
        }
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to([Interest::units(fourcc(b"avc1"), 1 << 6), Interest::audio()]).hold(2).with_headers()
    }

    fn on_frame(&mut self, meta: &FrameMeta, frame: &mut Frame<'_>) -> Verdict {
        match self.0.as_str() {
            "nothing" => Verdict::Edited,
            "last-wins" => {
                frame.replace_unit(0, b"\x06first");
                frame.replace_unit(0, b"\x06second");
                Verdict::Edited
            }
            "around" => {
                frame.insert_unit(0, b"\x06a");
                frame.insert_unit(0, b"\x06b");
                frame.insert_unit(2, b"\x06z");
                Verdict::Edited
            }
            "all" => {
                frame.remove_unit(0);
                frame.remove_unit(1);
                Verdict::Edited
            }
            "types" => {
                assert_eq!(frame.remove_units(1 << 6), 1);
                assert_eq!(frame.remove_units(1 << 7), 0);
                Verdict::Edited
            }
            "found" => {
                assert_eq!(frame.units_of(1 << 1 | 1 << 6).collect::<Vec<_>>(), [0, 1]);
                assert_eq!(frame.units_of(1 << 7).count(), 0);
                for index in frame.units_of(1 << 6) {
                    frame.remove_unit(index);
                    assert_eq!(frame.units_of(1 << 6).collect::<Vec<_>>(), [index], "as the frame came");
                }
                Verdict::Edited
            }
            "out-of-range" => {
                frame.remove_unit(2);
                Verdict::Edited
            }
            "order" => {
                let packet = frame.retain();
                output::emit_after(*meta, &packet).unwrap();
                output::emit_before(*meta, &output::Packet::new(&packet.read(4, 2))).unwrap();
                frame.retime(meta.dts + 1, meta.pts + 2);
                Verdict::Edited
            }
            "hold" => Verdict::Hold,
            _ => Verdict::Pass,
        }
    }
}

const SEI: &[u8] = b"\x06s";
const SLICE: &[u8] = b"\x41x";

fn edited(edit: &str) -> testing::Outcome {
    let mut stream = Media::<Editor>::open(&format!("{{ \"edit\": \"{edit}\" }}")).unwrap();
    stream.frame(&Sample::h264(&[SEI, SLICE]).at_ms(40, 80))
}

fn h264(units: &[&[u8]]) -> Vec<u8> {
    Sample::h264(units).payload()
}

#[test]
fn edits_of_units_make_the_frame_that_the_host_makes() {
    assert_eq!(edited("nothing").frames(), [h264(&[SEI, SLICE])]);
    assert_eq!(edited("last-wins").frames(), [h264(&[b"\x06second", SLICE])]);
    assert_eq!(edited("around").frames(), [h264(&[b"\x06a", b"\x06b", SEI, SLICE, b"\x06z"])]);
    assert!(edited("all").out.is_empty(), "a frame left empty is dropped");
    assert_eq!(edited("types").frames(), [h264(&[SLICE])]);
    assert_eq!(edited("found").frames(), [h264(&[SLICE])]);
}

#[test]
#[should_panic(expected = "no unit has the index 2")]
fn an_index_out_of_range_traps() {
    edited("out-of-range");
}

#[test]
#[should_panic(expected = "called outside a hook")]
fn output_outside_a_hook_traps() {
    output::release_held(1);
}

#[test]
fn emissions_stand_around_the_frame_and_are_marked() {
    let outcome = edited("order");
    let whole = h264(&[SEI, SLICE]);
    assert_eq!(outcome.frames(), [SEI.to_vec(), whole.clone(), whole]);
    assert_eq!(outcome.times()[1], (40_001, 80_002));
    let made = |i: usize| match &outcome.out[i] {
        Item::Frame(meta, _) => meta.flags.contains(FrameFlags::FROM_FILTER),
        other => panic!("{other:?}"),
    };
    assert_eq!([made(0), made(1), made(2)], [true, false, true]);
}

#[test]
fn frames_that_were_not_asked_for_are_not_shown() {
    let mut stream = Media::<Editor>::open(r#"{ "edit": "hold" }"#).unwrap();
    assert_eq!(stream.frame(&Sample::h264(&[SLICE])).verdict, None);
    assert_eq!(stream.frame(&Sample::hevc(&[&[78, 1, 2]])).verdict, None);
    assert_eq!(stream.frame(&Sample::bytes(MediaKind::Data, 0, b"x")).verdict, None);
    assert_eq!(stream.frame(&Sample::aac(b"a")).verdict, Some(Verdict::Hold));
}

#[test]
fn held_frames_are_bounded_and_released_at_the_end() {
    let mut stream = Media::<Editor>::open(r#"{ "edit": "hold" }"#).unwrap();
    assert!(stream.frame(&Sample::aac(b"1")).out.is_empty());
    assert!(stream.frame(&Sample::aac(b"2")).out.is_empty());
    assert_eq!(stream.frame(&Sample::aac(b"3")).frames(), [b"1"], "the oldest goes when one more comes");
    assert_eq!(stream.flush().frames(), [b"2", b"3"]);
}

#[test]
fn key_frames_of_the_default_track_count_groups() {
    let mut stream = Media::<Editor>::open(r#"{ "edit": "nothing" }"#).unwrap();
    let mut gops = Vec::new();
    for sample in [
        Sample::h264(&[SEI]).key(),
        Sample::h264(&[SEI]).on_track(1).key(),
        Sample::h264(&[SEI]),
        Sample::h264(&[SEI]).key(),
    ] {
        match &stream.frame(&sample).out[..] {
            [Item::Frame(meta, _)] => gops.push((meta.seq, meta.gop)),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(gops, [(0, 1), (1, 1), (2, 1), (3, 2)]);
}

#[test]
fn a_state_of_another_schema_is_refused() {
    let open = |schema| {
        let state = SavedState { schema, data: Vec::new() };
        Media::<Editor>::open_stream(r#"{ "edit": "nothing" }"#, testing::stream("live/cam"), Some(state)).map(drop)
    };
    assert_eq!(open(1), Ok(()));
    assert_eq!(open(2), Err(Fault::IncompatibleState));
}

#[test]
fn values_of_the_host_expire_conflict_and_need_a_grant() {
    assert!(matches!(kv::get("b", "k"), Err(kv::KvError::Denied)));
    testing::grant_bucket("b");
    let version = kv::set("b", "k", b"1", Some(1000)).unwrap();
    assert!(matches!(kv::compare_and_set("b", "k", None, b"2", None), Err(kv::KvError::Conflict)));
    assert!(kv::compare_and_set("b", "k", Some(version), b"2", Some(1000)).unwrap() > version);
    testing::set_unix_ms(testing::unix_ms() + 1000);
    assert!(kv::get("b", "k").unwrap().is_none(), "gone after its time");
    assert_eq!((kv::add("b", "n", 5, None).unwrap(), kv::add("b", "n", -2, None).unwrap()), (5, 3));
    kv::delete("b", "n").unwrap();
    assert_eq!(kv::add("b", "n", 1, None).unwrap(), 1);
}

#[test]
fn the_rest_of_the_host_answers_as_it_was_told() {
    assert_eq!(secret("key"), None);
    testing::set_secret("key", "s3cret");
    assert_eq!(secret("key").as_deref(), Some("s3cret"));

    let started = clock::monotonic_ns();
    testing::set_unix_ms(clock::unix_ms() + 5);
    assert_eq!(clock::monotonic_ns() - started, 5_000_000);

    metrics::add("seen", 2);
    metrics::add("seen", 1);
    metrics::set("level", 0.5);
    metrics::observe("sizes", 9.0);
    assert_eq!((testing::counter("seen"), testing::gauge("level"), testing::counter("sizes")), (3, Some(0.5), 1));
    assert_ne!(entropy::fill(16), entropy::fill(16));

    let request = outbound::Request {
        method: "GET".into(),
        url: "https://auth.example/".into(),
        headers: Vec::new(),
        body: Vec::new(),
        timeout_ms: 100,
    };
    assert!(matches!(outbound::send(&request), Err(outbound::CallError::Denied)));
    testing::reply_http(Ok(outbound::Response { status: 204, headers: Vec::new(), body: Vec::new() }));
    assert_eq!(outbound::send(&request).unwrap().status, 204);
    assert_eq!(testing::http_requests().len(), 2);
}

#[test]
fn facts_are_read_off_the_plain_data() {
    let key = testing::key("live/eu/cam?key=a&key=b&flag");
    assert_eq!((key.path(), key.argument("key"), key.argument("flag")), ("live/eu/cam".into(), Some("a"), Some("")));
    assert_eq!(key.argument("other"), None);
    let meta = guest_sdk::Metadata { name: "onMetaData".into(), fields: vec![("width".into(), Scalar::Number(2.0))] };
    assert_eq!((meta.field("width"), meta.field("height")), (Some(&Scalar::Number(2.0)), None));
    assert_eq!(fourcc(b"avc1"), 0x6176_6331);
}

struct Doubles {
    own: Option<u16>,
}

impl MediaFilter for Doubles {
    type Settings = ();

    fn describe() -> Description {
        Description::new("doubles", "1.0.0", "The sound a second time.")
    }

    fn configure(_: Config) -> Result<(), Fault> {
        Ok(())
    }

    fn open(_: &(), _: StreamInfo, _: Option<SavedState>) -> Result<Self, Fault> {
        Ok(Doubles { own: None })
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to([Interest::audio()]).with_headers()
    }

    fn on_header(&mut self, track: &guest_sdk::TrackInfo, _: &[u8], frame: &mut Frame<'_>) -> Result<Verdict, Fault> {
        let added = output::add_track(track, Some(&frame.retain()));
        self.own = added.map_err(|e| Fault::Internal(format!("{e:?}"))).map(Some)?;
        Ok(Verdict::Pass)
    }
}

#[test]
fn a_track_is_added_by_grant_only_and_not_over_the_publishers_own() {
    let track = testing::audio_track();
    let mut stream = Media::<Doubles>::open("{}").unwrap();
    let refused = stream.header(&track, b"record").unwrap_err();
    assert!(matches!(&refused, Fault::Internal(why) if why.contains("Denied")), "{refused:?}");
    testing::grant_tracks();
    let out = stream.header(&track, b"record").unwrap().out;
    assert_eq!(out, [Item::Header(1, b"record".to_vec()), Item::Header(track.id, b"record".to_vec())]);
}
