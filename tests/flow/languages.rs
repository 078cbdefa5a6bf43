//! Filters in other languages than Rust.

use weir_tests::clip;
use weir_tests::flow::{assert_same, through};
use weir_tests::flv::{self, AUDIO, Tag, VIDEO};
use weir_tests::router::{PATIENT, Router, build_filter};
use weir_tests::units::{self, Codec};

#[test]
fn the_c_example_filters() {
    let module = build_filter("guest-sdk/c/example");
    let router = Router::start(&format!(
        "[filters.c]\nsource = \"file:{}\"\n[apps.live]\nmedia = [\"c\"]\n{PATIENT}",
        module.display()
    ));
    for (clip, codec, sei) in [(clip::h264(), Codec::H264, &[6][..]), (clip::hevc(), Codec::Hevc, &[39, 40])] {
        let sent = flv::read(&clip);
        let got = through(&router, "live", &format!("{codec:?}"), &sent, &router.file("out.flv"));
        let without = |tag: &Tag| {
            if !tag.is_picture() {
                return tag.clone();
            }
            let mut kept = units::split(codec, tag.payload());
            kept.retain(|(kind, _)| !sei.contains(kind));
            Tag { body: [&tag.body[..tag.prefix()], &units::join(codec, &kept)].concat(), ..tag.clone() }
        };
        let expected: Vec<Tag> = sent.iter().map(without).collect();
        assert!(expected != sent, "the clip holds no SEI");
        assert_same(VIDEO, &expected, &got);
        assert_same(AUDIO, &sent, &got);
    }
}
