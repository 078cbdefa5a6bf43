//! What is allowed and what is not, half by half and together.

use guest_sdk::testing::{
    Media, Sample, Session, grant_bucket, log, play, publish, session, set_unix_ms, stream, unix_ms,
};
use guest_sdk::{
    Decision, EndReason, Fault, Grant, MediaFilter, MediaKind, Role, SessionFilter, Summary, TrackInfo, VideoParams,
    fourcc,
};

fn sessions(config: &str) -> Session<limits::Sessions> {
    grant_bucket("limits");
    Session::open(config).unwrap()
}

fn media(config: &str) -> Media<limits::Media> {
    grant_bucket("limits");
    Media::open(config).unwrap()
}

fn picture_track(codec: &[u8; 4], width: u32, height: u32) -> TrackInfo {
    let video =
        VideoParams { width, height, profile: 100, level: 40, bit_depth: 8, frame_rate: (0, 0), unit_length_bytes: 4 };
    TrackInfo {
        id: 0,
        kind: MediaKind::Video,
        codec: fourcc(codec),
        video: Some(video),
        audio: None,
        extra: Vec::new(),
    }
}

/// What the session half answers when it is asked again about the stream that the media half sees.
fn asked_again(config: &str) -> Option<String> {
    let mut publisher = session(Role::Publishing, "live/cam", Vec::new());
    publisher.stream = Some(stream("live/cam").id);
    match sessions(config).on_recheck(&publisher) {
        Decision::Deny(denial) => Some(denial.reason),
        Decision::Abstain => None,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_terms_are_the_routers_to_keep() {
    let mut filter = sessions(r#"{ "max_kbps": 6000, "max_duration_s": 60 }"#);
    let terms = Grant { max_kbps: Some(6000), max_duration_ms: Some(60_000), ..Grant::default() };
    assert_eq!(filter.on_publish(&publish("live/cam")), Decision::Allow(terms), "nothing to ask again for");
    let mut filter = sessions(r#"{ "max_width": 1920, "recheck_ms": 500 }"#);
    let asked_again = Grant { recheck_ms: Some(500), ..Grant::default() };
    assert_eq!(filter.on_publish(&publish("live/cam")), Decision::Allow(asked_again));
    assert_eq!(filter.on_play(&play("live/cam")), Decision::Abstain, "viewers are not counted");
}

#[test]
fn pictures_that_are_too_large_send_their_publisher_away() {
    let config = r#"{ "max_width": 1920, "max_height": 1080 }"#;
    let mut filter = media(config);
    assert!(filter.subscription().frames.is_empty(), "no frame is asked for");
    filter.header(&picture_track(b"avc1", 1920, 1080), &[1]).unwrap();
    assert_eq!(asked_again(config), None);
    filter.header(&picture_track(b"avc1", 1920, 1088), &[1]).unwrap();
    let reason = asked_again(config).expect("too high");
    assert_eq!(reason, "pictures of 1920x1088: no more than 1080 high is allowed here");
    assert!(format!("{:?}", log()).contains("live/cam"));
}

#[test]
fn codecs_are_known_by_their_headers_or_by_their_frames() {
    let config = r#"{ "video_codecs": ["avc1"], "audio_codecs": ["mp4a", "alaw"] }"#;
    let mut filter = media(config);
    let asked: Vec<u32> = filter.subscription().frames.iter().flat_map(|i| i.codecs.clone()).collect();
    assert!(asked.contains(&fourcc(b"ulaw")) && !asked.contains(&fourcc(b"alaw")), "what is allowed is not looked at");
    filter.header(&picture_track(b"avc1", 640, 360), &[1]).unwrap();
    assert_eq!(asked_again(config), None);
    filter.frame(&Sample::bytes(MediaKind::Audio, fourcc(b"ulaw"), &[0; 160]));
    assert_eq!(asked_again(config).unwrap(), "audio of the codec ulaw is not allowed here");
    let config = r#"{ "video_codecs": [] }"#;
    media(config).header(&picture_track(b"hvc1", 640, 360), &[1]).unwrap();
    assert!(asked_again(config).unwrap().contains("hvc1"));
}

#[test]
fn pictures_are_counted_over_two_seconds_twice() {
    let config = r#"{ "max_fps": 30 }"#;
    let run = |fps: i64, seconds: i64| {
        let mut filter = media(config);
        for n in 0..fps * seconds {
            let at = n * 1000 / fps;
            filter.frame(&Sample::h264(&[b"\x41p"]).at_ms(at, at));
        }
        asked_again(config)
    };
    assert_eq!(run(30, 10), None);
    assert_eq!(run(60, 3), None, "one window is no proof");
    assert_eq!(run(60, 6).unwrap(), "60 pictures per second: no more than 30 are allowed here");
}

#[test]
fn places_for_viewers_are_taken_given_back_and_lost() {
    let config = r#"{ "max_viewers": 2 }"#;
    let mut filter = sessions(config);
    let ask = |filter: &mut Session<limits::Sessions>, viewer: u64, path: &str| {
        let mut request = play(path);
        request.conn.id = viewer;
        match filter.on_play(&request) {
            Decision::Allow(grant) => {
                assert!(grant.recheck_ms.is_some(), "a place is renewed");
                true
            }
            Decision::Deny(denial) => {
                assert!(denial.reason.contains("no more than 2"), "{}", denial.reason);
                false
            }
            other => panic!("{other:?}"),
        }
    };
    let viewer = |viewer: u64| {
        let mut viewing = session(Role::Playing, "live/cam", Vec::new());
        viewing.conn.id = viewer;
        viewing
    };
    assert!(ask(&mut filter, 1, "live/cam") && ask(&mut filter, 2, "live/cam?token=x"));
    assert!(!ask(&mut filter, 3, "live/cam"));
    assert!(ask(&mut filter, 3, "live/other"), "of another stream");
    assert!(ask(&mut filter, 2, "live/cam"), "who is there may ask twice");
    let how = Summary { bytes_in: 0, bytes_out: 0, duration_ms: 0, reason: EndReason::SourceEnded };
    filter.on_close(&viewer(1), &how);
    assert!(ask(&mut filter, 3, "live/cam"));
    // Another instance, after a while in which only one of them was renewed.
    let mut filter = sessions(config);
    set_unix_ms(unix_ms() + 60_000);
    assert_eq!(filter.on_recheck(&viewer(2)), Decision::Abstain);
    assert!(!ask(&mut filter, 4, "live/cam"));
    set_unix_ms(unix_ms() + 6_000);
    assert!(ask(&mut filter, 4, "live/cam"), "the place of who was never heard of again is free");
    assert!(!ask(&mut filter, 5, "live/cam"));
}

#[test]
fn without_its_bucket_nobody_gets_in_to_be_counted() {
    let mut filter: Session<limits::Sessions> =
        Session::open(r#"{ "max_viewers": 2, "bucket": "elsewhere" }"#).unwrap();
    match filter.on_play(&play("live/cam")) {
        Decision::Deny(denial) => assert_eq!(denial.reason, "not available at the moment", "why is not theirs"),
        other => panic!("{other:?}"),
    }
    let told = format!("{:?}", log());
    assert!(["viewers cannot be counted", "elsewhere", "grants"].iter().all(|word| told.contains(word)), "{told}");
}

#[test]
fn a_wrong_configuration_is_refused_with_the_key_and_what_is_expected() {
    let cases = [
        ("{}", "max_kbps: missing; expected at least one limit"),
        (r#"{ "max_kbps": 0 }"#, "max_kbps: expected more than 0"),
        (r#"{ "max_fps": -1 }"#, "max_fps: expected more than 0, at most 1000"),
        (r#"{ "max_viewers": 2001 }"#, "max_viewers: expected at most 2000"),
        (r#"{ "max_width": 1, "recheck_ms": 5 }"#, "recheck_ms: expected 100 to 60000"),
        (r#"{ "video_codecs": ["h264"] , "audio_codecs": ["aac"] }"#, "audio_codecs[0]: `aac`: expected a FourCC"),
        (r#"{ "max_kpbs": 5 }"#, "max_kpbs: unknown field `max_kpbs`, expected one of `max_kbps`"),
    ];
    for (config, expect) in cases {
        match Session::<limits::Sessions>::open(config) {
            Err(Fault::InvalidConfig(text)) => assert!(text.starts_with(expect), "{config}: {text}"),
            Err(other) => panic!("{config}: {other:?}"),
            Ok(_) => panic!("{config}: accepted"),
        }
    }
}

#[test]
fn its_schema_names_every_key() {
    let schema = <limits::Media as MediaFilter>::describe().config_schema.unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let keys: Vec<_> = schema["properties"].as_object().unwrap().keys().map(String::as_str).collect();
    let all = [
        "audio_codecs",
        "bucket",
        "max_duration_s",
        "max_fps",
        "max_height",
        "max_kbps",
        "max_viewers",
        "max_width",
        "recheck_ms",
        "video_codecs",
    ];
    assert_eq!(keys, all);
}
