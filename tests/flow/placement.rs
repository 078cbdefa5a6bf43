//! Filters that no frame waits for: they look on, or make streams of their own, at their own pace.

use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{assert_same, player, publisher, receive, recorded, send, tags, unpublish};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router, build_filter};
use weir_tests::rtmp::{Client, Message};
use weir_tests::tone::Sound;
use weir_tests::{clip, numbered, wait};

const FRAMES: u64 = 250;

/// A filter that never comes back from the sixth frame while the test runs, behind a queue of 400 ms.
fn stuck(placement: &str, overflow: &str) -> String {
    let module = build_filter("filters/conformance/hostile");
    let grants = if placement == "beside" { "[\"derive\"]" } else { "[]" };
    format!(
        "[filters.slow]\nsource = \"file:{}\"\nplacement = \"{placement}\"\nqueue = \"400ms\"\noverflow = \"{overflow}\"\n\
         grants = {grants}\nlimits = {{ media_time = \"20s\" }}\nconfig = {{ deed = \"loop\", hook = \"frame\", after = 5 }}\n\
         [apps.live]\nmedia = [\"slow\"]\n",
        module.display()
    )
}

/// The line of the report that tells of a filter's queue.
fn report(router: &Router) -> String {
    router.report("queued_most_ms=")
}

fn counted(line: &str, what: &str) -> u64 {
    let value = line.split(&format!(" {what}=")).nth(1).and_then(|rest| rest.split([' ', '\u{1b}']).next());
    value.and_then(|value| value.trim().parse().ok()).unwrap_or_else(|| panic!("no {what} in {line}"))
}

