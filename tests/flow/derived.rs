//! Streams that filters make beside the one that is published.

use weir_tests::ffmpeg::{self, Ffmpeg};
use weir_tests::flow::{assert_same, player, publisher, receive, send, unpublish};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::process::Process;
use weir_tests::router::{PATIENT, Router, build_filter, weir};
use weir_tests::tone::Sound;
use weir_tests::{clip, numbered, wait};

/// Tables of both filters that ship, and an application that uses them.
fn tables(more: &str) -> String {
    let (audio, key) = (build_filter("filters/audio-only"), build_filter("filters/keyframe-only"));
    format!(
        "[filters.audio]\nsource = \"file:{}\"\ngrants = [\"derive\"]\n\
         [filters.key]\nsource = \"file:{}\"\ngrants = [\"derive\"]\n\
         [apps.live]\nmedia = [\"audio\", \"key\"]\n{more}\n",
        audio.display(),
        key.display()
    )
}

/// Records a stream with ffmpeg, whatever is in it, until its end.
fn record(ffmpeg: Ffmpeg, url: &str, file: &std::path::Path) -> Process {
    let mut command = ffmpeg.command();
    command.args(["-i", url, "-map", "0", "-c", "copy", "-f", "flv"]).arg(file);
    Process::start("ffmpeg playing", &mut command)
}

fn waits(router: &Router, stream: &str) {
    router.wait_for_players(stream, 1);
}

#[test]
fn sound_and_key_frames_play_in_ffmpeg_beside_an_undisturbed_stream() {
    let router = Router::start(&tables(PATIENT));
    let clip = clip::h264();
    let files = ["cam", "cam_audio", "cam_key"].map(|name| router.file(&format!("{name}.flv")));
    let mut players = vec![ffmpeg::rtmpdump(&router.url("live/cam"), &files[0])];
    for (name, file) in ["cam_audio", "cam_key"].into_iter().zip(&files[1..]) {
        players.push(record(Ffmpeg::Old, &router.url(&format!("live/{name}")), file));
    }
    for name in ["live/cam", "live/cam_audio", "live/cam_key"] {
        waits(&router, name);
    }
    Ffmpeg::Old.publish(&clip, &router.url("live/cam")).succeeds();
    players.iter_mut().for_each(|player| {
        player.wait();
    });
    let sent = flv::read(&clip);
    let [cam, audio, key] = files;
    for kind in [VIDEO, AUDIO] {
        assert_same(kind, &sent, &flv::read(&cam));
    }
    assert_eq!(Ffmpeg::Old.packets(&audio, "0:a"), Ffmpeg::Old.packets(&clip, "0:a"), "every frame of sound");
    let sound = Sound::decode(Ffmpeg::Old, &audio, 48_000);
    assert!(sound.share_of(440.0) > 0.9, "the tone: {}", sound.share_of(440.0));
    assert!((7.8..8.3).contains(&sound.seconds()), "{} s", sound.seconds());
    let of = |tags: &[Tag], kind: u8| tags.iter().filter(|t| t.kind == kind && t.is_coded()).count();
    let tags = flv::read(&audio);
    assert_eq!(of(&tags, VIDEO), 0);

    let tags = flv::read(&key);
    assert_eq!(of(&tags, AUDIO), 0);
    let keys = sent.iter().filter(|t| t.is_picture() && t.is_key()).count();
    assert_eq!(Ffmpeg::Old.decode(&key, "0:v").len(), keys, "each of them can be decoded");
    let times: Vec<u32> = tags.iter().filter(|t| t.is_picture()).map(|t| t.time_ms).collect();
    assert!(times.windows(2).all(|w| w[1] - w[0] == 2000), "{times:?}");

    for name in ["live/cam_audio", "live/cam_key"] {
        let told = |word: &'static str| move |l: &str| l.contains(&format!("stream={name}")) && l.contains(word);
        let line = router.process.line("birth", told(": publishing "));
        assert!(line.contains("beside=live/cam"), "{line}");
        router.process.line("end", told(": published "));
    }
    let line = router.report(" edit_copied_bytes=");
    assert!(line.contains("derived_frames="), "{line}");
    assert!(line.contains("edit_copied_bytes=0"), "no byte of a payload is copied: {line}");
}

#[test]
fn a_late_player_gets_header_and_key_frame_at_once() {
    let router = Router::start(&tables(""));
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::header(), numbered::audio_header()]);
    for n in 0..60 {
        send(&mut source, &[numbered::video(n, 500), numbered::audio(n)]);
    }
    router.process.line("key frames", |l| l.contains("stream=live/cam_key") && l.contains(": publishing "));
    let mut viewer = player(&router, "live", "cam_key");
    let seen = receive(&mut viewer, "key frame", |m| m.kind == VIDEO && m.tag().is_picture());
    let tags: Vec<Tag> = seen.iter().filter(|m| m.kind == VIDEO).map(|m| m.tag()).collect();
    assert!(tags[0].is_header(), "{tags:?}");
    assert!(numbered::number(&tags[1]).is_some_and(|n| n % numbered::GOP == 0), "{tags:?}");
    unpublish(&mut source, "cam");
    receive(&mut viewer, "end", |m| m.status().is_some_and(|s| s.code == "NetStream.Play.UnpublishNotify"));
}

