//! Guests whose core code breaks the rules that every compiler keeps: pointers into nowhere, lengths of gigabytes, answers that do not
//! exist. Whatever it is, the call ends, the stream goes on as it came, and nobody else notices.

use std::path::PathBuf;
use std::sync::Arc;

use filter::{Filter, Spec};
use wit_component::StringEncoding;
use wit_parser::Resolve;

use crate::kit::*;

const LIAR: &str = include_str!("liar.wat");

/// The guest with these places replaced, as a core module with its component type in a file of its own.
fn liar(folder: &tempfile::TempDir, pieces: &[(&str, &str)]) -> PathBuf {
    let mut text = LIAR.to_owned();
    for (place, piece) in pieces {
        let mark = format!(";;({place}\n");
        assert!(text.contains(&mark), "{place}");
        text = text.replacen(&mark, &format!("{mark}{piece}\n"), 1);
    }
    let mut module = wat::parse_str(&text).unwrap_or_else(|e| panic!("{pieces:?}: {e}"));
    let mut wit = Resolve::default();
    let (package, _) = wit.push_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../../wit")).unwrap();
    let world = wit.select_world(&[package], Some("media-filter")).unwrap();
    wit_component::embed_component_metadata(&mut module, &wit, world, StringEncoding::UTF8).unwrap();
    let path = folder.path().join("liar.wasm");
    std::fs::write(&path, module).unwrap();
    path
}

fn frames() -> Vec<media::Frame> {
    let mut frames = vec![avc_header(0, &[])];
    frames.extend(video(0..50, 25));
    frames
}

const LOG: &str = r#"(import "weir:filter/log@0.1.0" "write" (func $log (param i32 i32 i32 i32 i32)))"#;
const READ: &str = r#"(import "weir:filter/frame@0.1.0" "read" (func $read (param i32 i32 i32)))"#;
const UNITS: &str = r#"(import "weir:filter/frame@0.1.0" "units" (func $units (param i32)))"#;
const REPLACE: &str = r#"(import "weir:filter/frame@0.1.0" "replace" (func $replace (param i32 i32)))"#;
const INSERT: &str = r#"(import "weir:filter/frame@0.1.0" "insert-unit" (func $insert (param i32 i32 i32)))"#;
/// The frame in hand as a packet, the packet's size, and its end.
const PACKET: &str = r#"(import "weir:filter/frame@0.1.0" "retain" (func $retain (result i32)))
    (import "weir:filter/output@0.1.0" "[method]packet.size" (func $size (param i32) (result i32)))
    (import "weir:filter/output@0.1.0" "[resource-drop]packet" (func $forget (param i32)))"#;
const METADATA: &str =
    r#"(import "weir:filter/output@0.1.0" "set-metadata" (func $metadata (param i32 i32 i32 i32 i32)))"#;

async fn honest(runtime: &filter::Runtime) -> (tempfile::TempDir, Arc<Filter>) {
    let folder = tempfile::tempdir().unwrap();
    let path = liar(&folder, &[]);
    (folder, load(runtime, Spec::new("it", path)).await)
}

#[tokio::test]
async fn without_a_lie_it_is_a_filter_like_any_other() {
    let runtime = runtime();
    let (_folder, it) = honest(&runtime).await;
    let frames = frames();
    assert!(seen(&all(&it, frames.clone())) == seen(&frames));
    let report = it.counters();
    assert_eq!((report.events.traps, report.events.faults, report.events.deadline_misses), (0, 0, 0), "{report}");
}