/// How often the filter's `on-frame` has come back.
fn calls(router: &Router) -> u64 {
    report(router);
    let said = router.process.said();
    let line = said.lines().rev().find(|l| l.contains("on-frame"));
    line.and_then(|l| l.split("on-frame").nth(1)?.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

#[test]
fn one_that_hangs_leaves_threads_to_the_others() {
    let (bad, good) = (build_filter("filters/conformance/hostile"), build_filter("filters/conformance/noop"));
    let router = Router::start(&format!(
        "[filters.hangs]\nsource = \"file:{}\"\nplacement = \"beside\"\ngrants = [\"derive\"]\n\
         limits = {{ media_time = \"60s\" }}\nconfig = {{ deed = \"loop\" }}\n\
         [filters.looks]\nsource = \"file:{}\"\nplacement = \"observe\"\nqueue = \"1m\"\n\
         [apps.bad]\nmedia = [\"hangs\"]\n[apps.live]\nmedia = [\"looks\"]\n",
        bad.display(),
        good.display()
    ));
    let frames: Vec<Tag> = (0..50).map(|n| numbered::video(n, 300)).collect();
    // More streams than there are threads.
    let threads = std::thread::available_parallelism().map_or(1, usize::from).max(4) * 4;
    let _hang: Vec<Client> = (0..2 * threads)
        .map(|n| {
            let mut source = publisher(&router, "bad", &format!("cam{n}"));
            send(&mut source, &frames[..5]);
            let mut viewer = player(&router, "bad", &format!("cam{n}"));
            receive(&mut viewer, "a frame", |m| m.kind == VIDEO);
            source
        })
        .collect();
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &frames);
    wait::until("all frames shown to who looks on", || calls(&router) >= frames.len() as u64);
}

/// Publishes numbered frames and plays them; a player gets every one although the filter is stuck at one of the first.
fn plays_on(router: &Router) -> String {
    let mut source = publisher(router, "live", "cam");
    let mut viewer = player(router, "live", "cam");
    let header = [numbered::header(), numbered::audio_header()];
    let mut sent = header.to_vec();
    send(&mut source, &header);
    let first: Vec<Tag> = (0..3).flat_map(|n| [numbered::video(n, 300), numbered::audio(n)]).collect();
    send(&mut source, &first);
    sent.extend(first);
    wait::until("five frames shown to it", || calls(router) >= 5);
    for n in 3..FRAMES {
        let frames = [numbered::video(n, 300), numbered::audio(n)];
        send(&mut source, &frames);
        sent.extend(frames);
    }
    let last = FRAMES - 1;
    let got = receive(&mut viewer, "the last frame", |m| m.kind == AUDIO && numbered::number(&m.tag()) == Some(last));
    let numbers = |tags: &[Tag], kind: u8| -> Vec<u64> {
        tags.iter().filter(|t| t.kind == kind).filter_map(numbered::number).collect()
    };
    let got = tags(&got);
    for kind in [VIDEO, AUDIO] {
        assert_eq!(numbers(&got, kind), numbers(&sent, kind));
    }
    let line = report(router);
    assert_eq!(calls(router), 5, "the filter has not come back yet");
    unpublish(&mut source, "cam");
    receive(&mut viewer, "the end", |m| m.status().is_some_and(|s| s.code == "NetStream.Play.UnpublishNotify"));
    line
}

#[test]
fn players_get_every_frame_while_a_filter_that_observes_is_stuck() {
    let router = Router::start(&stuck("observe", "bypass"));
    let line = plays_on(&router);
    assert!((1..=400).contains(&counted(&line, "queued_most_ms")), "{line}");
    // Of those that came behind the sixth, the first and 400 ms behind it wait; every frame is counted somewhere.
    let (waiting, lost) = (counted(&line, "queued"), counted(&line, "overflow_frames"));
    assert_eq!((waiting + lost + 6, counted(&line, "overflows")), (2 * FRAMES, 1), "{line}");
    router.process.line("the overflow", |l| l.contains("filter=\"slow\"") && l.contains("its queue is full"));
}

#[test]
fn players_get_every_frame_while_a_filter_beside_is_stuck() {
    let router = Router::start(&stuck("beside", "drop-to-key"));
    let line = plays_on(&router);
    assert!(counted(&line, "overflows") > 1 && counted(&line, "detached_streams") == 0, "{line}");
    assert!(counted(&line, "queued") <= 22, "{line}");
}

#[test]
fn frames_that_none_refers_to_are_dropped_first() {
    let router = Router::start(&stuck("observe", "drop-disposable"));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header()]);
    // Every second picture is one that no other refers to.
    let picture = |n: u64| {
        let mut tag = numbered::video(n, 300);
        if n % 2 == 1 {
            tag.body[0] = 0x37;
        }
        tag
    };
    send(&mut source, &(0..6).map(picture).collect::<Vec<_>>());
    wait::until("six frames shown to it", || calls(&router) >= 5 && counted(&report(&router), "queued") == 0);
    // Frame 6 and 400 ms behind it fit; then the disposable ones make room for four frames more, and each that comes goes.
    send(&mut source, &(6..22).map(picture).collect::<Vec<_>>());
    let line = router.reports("queued_most_ms=", |line| counted(line, "overflow_frames") >= 5);
    assert_eq!((counted(&line, "queued"), counted(&line, "overflow_frames")), (11, 5), "{line}");
}

#[test]
fn a_filter_may_leave_a_stream_that_it_cannot_follow() {
    let router = Router::start(&stuck("observe", "detach"));
    let line = plays_on(&router);
    assert_eq!((counted(&line, "detached_streams"), counted(&line, "queued")), (1, 0), "{line}");
    router.process.line("the line of it", |l| l.contains("filter=\"slow\"") && l.contains("it leaves this stream"));
}

