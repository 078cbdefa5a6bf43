//! What holds for every language that filters are written in: from `weir filter new` in an empty folder to a player.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::clip;
use crate::ffmpeg::Ffmpeg;
use crate::flow::{assert_same, through};
use crate::flv::{self, AUDIO, Tag, VIDEO};
use crate::process::Process;
use crate::router::{PATIENT, Router, weir};
use crate::rtmp::Client;
use crate::units::{self, Codec};

/// Makes both projects of a language with nothing but the `weir` binary, builds them, and puts them to work: the media filter drops
/// SEI messages and nothing else, the session filter lets publish who knows the key. Prints how long the way took.
///
/// # Panics
/// If anything of that does not hold.
pub fn from_new_to_player(language: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let started = Instant::now();
    let media = project(folder.path(), language, "media");
    let session = project(folder.path(), language, "session");
    let tables = format!(
        "compile_time = \"10m\"\n[filters.media]\nsource = {:?}\n[filters.session]\nsource = {:?}\nsecrets = {{ key = \"right\" }}\n\
         [apps.live]\nmedia = [\"media\"]\n{PATIENT}\n[apps.secure]\nsession = [\"session\"]\n",
        format!("file:{}", media.display()),
        format!("file:{}", session.display()),
    );
    // Compiles, and keeps what came out: Python's interpreter takes seconds, on a busy machine a minute.
    let config = folder.path().join("weir.toml");
    std::fs::write(&config, Router::text("", &tables)).expect("the folder is writable");
    let (status, said) = Process::run("weir check", weir().args(["check", "--config"]).arg(&config));
    assert!(status.success(), "{language}: {said}");
    let router = Router::start(&tables);
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
    println!("{language}: from an empty folder to a player in {:.0} s, both kinds", started.elapsed().as_secs_f64());

    let mut source = Ffmpeg::New.publish(&clip::h264(), &router.url("secure/cam?key=right"));
    let out = router.file("played.flv");
    let mut sink = Ffmpeg::New.record(&router.url("secure/cam"), &out);
    source.succeeds();
    sink.succeeds();
    assert!(Ffmpeg::New.decode(&out, "0:v").len() >= 50, "{}", sink.said());
    let mut client = Client::connect(router.address, "secure").expect("connected");
    let refused = client.publish("cam?key=wrong").expect("an answer").expect_err("refused");
    assert_eq!(refused.description, "the key behind the stream's name is wrong or missing", "{refused:?}");
}

/// `weir filter new` and `weir filter build`; the .wasm file.
fn project(folder: &Path, language: &str, kind: &str) -> PathBuf {
    let name = format!("my-{kind}");
    let run = |arguments: &[&str]| {
        let mut command = weir();
        command.current_dir(folder).args(arguments);
        let (status, said) = Process::run("weir", &mut command);
        assert!(status.success(), "{language}: weir {}: {said}", arguments.join(" "));
        said
    };
    let said = run(&["filter", "new", "--lang", language, "--kind", kind, &name]);
    assert!(said.contains(&format!("weir filter build {name}")), "{said}");
    let said = run(&["filter", "build", &name]);
    let wasm = said.lines().rev().flat_map(str::split_whitespace).find(|word| word.ends_with(".wasm"));
    PathBuf::from(wasm.unwrap_or_else(|| panic!("no module in what it said: {said}")))
}
