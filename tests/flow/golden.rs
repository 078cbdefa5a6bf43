//! What each shipped filter answers to one stream, or to a list of questions, as it was once looked at and found right.
//!
//! `filters/NAME/golden` holds the settings (`config.toml`), what comes of them (`answers.txt`, and `streams.txt` of streams that are
//! made beside it), and for session filters what is asked (`questions.json`). `WEIR_UPDATE_GOLDEN=1` writes what comes anew, to be
//! read before it is committed.

use std::fmt::Write as _;
use std::path::Path;

use weir_tests::flv::{self, DATA, Tag};
use weir_tests::numbered;
use weir_tests::process::Process;
use weir_tests::router::{build_filter, weir};
use weir_tests::rtmp::amf::Value;
use weir_tests::workspace;

/// Three seconds as an encoder sends them, the same bytes on every machine: metadata, headers, H.264 with a key frame each second and
/// SEI in every picture, AAC or A-law.
fn stream(a_law: bool) -> Vec<Tag> {
    let mut body = Vec::new();
    Value::text("onMetaData").encode(&mut body);
    Value::object(&[("width", Value::Number(16.0)), ("encoder", Value::text("golden"))]).encode(&mut body);
    let mut tags = vec![Tag { kind: DATA, time_ms: 0, body }, numbered::header()];
    if !a_law {
        tags.push(numbered::audio_header());
    }
    for number in 0..3 * numbered::GOP {
        let mut sound = numbered::audio(number);
        if a_law {
            // Mono; one byte per sample.
            sound.body.splice(..2, [0x72]);
        }
        tags.extend([numbered::video(number, 200), sound]);
    }
    tags
}

/// The streams that a filter has made beside its own: each tag with its time, size and first bytes.
fn made_beside(folder: &Path) -> String {
    let files = std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<_> = files.filter(|file| file.to_string_lossy().contains("out_")).collect();
    files.sort();
    let mut text = String::new();
    for file in files {
        let _ = writeln!(text, "{}", file.file_name().unwrap_or_default().to_string_lossy());
        for Tag { kind, time_ms, body } in flv::read(&file) {
            let head = body.get(..body.len().min(24)).unwrap_or_default();
            let head: String = head.iter().map(|byte| format!("{byte:02x}")).collect();
            let _ = writeln!(text, "{time_ms:>6} {kind:>2} {:>4} B {head}", body.len());
        }
    }
    text
}

/// `more`: grants and secrets, as `weir filter run` takes them.
fn golden(name: &str, more: &[&str]) {
    let module = build_filter(&format!("filters/{name}"));
    let folder = workspace::root().join("filters").join(name).join("golden");
    let update = std::env::var_os("WEIR_UPDATE_GOLDEN").is_some();
    let scratch = tempfile::tempdir().expect("a folder");
    let questions = folder.join("questions.json");
    let mut run = weir();
    run.args(["filter", "run"]).arg(&module).arg("--config-toml").arg(folder.join("config.toml"));
    if questions.exists() {
        run.arg("--session").arg(questions);
    } else {
        let input = scratch.path().join("stream.flv");
        flv::write(&input, &stream(name == "g711-transcode"));
        run.arg("--input").arg(input).arg("--output").arg(scratch.path().join("out.flv"));
    }
    run.args(more).arg("--expect").arg(folder.join("answers.txt"));
    if update {
        run.arg("--update");
    }
    let (status, said) = Process::run("weir filter run", &mut run);
    assert!(status.success(), "{name}: {said}");
    let (beside, streams) = (made_beside(scratch.path()), folder.join("streams.txt"));
    if update && !beside.is_empty() {
        std::fs::write(&streams, &beside).expect("the folder is writable");
    }
    let expected = std::fs::read_to_string(&streams).unwrap_or_default();
    assert!(beside == expected, "{name}: {} is not what came:\n{beside}", streams.display());
}

#[test]
fn audio_only() {
    golden("audio-only", &["--grant", "derive"]);
}

#[test]
fn g711_transcode() {
    golden("g711-transcode", &["--grant", "derive"]);
}

#[test]
fn http_auth() {
    golden("http-auth", &["--grant", "http:http://127.0.0.1:1"]);
}

#[test]
fn ip_allow() {
    golden("ip-allow", &[]);
}

#[test]
fn jwt_auth() {
    golden(
        "jwt-auth",
        &[
            "--grant",
            "kv:jwt-auth",
            "--grant",
            "http:http://127.0.0.1:1",
            "--secret",
            "key=golden-golden-golden-golden-golden",
        ],
    );
}

#[test]
fn keyframe_only() {
    golden("keyframe-only", &["--grant", "derive"]);
}

#[test]
fn limits() {
    golden("limits", &["--grant", "kv:limits"]);
}

#[test]
fn metadata_edit() {
    golden("metadata-edit", &[]);
}

#[test]
fn nal_filter() {
    golden("nal-filter", &[]);
}

#[test]
fn sei_timestamp() {
    golden("sei-timestamp", &[]);
}

#[test]
fn token_auth() {
    golden("token-auth", &[]);
}