/// What is wrong with one call, and whether that is a trap.
const LIES: [(&str, &[(&str, &str)]); 18] = [
    ("a verdict that does not exist", &[("FRAME", "(return (i32.const 77))")]),
    (
        "a payload outside its memory",
        &[("IMPORTS", REPLACE), ("FRAME", "(call $replace (i32.const -4096) (i32.const 8192))")],
    ),
    (
        "a payload of two gigabytes",
        &[("IMPORTS", REPLACE), ("FRAME", "(call $replace (i32.const 0) (i32.const 0x7fffffff))")],
    ),
    (
        "a unit of four gigabytes",
        &[("IMPORTS", INSERT), ("FRAME", "(call $insert (i32.const 0) (i32.const 1) (i32.const -1))")],
    ),
    (
        "a line of the log outside its memory",
        &[
            ("IMPORTS", LOG),
            ("FRAME", "(call $log (i32.const 2) (i32.const -65536) (i32.const 65535) (i32.const 0) (i32.const 0))"),
        ],
    ),
    (
        "more fields than an address counts",
        &[
            ("IMPORTS", LOG),
            ("FRAME", "(call $log (i32.const 2) (i32.const 16) (i32.const 4) (i32.const 16) (i32.const 0x20000000))"),
        ],
    ),
    (
        "fields at an odd address",
        &[
            ("IMPORTS", LOG),
            ("FRAME", "(call $log (i32.const 2) (i32.const 16) (i32.const 4) (i32.const 3) (i32.const 1))"),
        ],
    ),
    (
        "text that is no UTF-8",
        &[
            ("IMPORTS", LOG),
            (
                "FRAME",
                "(i32.store8 (i32.const 9000) (i32.const 0xff))
         (call $log (i32.const 2) (i32.const 9000) (i32.const 1) (i32.const 0) (i32.const 0))",
            ),
        ],
    ),
    (
        "a level that does not exist",
        &[
            ("IMPORTS", LOG),
            ("FRAME", "(call $log (i32.const 9) (i32.const 16) (i32.const 4) (i32.const 0) (i32.const 0))"),
        ],
    ),
    (
        "a value of no type in metadata",
        &[
            ("IMPORTS", METADATA),
            (
                "FRAME",
                "(i32.store (i32.const 9000) (i32.const 16)) (i32.store (i32.const 9004) (i32.const 4))
         (i32.store8 (i32.const 9008) (i32.const 200))
         (call $metadata (i32.const 16) (i32.const 4) (i32.const 9000) (i32.const 1) (i32.const 9100))",
            ),
        ],
    ),
    (
        "an address for the host's bytes that is none",
        &[
            ("IMPORTS", READ),
            ("REALLOC", "(if (global.get $calls) (then (return (i32.const -16))))"),
            ("FRAME", "(call $read (i32.const 0) (i32.const 100) (i32.const 9000))"),
        ],
    ),
    (
        "an odd address for the host's numbers",
        &[
            ("IMPORTS", UNITS),
            ("REALLOC", "(if (global.get $calls) (then (return (i32.const 70001))))"),
            ("FRAME", "(call $units (i32.const 9000))"),
        ],
    ),
    ("an address for the answer that is none", &[("IMPORTS", UNITS), ("FRAME", "(call $units (i32.const -4))")]),
    (
        "a header's answer that is neither good nor bad",
        &[("HEADER", "(i32.store8 (i32.const 300) (i32.const 9)) (return (i32.const 300))")],
    ),
    ("a packet that nobody gave", &[("IMPORTS", PACKET), ("FRAME", "(drop (call $size (i32.const 999)))")]),
    (
        "a packet that was given back",
        &[
            ("IMPORTS", PACKET),
            (
                "FRAME",
                "(i32.store (i32.const 9000) (call $retain)) (call $forget (i32.load (i32.const 9000)))
         (drop (call $size (i32.load (i32.const 9000))))",
            ),
        ],
    ),
    (
        "a packet that is given back twice",
        &[
            ("IMPORTS", PACKET),
            (
                "FRAME",
                "(i32.store (i32.const 9000) (call $retain)) (call $forget (i32.load (i32.const 9000)))
         (call $forget (i32.load (i32.const 9000)))",
            ),
        ],
    ),
    ("a trap in the last of all calls", &[("DROP", "unreachable")]),
];

#[tokio::test]
async fn a_lie_ends_the_call_and_nothing_else() {
    let runtime = runtime();
    let (_folder, neighbour) = honest(&runtime).await;
    for (what, pieces) in LIES {
        let folder = tempfile::tempdir().unwrap();
        let (it, loaded) = runtime.load(Spec::new("it", liar(&folder, pieces))).await;
        if let Err(error) = loaded {
            // Some come to light when it is tried; then it never sees a stream.
            assert!(error.to_string().contains("`it`"), "{what}: {error}");
            assert!(what == "a trap in the last of all calls" || what.contains("header"), "{what}: {error}");
            continue;
        }
        assert!(seen(&all(&it, frames())) == seen(&frames()), "{what}");
        let report = it.counters();
        assert!(report.events.traps > 0, "{what}: {report}");
        assert!(seen(&all(&neighbour, frames())) == seen(&frames()), "{what}");
        assert_eq!(neighbour.counters().events.traps, 0, "{what}");
    }
}

