//! Publishers that die and come back, backup inputs, and time: what players notice of them.

use std::time::Instant;

use weir_tests::ffmpeg::{self, Ffmpeg};
use weir_tests::flow::{ended, player, publisher, receive, send, unpublish};
use weir_tests::flv::{AUDIO, Tag, VIDEO};
use weir_tests::process::Process;
use weir_tests::router::Router;
use weir_tests::rtmp::amf::Value;
use weir_tests::rtmp::{Client, Message};
use weir_tests::{clip, flv, numbered};

/// Whether the picture is of this codec: 7 is H.264, 2 Sorenson, and 13 stands for Enhanced RTMP.
fn codec(tag: &Tag) -> u8 {
    if tag.body[0] & 0x80 != 0 { 13 } else { tag.body[0] & 0x0f }
}

fn is_key_of(wanted: u8) -> impl Fn(&Message) -> bool {
    move |m| m.kind == VIDEO && m.tag().is_key() && codec(&m.tag()) == wanted
}

/// Publishes a clip over and over, at its own pace.
fn publish_forever(ffmpeg: Ffmpeg, clip: &std::path::Path, url: &str) -> Process {
    let mut command = ffmpeg.command();
    command.args(["-re", "-stream_loop", "-1", "-i"]).arg(clip).args(["-c", "copy", "-f", "flv", url]);
    Process::start("ffmpeg publishing", &mut command)
}

/// Nothing was said of an end, and no track's time went back.
fn assert_one_stream(seen: &[Message]) {
    for message in seen {
        if let Some(status) = message.status() {
            assert!(!status.code.contains("Unpublish") && status.level != "error", "{status:?}");
        }
    }
    for kind in [AUDIO, VIDEO] {
        let times: Vec<u32> = seen.iter().filter(|m| m.kind == kind).map(|m| m.time_ms).collect();
        let back = times.windows(2).find(|pair| pair[0] > pair[1]);
        assert!(back.is_none(), "time of kind {kind} goes back: {back:?}");
    }
}

#[test]
fn a_killed_publisher_that_comes_back_is_one_stream_to_its_players() {
    let router = Router::start("[apps.live]");
    let url = router.url("live/cam");
    let mut first = publish_forever(Ffmpeg::Old, &clip::h264(), &url);
    router.process.line("publisher", |l| l.contains(": publishing "));
    let mut viewer = player(&router, "live", "cam");
    let mut seen = receive(&mut viewer, "picture", is_key_of(7));
    let file = router.file("both.flv");
    let mut recorder = ffmpeg::rtmpdump(&url, &file);
    router.process.line("recorder", |l| l.contains(": playing ") && l.contains("LNX"));
    // The same again, then another codec.
    for (ffmpeg, clip, codec) in [(Ffmpeg::Old, clip::h264(), 7), (Ffmpeg::New, clip::hevc(), 13)] {
        let mark = router.process.mark();
        first.signal("KILL");
        first.wait();
        router.process.line_after(mark, "end of the publisher", |l| l.contains(": published "));
        let mut header = false;
        first = publish_forever(ffmpeg, &clip, &url);
        let mut began = None;
        let after = receive(&mut viewer, "picture of the next one", |m| {
            header |= m.kind == VIDEO && m.tag().is_header();
            if header {
                began.get_or_insert_with(Instant::now);
            }
            header && is_key_of(codec)(m)
        });
        eprintln!(
            "key frame {:?} after the header of the publisher that came back",
            began.expect("a header").elapsed()
        );
        // Nothing of what came between the header and the key frame needs one that nobody has.
        let first_picture = after.iter().skip_while(|m| m.kind != VIDEO || !m.tag().is_header());
        let first_picture = first_picture.map(Message::tag).find(Tag::is_picture).expect("a picture");
        assert!(first_picture.is_key(), "{first_picture:?}");
        seen.extend(after);
    }
    assert_one_stream(&seen);
    let mark = router.process.mark();
    first.signal("TERM");
    receive(&mut viewer, "word of the end", ended);
    router.process.line_after(mark, "end of the publisher", |l| l.contains(": published "));
    recorder.wait();
    let recorded = flv::read(&file);
    let headers = recorded.iter().filter(|t| t.kind == VIDEO && t.is_header()).count();
    assert!(headers >= 3, "the recorder was there all the time, and got {headers} headers");
}

