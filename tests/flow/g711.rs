//! Sound that a filter turns into G.711, as players get it.

use weir_tests::clip;
use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{assert_same, recorded};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router, build_filter};
use weir_tests::tone::Sound;

fn router(config: &str) -> Router {
    let module = build_filter("filters/g711-transcode");
    Router::start(&format!(
        "[filters.g711]\nsource = \"file:{}\"\ngrants = [\"derive\"]\nconfig = {{ {config} }}\n\
         [apps.live]\nmedia = [\"g711\"]\n{PATIENT}\n",
        module.display()
    ))
}

/// The sound of a recording is G.711 by this tag, lasts as long as the clip, and is the clip's tone.
fn assert_tone(file: &std::path::Path, tag: u8) {
    let tags = flv::read(file);
    let sound: Vec<&Tag> = tags.iter().filter(|t| t.kind == AUDIO).collect();
    assert!(sound.iter().all(|t| t.body[0] == tag), "{:x?}", sound.iter().map(|t| t.body[0]).collect::<Vec<_>>());
    let decoded = Sound::decode(Ffmpeg::Old, file, 8_000);
    assert!((7.9..8.2).contains(&decoded.seconds()), "{} s of sound", decoded.seconds());
    let (tone, other) = (decoded.share_of(440.0), decoded.share_of(880.0));
    assert!(tone > 0.98 && other < 0.001, "440 Hz: {tone}, 880 Hz: {other}");
    // No sample is missing or repeated: where a packet's time says that it stands, it stands.
    let mut samples = 0u32;
    let first = sound[0].time_ms;
    for tag in sound {
        let at = samples / 8;
        assert!((tag.time_ms - first).abs_diff(at) <= 2, "{} ms of sound before the packet of {} ms", at, tag.time_ms);
        samples += u32::try_from(tag.body.len()).expect("a small packet") - 1;
    }
}

#[test]
fn aac_is_g711_in_a_second_stream_with_the_pictures() {
    let router = router("");
    let clip = clip::h264();
    let files = recorded(&router, &clip, &["cam", "cam_g711"]);
    let sent = flv::read(&clip);
    for kind in [VIDEO, AUDIO] {
        assert_same(kind, &sent, &flv::read(&files[0]));
    }
    assert_same(VIDEO, &sent, &flv::read(&files[1]));
    assert_tone(&files[1], 0x72);
    assert_eq!(Ffmpeg::Old.decode(&files[1], "0:v").len(), sent.iter().filter(|t| t.is_picture()).count());
}

#[test]
fn aac_is_g711_in_place_of_the_streams_own_sound() {
    let router = router("in_place = true, to = \"pcmu\"");
    let clip = clip::h264();
    let files = recorded(&router, &clip, &["cam"]);
    assert_tone(&files[0], 0x82);
    assert_same(VIDEO, &flv::read(&clip), &flv::read(&files[0]));
}

#[test]
fn one_law_is_turned_into_the_other() {
    let router = router("in_place = true, to = \"pcmu\"");
    let files = recorded(&router, &clip::legacy(), &["cam"]);
    assert_tone(&files[0], 0x82);
}
