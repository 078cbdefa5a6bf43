//! Flows through the real binary, with real clients.
use weir_tests::*;
#[test]
fn clips() {
    for (f, c) in [(clip::h264(), units::Codec::H264), (clip::hevc(), units::Codec::Hevc), (clip::av1(), units::Codec::Av1)] {
        let tags = flv::read(&f);
        eprintln!("{} {} tags", f.display(), tags.len());
        for t in tags.iter().filter(|t| t.is_picture()).take(4) {
            eprintln!("  {:?} {:?}", t, units::split(c, t.payload()).iter().map(|u| (u.0, u.1.len())).collect::<Vec<_>>());
        }
        eprintln!("  {:?}", ffmpeg::Ffmpeg::New.decode(&f, "0:v").len());
    }
}