#[test]
fn players_that_stay_after_the_window_get_an_end_and_a_new_start() {
    let router = Router::start("[apps.live]\nreconnect_window = \"300ms\"");
    let url = router.url("live/cam");
    let mut source = publish_forever(Ffmpeg::Old, &clip::h264(), &url);
    let mut viewer = player(&router, "live", "cam");
    receive(&mut viewer, "picture", is_key_of(7));
    source.signal("KILL");
    source.wait();
    receive(&mut viewer, "end", ended);
    let _source = publish_forever(Ffmpeg::Old, &clip::legacy(), &url);
    receive(&mut viewer, "start", |m| m.status().is_some_and(|s| s.code == "NetStream.Play.PublishNotify"));
    receive(&mut viewer, "picture of another codec", is_key_of(2));
}

const BACKUP: &str = "[apps.live]\n[[apps.live.backup]]\nstream = \"main\"\ninputs = [\"main-a\", \"main-b\"]\n\
                      stall = \"1s\"\nback_after = \"1s\"\n";

#[test]
fn a_backup_takes_over_and_gives_back() {
    let router = Router::start(BACKUP);
    let (a, b) = (clip::h264(), clip::legacy());
    let mut better = publish_forever(Ffmpeg::Old, &a, &router.url("live/main-a"));
    let _other = publish_forever(Ffmpeg::Old, &b, &router.url("live/main-b"));
    router.process.line("both", |l| l.contains("live/main-b") && l.contains(": publishing "));
    let mut viewer = player(&router, "live", "main");
    let mut seen = receive(&mut viewer, "picture of the better one", is_key_of(7));
    let mut change = |what: &str, codec: u8| {
        let began = Instant::now();
        let after = receive(&mut viewer, what, is_key_of(codec));
        eprintln!("{what}: key frame after {:?}", began.elapsed());
        if codec == 7 {
            let from = after.iter().rposition(|m| m.kind == VIDEO && m.tag().is_header());
            assert!(from.is_some(), "{what}: no header");
        }
        seen.extend(after);
    };
    better.signal("KILL");
    better.wait();
    change("the better one is killed", 2);
    let better = publish_forever(Ffmpeg::Old, &a, &router.url("live/main-a"));
    change("it is back", 7);
    better.signal("STOP");
    change("it is stopped", 2);
    better.signal("CONT");
    change("it goes on", 7);
    assert_one_stream(&seen);
    // The name is the router's own.
    let mut client = Client::connect(router.address, "live").expect("connected");
    let refused = client.publish("main").expect("an answer").expect_err("the name is taken");
    assert_eq!(refused.code, "NetStream.Publish.BadName");

    let backup = router.report("report: backup");
    assert!(backup.contains("live/main-a"), "{backup}");
    router.reload("[apps.live]\nreconnect_window = \"0s\"");
    receive(&mut viewer, "end", ended);
}

#[test]
fn a_backup_comes_and_goes_with_the_configuration_and_waits_for_its_inputs() {
    let router = Router::start("[apps.live]");
    router.reload(BACKUP);
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    viewer.play("main").expect("a connection");
    let mut source = publisher(&router, "live", "main-b");
    send(&mut source, &[numbered::header(), numbered::video(0, 100), numbered::video(1, 100)]);
    let seen = receive(&mut viewer, "frame 1", |m| numbered::number(&m.tag()) == Some(1));
    assert!(seen.iter().any(|m| m.tag().is_header()));
    // The last input ends: the players of the stream wait for it.
    unpublish(&mut source, "main-b");
    router.process.line("end", |l| l.contains("no input is left"));
    let mut source = publisher(&router, "live", "main-a");
    let key = numbered::GOP;
    send(&mut source, &[numbered::header(), numbered::video(key, 100), numbered::video(key + 1, 100)]);
    let seen = receive(&mut viewer, "frame of the other", |m| numbered::number(&m.tag()) == Some(key + 1));
    assert_one_stream(&seen);
}

#[test]
fn a_bad_backup_is_refused_with_its_place() {
    let router = Router::start("[apps.live]");
    let mark = router.process.mark();
    router.reload("[apps.live]\nbackup = [{ stream = \"a\", inputs = [\"b\", \"a\"], stal = \"1s\" }]");
    router.process.line_after(mark, "refusal", |l| l.contains("configuration refused"));
    let said = router.process.said();
    assert!(said.contains("`a` would be fed from itself"), "{said}");
    assert!(said.contains("did you mean `stall`?"), "{said}");
}

