//! `weir filter build | inspect | run` with the shipped filters.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use bytes::Bytes;
use media::{
    Body, Kind,
    flv::file::{self, Item, Reader, Tag},
};

/// What `nal-filter` is told here.
const DROP: &str = r#"{"h264":{"drop":["aud","sei"]}}"#;

fn weir(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_weir"));
    command.current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).args(arguments);
    command.output().expect("the binary runs")
}

fn good(arguments: &[&str]) -> String {
    let output = weir(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn bad(arguments: &[&str]) -> String {
    let output = weir(arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr).expect("UTF-8")
}

fn built(folder: &str) -> String {
    good(&["filter", "build", folder]).lines().next().expect("a path").to_owned()
}

/// An H.264 message with these NAL units behind 4-byte lengths.
fn picture(key: bool, units: &[&[u8]]) -> Vec<u8> {
    let mut body = vec![if key { 0x17 } else { 0x27 }, 1, 0, 0, 0];
    for unit in units {
        body.extend(u32::try_from(unit.len()).unwrap().to_be_bytes());
        body.extend(*unit);
    }
    body
}

const AUD: &[u8] = &[0x09, 0xF0];
const SEI: &[u8] = &[0x06, 5, 1, 7, 0x80];
const IDR: &[u8] = &[0x65, 0x88, 1, 2, 3];
const SLICE: &[u8] = &[0x41, 0x9A, 4, 5, 6];

/// Kind, time in milliseconds, body.
type Message = (Kind, u32, Vec<u8>);

/// Metadata, headers, then pictures at 40 ms and sound between them; and what is left of it without AUD and SEI.
fn clip() -> (Vec<u8>, Vec<Message>) {
    let avcc =
        [&[0x17, 0, 0, 0, 0][..], &[1, 66, 0, 10, 0xFF, 0xE1, 0, 4, 0x67, 66, 0, 10, 1, 0, 2, 0x68, 0xCE]].concat();
    let metadata = b"\x02\0\x0aonMetaData\x08\0\0\0\x01\0\x05width\0\x40\x94\0\0\0\0\0\0\0\0\x09".to_vec();
    let mut tags = vec![(Kind::Data, 0, metadata.clone(), metadata), (Kind::Video, 0, avcc.clone(), avcc)];
    for n in 0..10u32 {
        let key = n % 5 == 0;
        let slice = if key { IDR } else { SLICE };
        tags.push((Kind::Video, 40 * n, picture(key, &[AUD, SEI, slice]), picture(key, &[slice])));
        let sound = vec![0x72, u8::try_from(n).unwrap(), 1, 2];
        tags.push((Kind::Audio, 40 * n + 20, sound.clone(), sound));
    }
    let mut bytes = file::header(true, true).to_vec();
    for (kind, time, body, _) in &tags {
        file::write(*kind, *time, &Body::from(body.clone()), &mut bytes).unwrap();
    }
    (bytes, tags.into_iter().map(|(kind, time, _, left)| (kind, time, left)).collect())
}

fn tags(path: &Path) -> Vec<Tag> {
    let mut reader = Reader::new();
    reader.feed(&fs::read(path).unwrap());
    let mut tags = Vec::new();
    while let Some(item) = reader.next_item().unwrap() {
        if let Item::Tag(tag) = item {
            tags.push(tag);
        }
    }
    tags
}

struct Files {
    _dir: tempfile::TempDir,
    input: PathBuf,
    output: PathBuf,
}

fn files(input: &[u8]) -> Files {
    let dir = tempfile::tempdir().unwrap();
    let (input_path, output) = (dir.path().join("in.flv"), dir.path().join("out.flv"));
    fs::write(&input_path, input).unwrap();
    Files { _dir: dir, input: input_path, output }
}

impl Files {
    fn paths(&self) -> (&str, &str) {
        (self.input.to_str().unwrap(), self.output.to_str().unwrap())
    }
}

#[test]
fn a_build_prints_what_came_out() {
    let text = good(&["filter", "build", "filters/nal-filter"]);
    let lines: Vec<_> = text.lines().collect();
    assert!(lines[0].ends_with(".wasm") && Path::new(lines[0]).is_file(), "{text}");
    let (size, digest) = lines[1].split_once(" bytes, sha256 ").expect("size and digest");
    assert_eq!(size.parse::<u64>().unwrap(), fs::metadata(lines[0]).unwrap().len());
    assert!(digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit()), "{text}");
}

#[test]
fn inspect_tells_what_a_filter_is_and_wants() {
    let nal = built("filters/nal-filter");
    let text = good(&["filter", "inspect", &nal]);
    for part in [
        "name       nal-filter ",
        "summary    ",
        "sha256     ",
        "worlds     media-filter\n",
        "contract   weir:filter@0.1.0\n",
        "weir:filter/frame@0.1.0\n",
        "grants     none needed\n",
        "\"title\": \"nal-filter\"",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let token = built("filters/token-auth");
    let text = good(&["filter", "inspect", &token, "--config-json", r#"{"keys":["k"]}"#]);
    assert!(text.contains("name       token-auth ") && text.contains("worlds     session-filter\n"), "{text}");
    // Without the settings it needs it does not start, but what it wants can still be seen.
    let text = good(&["filter", "inspect", &token]);
    assert!(text.contains("starts     no: ") && text.contains("worlds     session-filter\n"), "{text}");
    assert!(bad(&["filter", "inspect", "Cargo.toml"]).contains("not a usable wasm file"));
}

#[test]
fn check_asks_the_filters_themselves() {
    let (nal, token) = (built("filters/nal-filter"), built("filters/token-auth"));
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("weir.toml");
    let path = file.to_str().unwrap();
    let check = |text: &str| {
        fs::write(&file, text).unwrap();
        weir(&["check", "--config", path])
    };
    let filter = |source: &str, rest: &str| format!("[filters.f]\nsource = \"file:{source}\"\n{rest}[apps.live]\n");
    let fine = check(&(filter(&nal, "config = { h264 = { drop = [\"sei\"] } }\n") + "media = [\"f\"]\n"));
    assert!(fine.status.success(), "{}", String::from_utf8_lossy(&fine.stderr));
    assert!(String::from_utf8_lossy(&fine.stdout).ends_with("valid (1 application, 1 filter)\n"));
    for (text, place, why) in [
        (filter(&nal, "config = { h265 = {} }\n"), "weir.toml:3: filters.f.config: ", "h265"),
        (filter(&token, ""), "weir.toml:1: filters.f.config: ", "configure"),
        (filter(path, ""), "weir.toml:2: filters.f.source: ", "not a usable wasm file"),
        (filter(&nal, "") + "session = [\"f\"]\n", "weir.toml:3: apps.live.session: ", "it is a media-filter"),
    ] {
        let output = check(&text);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(78), "{text}{said}");
        assert!(said.lines().any(|line| line.contains(place) && line.contains(why)), "{place}{why}:\n{said}");
    }
}

#[test]
fn a_run_gives_what_a_player_gets_and_tells_every_verdict() {
    let (bytes, left) = clip();
    let files = files(&bytes);
    let (input, output) = files.paths();
    let nal = built("filters/nal-filter");
    let said = good(&["filter", "run", &nal, "--config-json", DROP, "--input", input, "--output", output]);
    let got: Vec<_> =
        tags(&files.output).iter().map(|t| (t.kind().unwrap(), t.timestamp_ms, t.body.to_vec())).collect();
    assert_eq!(got, left);
    let lines: Vec<_> = said.lines().collect();
    assert_eq!(lines.iter().filter(|line| line.contains(": edited")).count(), 10, "{said}");
    assert!(lines[0].contains("data") && lines[0].contains("not asked"), "{said}");
    assert!(said.contains("frames   22 in, 22 out; "), "{said}");
    assert!(said.contains("edited=10") && said.contains("copied_bytes="), "{said}");
}

#[test]
fn quiet_keeps_the_summary() {
    let files = files(&clip().0);
    let nal = built("filters/nal-filter");
    let said = good(&["filter", "run", &nal, "--input", files.paths().0, "--quiet"]);
    assert!(said.starts_with("frames   22 in, "), "{said}");
    assert!(!files.output.exists());
}

#[test]
fn filters_run_in_their_order_with_settings_each() {
    let files = files(&clip().0);
    let (input, output) = files.paths();
    let (nal, edit) = (built("filters/nal-filter"), built("filters/metadata-edit"));
    let table = files.input.with_file_name("edit.toml");
    fs::write(&table, "set = { title = \"Weir\" }\n").unwrap();
    let drop = files.input.with_file_name("drop.toml");
    fs::write(&drop, "h264 = { drop = [\"aud\", \"sei\"] }\n").unwrap();
    let (table, drop) = (table.to_str().unwrap(), drop.to_str().unwrap());
    good(&["filter", "run", &nal, &edit, "--config-toml", drop, "--config-toml", table, "-i", input, "-o", output]);
    let tags = tags(&files.output);
    let contains = |body: &Bytes, part: &[u8]| body.windows(part.len()).any(|window| window == part);
    assert!(contains(&tags[0].body, b"title") && contains(&tags[0].body, b"Weir"), "{:?}", tags[0]);
    assert_eq!(tags[2].body, picture(true, &[IDR]));
}

#[test]
fn what_cannot_be_run_is_said() {
    let (bytes, _) = clip();
    let whole = files(&bytes);
    let nal = built("filters/nal-filter");
    let token = built("filters/token-auth");
    let (input, output) = whole.paths();
    let not_flv = files(b"RIFFxxxxAVI LIST");
    let empty = files(b"");
    let table: &[(&[&str], &str)] = &[
        (&[&nal, "--input", not_flv.paths().0], "not an FLV file"),
        (&[&nal, "--input", empty.paths().0], "not an FLV file"),
        (&[&nal, "--input", "missing.flv"], "missing.flv"),
        (&[&nal, "--input", input, "--output", input], "it is the input"),
        (&[&nal, "--input", input, "--output", "/missing/out.flv"], "/missing/out.flv"),
        (&[&nal, "--input", input, "--stream", "cam"], "expected APP/NAME"),
        (&[&nal, "--input", input, "--config-json", "[]"], "expected an object"),
        (&[&nal, "--input", input, "--config-json", "{"], "--config-json"),
        (&[&nal, "--input", input, "--config-json", "{}", "--config-json", "{}"], "2 settings for 1 filter:"),
        (&[&nal, "--input", input, "--config-json", r#"{"h265":{}}"#], "h265"),
        (&[&nal, "--input", input, "--grant", "entropie"], "entropie"),
        (&[&token, "--input", input], "token_auth is a session-filter: no frame"),
        (&["Cargo.toml", "--input", input], "not a usable wasm file"),
    ];
    for (arguments, part) in table {
        let said = bad(&[&["filter", "run"][..], arguments].concat());
        assert!(said.contains(part), "{arguments:?}: {part}: {said}");
    }
    assert_eq!(fs::read(input).unwrap(), bytes, "the input is left alone");
    assert!(!Path::new(output).exists());
}

#[test]
fn a_file_that_is_cut_off_runs_to_its_last_whole_tag() {
    let (mut bytes, left) = clip();
    bytes.truncate(bytes.len() - 7);
    let files = files(&bytes);
    let (input, output) = files.paths();
    let ran = weir(&["filter", "run", &built("filters/nal-filter"), "--config-json", DROP, "-i", input, "-o", output]);
    assert!(ran.status.success());
    assert!(String::from_utf8_lossy(&ran.stderr).contains("the last tag is cut off"));
    assert_eq!(tags(&files.output).len(), left.len() - 1);
}