#[test]
fn a_publisher_that_is_killed_and_comes_back_keeps_the_players_of_its_derived_streams() {
    let router = Router::start(&tables(""));
    let url = router.url("live/cam");
    let start = || {
        let mut command = Ffmpeg::Old.command();
        command.args(["-re", "-stream_loop", "-1", "-i"]).arg(clip::h264()).args(["-c", "copy", "-f", "flv", &url]);
        Process::start("ffmpeg publishing", &mut command)
    };
    let mut first = start();
    let is_sound = |m: &weir_tests::rtmp::Message| m.kind == AUDIO && !m.tag().is_header();
    router.process.line("sound", |l| l.contains("stream=live/cam_audio") && l.contains(": publishing "));
    let mut viewer = player(&router, "live", "cam_audio");
    let mut seen = receive(&mut viewer, "sound", is_sound);
    let mark = router.process.mark();
    first.signal("KILL");
    first.wait();
    router.process.line_after(mark, "end", |l| l.contains("stream=live/cam_audio") && l.contains(": published "));
    let _second = start();
    let mut header = false;
    seen.extend(receive(&mut viewer, "sound of the next one", |m| {
        header |= m.kind == AUDIO && m.tag().is_header();
        header && is_sound(m)
    }));
    let ended = seen.iter().filter_map(|m| m.status()).find(|s| s.code.contains("Unpublish"));
    assert!(ended.is_none(), "{ended:?}");
    let times: Vec<u32> = seen.iter().filter(|m| m.kind == AUDIO).map(|m| m.time_ms).collect();
    assert!(times.windows(2).all(|w| w[0] <= w[1]), "{times:?}");
}

#[test]
fn a_name_in_use_is_left_alone_and_told_in_the_log() {
    let router = Router::start(&tables("on_duplicate = \"replace\""));
    let mut other = publisher(&router, "live", "cam_audio");
    send(&mut other, &[numbered::audio_header(), numbered::audio(0)]);
    let mut source = publisher(&router, "live", "cam");
    send(&mut source, &[numbered::audio_header(), numbered::audio(0)]);
    router.process.line("warning", |l| l.contains("no stream beside this one") && l.contains("live/cam_audio"));
    send(&mut other, &[numbered::audio(1)]);
    unpublish(&mut other, "cam_audio");
    router.process.line("end", |l| l.contains("stream=live/cam_audio}") && l.contains(": published "));
    // It is tried again every second of the stream's time, which runs as fast as frames come; the name is free soon after its
    // publisher's line in the log.
    let birth = |l: &str| l.contains("stream=live/cam_audio}") && l.contains("beside=live/cam");
    let mut sounds = (1..).map(numbered::audio);
    wait::until("birth of the stream beside", || {
        send(&mut source, &sounds.by_ref().take(60).collect::<Vec<_>>());
        router.process.count(0, birth) > 0
    });
    let mut third = weir_tests::rtmp::Client::connect(router.address, "live").expect("connected");
    let refused = third.publish("cam_audio").expect("an answer").expect_err("the name is the filter's");
    assert_eq!(refused.code, "NetStream.Publish.BadName");
}

#[test]
fn the_offline_runner_writes_them_beside_the_output() {
    let module = build_filter("filters/audio-only");
    let folder = tempfile::tempdir().expect("a folder");
    let (clip, out) = (clip::h264(), folder.path().join("out.flv"));
    let mut run = weir();
    run.args(["filter", "run", "--quiet", "--grant", "derive"]).arg(&module);
    run.arg("--input").arg(&clip).arg("--output").arg(&out);
    let (status, said) = Process::run("weir filter run", &mut run);
    assert!(status.success() && said.contains("beside   _audio"), "{said}");
    let beside = folder.path().join("out_audio.flv");
    assert_eq!(Ffmpeg::Old.packets(&beside, "0:a"), Ffmpeg::Old.packets(&clip, "0:a"));
    assert!(flv::read(&beside).iter().all(|t| t.kind != VIDEO));
    assert_eq!(Ffmpeg::Old.packets(&out, "0:v"), Ffmpeg::Old.packets(&clip, "0:v"));
}

#[test]
fn a_name_that_somebody_has_is_told_once_however_often_it_is_tried() {
    let router = Router::start(&tables(PATIENT));
    let mut other = publisher(&router, "live", "cam_audio");
    send(&mut other, &[numbered::header(), numbered::video(0, 100)]);
    router.process.line("the other", |l| l.contains("stream=live/cam_audio") && l.contains(": publishing "));
    let mark = router.process.mark();
    let mut cam = publisher(&router, "live", "cam");
    // Ten seconds: the filter tries once a second.
    let sound: Vec<Tag> = std::iter::once(numbered::audio_header()).chain((0..250).map(numbered::audio)).collect();
    send(&mut cam, &sound);
    unpublish(&mut cam, "cam");
    let over = |l: &str| l.contains("stream=live/cam") && !l.contains("cam_audio") && l.contains(": published ");
    router.process.line_after(mark, "the end", over);
    assert_eq!(router.process.count(mark, |l| l.contains("no stream beside this one")), 1, "{}", router.process.said());
}