#[test]
fn a_transcoder_beside_plays_in_ffmpeg_and_the_stream_is_whole() {
    let module = build_filter("filters/g711-transcode");
    let router = Router::start(&format!(
        "[filters.g711]\nsource = \"file:{}\"\nplacement = \"beside\"\nqueue = \"30s\"\ngrants = [\"derive\"]\n\
         [apps.live]\nmedia = [\"g711\"]\n{PATIENT}\n",
        module.display()
    ));
    let clip = clip::h264();
    let files = recorded(&router, &clip, &["cam", "cam_g711"]);
    let sent = flv::read(&clip);
    for kind in [VIDEO, AUDIO] {
        assert_same(kind, &sent, &flv::read(&files[0]));
    }
    // To the last picture and sound: the end of the stream waits for what the filter still has to see.
    assert_same(VIDEO, &sent, &flv::read(&files[1]));
    let sound = Sound::decode(Ffmpeg::Old, &files[1], 8_000);
    assert!((7.9..8.2).contains(&sound.seconds()), "{} s of sound", sound.seconds());
    assert!(sound.share_of(440.0) > 0.98, "440 Hz: {}", sound.share_of(440.0));
    let pictures = sent.iter().filter(|t| t.is_picture()).count();
    assert_eq!(Ffmpeg::Old.decode(&files[1], "0:v").len(), pictures);
    let line = report(&router);
    assert_eq!((counted(&line, "overflows"), counted(&line, "queued")), (0, 0), "{line}");
}

#[test]
fn a_trap_beside_leaves_the_stream_whole() {
    let module = build_filter("filters/conformance/hostile");
    let router = Router::start(&format!(
        "[filters.bad]\nsource = \"file:{}\"\nplacement = \"beside\"\ngrants = [\"derive\"]\n\
         config = {{ deed = \"trap\", hook = \"frame\", after = 40 }}\n[apps.live]\nmedia = [\"bad\"]\n{PATIENT}\n",
        module.display()
    ));
    let clip = clip::h264();
    let files = recorded(&router, &clip, &["cam"]);
    let sent = flv::read(&clip);
    for kind in [VIDEO, AUDIO] {
        assert_same(kind, &sent, &flv::read(&files[0]));
    }
    router.process.line("the trap", |l| l.contains("filter=\"bad\"") && l.contains("it failed in on-frame"));
}

#[test]
fn a_publisher_that_comes_back_finds_the_filter_and_the_players_of_what_it_derives() {
    let module = build_filter("filters/audio-only");
    let router = Router::start(&format!(
        "[filters.audio]\nsource = \"file:{}\"\nplacement = \"beside\"\nqueue = \"30s\"\ngrants = [\"derive\"]\n\
         [apps.live]\nmedia = [\"audio\"]\n",
        module.display()
    ));
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    viewer.play("cam_audio").expect("a connection");
    router.wait_for_players("live/cam_audio", 1);
    let frames: Vec<Tag> = [numbered::audio_header()].into_iter().chain((0..50).map(numbered::audio)).collect();
    let mut seen = Vec::new();
    for round in 0..2 {
        let mut source = publisher(&router, "live", "cam");
        send(&mut source, &frames);
        let is_last = |m: &Message| m.kind == AUDIO && numbered::number(&m.tag()) == Some(49);
        seen.extend(receive(&mut viewer, &format!("the last of round {round}"), is_last));
        // Lost without a word.
        let mark = router.process.mark();
        drop(source);
        router.process.line_after(mark, "end", |l| l.contains("stream=live/cam}") && l.contains(": published "));
    }
    let told = seen.iter().filter_map(Message::status).find(|s| s.code.contains("Unpublish"));
    assert!(told.is_none(), "players wait as the stream's own do: {told:?}");
    let times: Vec<u32> = seen.iter().filter(|m| m.kind == AUDIO).map(|m| m.time_ms).collect();
    assert!(times.windows(2).all(|pair| pair[0] <= pair[1]), "{times:?}");
    let numbers: Vec<u64> = tags(&seen).iter().filter(|t| t.kind == AUDIO).filter_map(numbered::number).collect();
    assert_eq!(numbers, (0..50).chain(0..50).collect::<Vec<_>>());
}
