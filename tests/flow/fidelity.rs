//! What comes out is what went in, but for the units that a filter was told to take out.

use weir_tests::clip;
use weir_tests::ffmpeg::Ffmpeg;
use weir_tests::flow::{assert_same, through};
use weir_tests::flv::{self, AUDIO, DATA, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router, build_filter};
use weir_tests::units::{self, Codec};

#[test]
fn without_a_filter_every_byte_comes_through() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    for (name, clip) in [
        ("h264", clip::h264()),
        ("hevc", clip::hevc()),
        ("av1", clip::av1()),
        ("legacy", clip::legacy()),
        ("vp9", clip::vp9()),
        ("two-sounds", clip::two_sounds()),
    ] {
        let sent = flv::read(&clip);
        let file = router.file(&format!("{name}.flv"));
        let got = through(&router, "live", name, &sent, &file);
        assert_same(VIDEO, &sent, &got);
        assert_same(AUDIO, &sent, &got);
        let metadata =
            |tags: &[Tag]| tags.iter().find(|t| t.kind == DATA && t.body.starts_with(b"\x02\0\x0aonMetaData")).cloned();
        let (sent, got) = (metadata(&sent), metadata(&got));
        assert_eq!(sent.map(|t| t.body), got.map(|t| t.body), "{name}: onMetaData");
    }
}

#[test]
fn stock_clients_carry_enhanced_codecs() {
    let router = Router::start(&format!("[apps.live]\n{PATIENT}"));
    for (name, clip) in [("hevc", clip::hevc()), ("av1", clip::av1()), ("vp9", clip::vp9())] {
        let url = router.url(&format!("live/{name}"));
        let mut source = Ffmpeg::New.publish(&clip, &url);
        let out = router.file(&format!("{name}.flv"));
        let mut sink = Ffmpeg::New.record(&url, &out);
        source.succeeds();
        sink.succeeds();
        let played = Ffmpeg::New.decode(&out, "0:v");
        let made = Ffmpeg::New.decode(&clip, "0:v");
        assert!(played.len() >= 50 && made.ends_with(&played), "{name}: {} of {} pictures", played.len(), made.len());
    }
}

#[test]
fn defect_11_h264_loses_only_the_named_units() {
    let config = "h264 = { drop = [\"aud\", \"sei\"] }";
    filtered(clip::h264(), Codec::H264, config, &[6, 9]);
}

#[test]
fn hevc_loses_only_the_named_units() {
    let config = "hevc = { drop = [\"aud\", \"prefix-sei\", \"suffix-sei\"] }";
    filtered(clip::hevc(), Codec::Hevc, config, &[35, 39, 40]);
}

#[test]
fn av1_loses_temporal_delimiters_and_padding_by_default() {
    filtered(clip::av1(), Codec::Av1, "", &[2, 15]);
}

fn filtered(clip: std::path::PathBuf, codec: Codec, config: &str, dropped: &[u8]) {
    let module = build_filter("filters/nal-filter");
    let router = Router::start(&format!(
        "[filters.nal]\nsource = \"file:{}\"\nconfig = {{ {config} }}\n[apps.live]\nmedia = [\"nal\"]\n{PATIENT}",
        module.display()
    ));
    let sent = flv::read(&clip);
    let file = router.file("out.flv");
    let got = through(&router, "live", "clip", &sent, &file);
    let expected: Vec<Tag> = sent.iter().map(|tag| without(tag, codec, dropped)).collect();
    assert!(expected != sent, "the clip holds nothing to drop");
    assert_same(VIDEO, &expected, &got);
    assert_same(AUDIO, &sent, &got);
    // The pictures are the same ones, to the last bit.
    assert_eq!(Ffmpeg::New.decode(&clip, "0:v"), Ffmpeg::New.decode(&file, "0:v"));
}

fn without(tag: &Tag, codec: Codec, dropped: &[u8]) -> Tag {
    if !tag.is_picture() {
        return tag.clone();
    }
    let mut kept = units::split(codec, tag.payload());
    kept.retain(|(kind, _)| !dropped.contains(kind));
    let body = [&tag.body[..tag.prefix()], &units::join(codec, &kept)].concat();
    Tag { body, ..tag.clone() }
}