/// The marks of 24, 31 and 32 bits, on the wire: absolute times are what came, extended where they have to be.
#[test]
fn passed_times_are_right_on_the_wire_at_every_mark() {
    let router = Router::start("[apps.live]\ntimestamps = \"pass\"");
    let mut source = publisher(&router, "live", "cam");
    let mut sent = Vec::new();
    for mark in [0x00ff_ffffu32, 0x8000_0000, 0, 0x8000_0000, 0x00ff_ffff, 5] {
        sent.extend([80u32, 40, 1, 0].map(|before| mark.wrapping_sub(before)));
        sent.extend([1u32, 40].map(|after| mark.wrapping_add(after)));
    }
    send(&mut source, &[numbered::header(), numbered::audio_header()]);
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    viewer.play("cam").expect("a connection");
    viewer.status("NetStream.Play.Start").expect("an answer").expect("playing");
    for (n, time_ms) in sent.iter().enumerate() {
        // More than a chunk of any size holds: the time stands in every chunk of it.
        let large = Tag { time_ms: *time_ms, ..numbered::video(n as u64, 70_000) };
        send(&mut source, &[large, Tag { time_ms: *time_ms, ..numbered::audio(n as u64) }]);
    }
    let mut got = [Vec::new(), Vec::new()];
    let last = sent.len() as u64 - 1;
    receive(&mut viewer, "last frame", |m| {
        let of = &mut got[usize::from(m.kind == AUDIO)];
        let number = numbered::number(&m.tag());
        of.extend(number.map(|n| (n, m.time_ms)));
        m.kind == AUDIO && number == Some(last)
    });
    let want: Vec<(u64, u32)> = (0..).zip(sent).collect();
    assert_eq!(got, [want.clone(), want]);
}

/// A publisher's clock steps, and a player sees nothing of it.
#[test]
fn a_step_of_the_publishers_clock_is_repaired() {
    let router = Router::start("[apps.live]");
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header()]);
    let mut viewer = Client::connect(router.address, "live").expect("connected");
    viewer.play("cam").expect("a connection");
    viewer.status("NetStream.Play.Start").expect("an answer").expect("playing");
    let mut n = 0;
    for start in [0u32, 90_000_000, 0xffff_ff00, 40, 3_600_000] {
        for at in 0..50u32 {
            let time_ms = start.wrapping_add(at * 40);
            send(&mut source, &[Tag { time_ms, ..numbered::video(n, 100) }]);
            send(&mut source, &[Tag { time_ms: time_ms.wrapping_add(10), ..numbered::audio(n) }]);
            n += 1;
        }
    }
    let seen = receive(&mut viewer, "last sound", |m| m.kind == AUDIO && numbered::number(&m.tag()) == Some(n - 1));
    assert_one_stream(&seen);
    let of = |kind: u8| -> Vec<u32> {
        let numbered = seen.iter().filter(|m| m.kind == kind && numbered::number(&m.tag()).is_some());
        numbered.map(|m| m.time_ms).collect()
    };
    let (video, audio) = (of(VIDEO), of(AUDIO));
    for (at, (video, audio)) in video.iter().zip(&audio).enumerate() {
        assert_eq!(audio - video, 10, "sound and picture {at}");
    }
    assert!(video.windows(2).all(|pair| pair[1] - pair[0] < 1000), "{video:?}");
}

#[test]
fn keep_alive_says_whether_a_connection_outlives_the_end_of_its_stream() {
    for keep_alive in [true, false] {
        let router =
            Router::start_with(&format!("keep_alive = {keep_alive}"), "[apps.live]\non_duplicate = \"replace\"");
        let mut first = publisher(&router, "live", "cam");
        send(&mut first, &[numbered::header(), numbered::video(0, 100)]);
        // A play that has a length ends when it is over.
        let mut viewer = Client::connect(router.address, "live").expect("connected");
        viewer.create_stream().expect("a stream");
        let arguments = [Value::Null, Value::text("cam"), Value::Number(-2000.0), Value::Number(100.0)];
        viewer.command(viewer.stream_id, "play", 0.0, &arguments).expect("a connection");
        receive(&mut viewer, "end of the play", |m| m.status().is_some_and(|s| s.code == "NetStream.Play.Stop"));
        // A publisher is replaced.
        let mut second = publisher(&router, "live", "cam");
        receive(&mut first, "word of it", |m| m.status().is_some_and(|s| s.code == "NetStream.Publish.BadName"));
        if !keep_alive {
            assert!(first.closed_by_peer() && viewer.closed_by_peer());
            continue;
        }
        first.publish("other").expect("an answer").expect("published again");
        send(&mut first, &[numbered::header(), numbered::video(numbered::GOP, 100)]);
        viewer.play("other").expect("a connection");
        receive(&mut viewer, "its frame", |m| numbered::number(&m.tag()) == Some(numbered::GOP));
        // What the peers end themselves closes nothing.
        unpublish(&mut second, "cam");
        second.publish("third").expect("an answer").expect("published again");
    }
}