#[tokio::test]
async fn a_lie_on_trial_is_refused_with_the_hook() {
    let runtime = runtime();
    let rows: [(&str, &[(&str, &str)]); 6] = [
        ("describe", &[("DESCRIBE", "(return (i32.const -4))")]),
        ("describe", &[("DESCRIBE", "(i32.store (i32.const 68) (i32.const -1))")]),
        ("subscribe", &[("SUBSCRIBE", "(i32.store (i32.const 644) (i32.const 0x7fffffff))")]),
        ("open", &[("OPEN", "(i32.store (i32.const 516) (i32.const 12345))")]),
        ("open", &[("OPEN", "(i32.store8 (i32.const 512) (i32.const 2))")]),
        ("", &[("START", "(func $start (loop $l (br $l))) (start $start)")]),
    ];
    for (hook, pieces) in rows {
        let folder = tempfile::tempdir().unwrap();
        let (it, loaded) = runtime.load(Spec::new("it", liar(&folder, pieces))).await;
        let text = loaded.expect_err(&format!("{pieces:?}")).to_string();
        assert!(text.contains("`it`") && text.contains(hook), "{pieces:?}: {text}");
        assert!(!it.is_ready());
    }
}

#[tokio::test]
async fn a_state_that_lies_is_lost_and_the_next_generation_starts_without() {
    let runtime = still();
    let folder = tempfile::tempdir().unwrap();
    let lie = "(i32.store8 (i32.const 1024) (i32.const 1)) (i32.store (i32.const 1032) (i32.const -8))
        (i32.store (i32.const 1036) (i32.const 0x70000000))";
    let it = load(&runtime, Spec::new("it", liar(&folder, &[("SNAPSHOT", lie)]))).await;
    let mut chain = chain(&it);
    let mut out = push(&mut chain, frames().into_iter().take(20)).unwrap();
    it.reload(cold(Spec::new("it", liar(&folder, &[])))).await.unwrap();
    out.extend(push(&mut chain, frames().into_iter().skip(20)).unwrap());
    assert!(seen(&out) == seen(&frames()));
    assert_eq!(it.counters().events.swaps, 1, "{}", it.counters());
}

/// The guest sees what growing gives: −1, or it drops its frames and the test fails.
#[tokio::test]
async fn tables_and_memories_end_at_their_limits() {
    let runtime = runtime();
    for growth in [
        "(table.grow $table (ref.null func) (i32.const 100000000))",
        "(memory.grow (i32.const 60000))",
        "(memory.grow (i32.const 4096))",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let piece = format!("(if (i32.ne {growth} (i32.const -1)) (then (return (i32.const 1))))");
        let it = load(&runtime, Spec::new("it", liar(&folder, &[("FRAME", &piece)]))).await;
        // Growth that is refused may also be a trap: nothing is dropped either way.
        assert!(seen(&all(&it, frames())) == seen(&frames()), "{growth}");
    }
}

/// Each frame leaves its number in memory and finds that of the one before it, or is dropped.
#[tokio::test]
async fn streams_do_not_see_each_other() {
    let runtime = runtime();
    let folder = tempfile::tempdir().unwrap();
    let piece = "(local.set $n (i32.load (i32.const 9000)))
        (i32.store (i32.const 9000) (i32.wrap_i64 (i64.add (local.get $seq) (i64.const 1))))
        (return (i32.and (i32.ne (local.get $n) (i32.const 0))
            (i32.ne (local.get $n) (i32.wrap_i64 (local.get $seq)))))";
    let it = load(&runtime, Spec::new("it", liar(&folder, &[("FRAME", piece)]))).await;
    let open = |name: &str| filter::MediaChain::open(std::slice::from_ref(&it), stream(name));
    let mut streams: Vec<_> = ["a", "b", "c"].into_iter().map(|name| (open(name), Vec::new())).collect();
    for (n, frame) in frames().into_iter().enumerate() {
        // The second is ahead of the first, the third comes last.
        for (at, (chain, out)) in streams.iter_mut().enumerate() {
            if n % (at + 1) == 0 {
                chain.push(frame.clone(), out).unwrap();
            }
        }
    }
    for (at, (_, out)) in streams.iter().enumerate() {
        let sent: Vec<_> = frames().into_iter().step_by(at + 1).collect();
        assert!(seen(out) == seen(&sent), "stream {at}: {} of {}", out.len(), sent.len());
    }
}

#[tokio::test]
async fn a_file_of_more_functions_than_anybody_writes_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let functions = "(func)".repeat(1_000_001);
    let (it, loaded) = runtime().load(Spec::new("it", liar(&folder, &[("START", &functions)]))).await;
    let text = loaded.unwrap_err().to_string();
    assert!(text.contains("`it`") && text.contains("functions"), "{text}");
    assert!(!it.is_ready());
}
