//! RTMPE as people use it: librtmp (rtmpdump) and ffmpeg each have one of their own make. Debian's ffmpeg has none.

use weir_tests::clip;
use weir_tests::ffmpeg::{self, Ffmpeg};
use weir_tests::flow::{assert_same, recorded_from};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router};

fn url(router: &Router, path: &str) -> String {
    format!("rtmpe://{}/{path}", router.address)
}

#[test]
fn rtmpdump_records_every_byte() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    for (name, clip) in [("h264", clip::h264()), ("av1", clip::av1())] {
        let sent = flv::read(&clip);
        let file = router.file(&format!("{name}.flv"));
        let got = recorded_from(&url(&router, &format!("live/{name}")), &router, "live", name, &sent, &file);
        assert_same(VIDEO, &sent, &got);
        assert_same(AUDIO, &sent, &got);
    }
}

#[test]
fn ffmpeg_publishes_to_players_with_and_without_it() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    let clip = clip::h264();
    let mut source = Ffmpeg::New.publish(&clip, &url(&router, "live/cam"));
    let files = ["encrypted", "plain", "dumped"].map(|name| router.file(&format!("{name}.flv")));
    let [encrypted, plain, dumped] = &files;
    let mut players = [
        Ffmpeg::New.record(&url(&router, "live/cam"), encrypted),
        Ffmpeg::Old.record(&router.url("live/cam"), plain),
        ffmpeg::rtmpdump(&url(&router, "live/cam"), dumped),
    ];
    source.succeeds();
    for player in &mut players {
        player.wait();
    }
    let made = Ffmpeg::New.decode(&clip, "0:v");
    for file in &files {
        let played = Ffmpeg::New.decode(file, "0:v");
        let (all, got) = (made.len(), played.len());
        assert!(got >= 50 && made.ends_with(&played), "{}: {got} of {all} pictures", file.display());
    }
    // rtmpdump joined at a key frame; from there on it has what the file has, byte for byte.
    for kind in [VIDEO, AUDIO] {
        let bodies = |tags: Vec<Tag>| -> Vec<Vec<u8>> {
            tags.into_iter().filter(|tag| tag.kind == kind && tag.is_coded()).map(|tag| tag.body).collect()
        };
        let (sent, got) = (bodies(flv::read(&clip)), bodies(flv::read(dumped)));
        assert!(got.len() >= 50 && sent.ends_with(&got), "kind {kind}: {} of {} bodies", got.len(), sent.len());
    }
}

#[test]
fn switched_off_it_is_refused_and_told() {
    let router = Router::start_with("rtmpe = false", "[apps.live]");
    let mut source = Ffmpeg::New.publish(&clip::h264(), &url(&router, "live/cam"));
    assert!(!source.wait().success());
    router.process.line("reason", |line| line.contains("RTMPE of version 6, which is not spoken here; use rtmps"));
    // On again, without a restart.
    let mark = router.process.mark();
    router.reload("[apps.live]");
    router.process.line_after(mark, "reload", |line| line.contains("configuration reloaded"));
    let mut source = Ffmpeg::New.publish(&clip::h264(), &url(&router, "live/cam"));
    router
        .process
        .line_after(mark, "publisher", |line| line.contains("stream=live/cam") && line.contains(": publishing "));
    source.succeeds();
}
