//! What looking into a frame costs: `cargo bench -p media`.

use std::hint::black_box;
use std::time::Duration;

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use media::units::{self, Edit};
use media::{Body, Content, FourCc, Kind, flv, nal, obu};

/// A frame's coded bytes: 8 kB for a picture between key frames, as 2 Mbit/s make them.
const PICTURE: usize = 8_000;
/// A key frame of the same stream.
const KEY_PICTURE: usize = 64_000;

/// A tag body as it arrives, in one piece.
fn tag(kind: Kind, codec: FourCc, payload: &[u8]) -> Bytes {
    let (key, disposable, cts_ms) = (false, false, 40);
    let parts = flv::Parts { kind, track: 0, codec, content: Content::Coded, key, disposable, cts_ms };
    flv::build(&parts, &Body::from(payload.to_vec())).0.to_bytes()
}

fn tags(c: &mut Criterion) {
    let mut group = c.benchmark_group("tag body");
    for (name, codec) in [("avc", FourCc::AVC1), ("enhanced hevc", FourCc::HVC1), ("enhanced av1", FourCc::AV01)] {
        let body = tag(Kind::Video, codec, &[0x41; PICTURE]);
        assert_eq!(flv::video(body.clone(), 0).codec, codec);
        group.bench_function(name, |b| b.iter(|| flv::video(black_box(&body).clone(), 0)));
    }
    let body = tag(Kind::Audio, FourCc::MP4A, &[0x21; 372]);
    assert_eq!(flv::audio(body.clone(), 0).codec, FourCc::MP4A);
    group.bench_function("aac", |b| b.iter(|| flv::audio(black_box(&body).clone(), 0)));
    group.finish();
}

/// Bytes as evenly spread as an entropy coder leaves them, and none that ends a start code.
fn coded(bytes: usize) -> Vec<u8> {
    let mut state = 1u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    (0..bytes).map(|_| next()).map(|byte| if byte == 1 { 2 } else { byte }).collect()
}

/// The units of a key frame: AUD, SPS, PPS, an SEI of 100 bytes, four slices.
fn key_frame() -> Vec<Vec<u8>> {
    let unit = |head: u8, bytes: usize| [vec![head], coded(bytes - 1)].concat();
    let mut units = vec![unit(9, 2), unit(0x67, 30), unit(0x68, 5), unit(6, 100)];
    units.extend((0..4).map(|_| unit(0x65, KEY_PICTURE / 4)));
    units
}

fn prefixed(units: &[Vec<u8>]) -> Body {
    Body::from(units.iter().flat_map(|u| [&(u.len() as u32).to_be_bytes(), &u[..]].concat()).collect::<Vec<u8>>())
}

/// A temporal unit: temporal delimiter, sequence header, frame.
fn temporal_unit() -> Body {
    let mut bytes = Vec::new();
    for (kind, size) in [(obu::TEMPORAL_DELIMITER, 0), (obu::SEQUENCE_HEADER, 12), (obu::FRAME, KEY_PICTURE)] {
        bytes.push(kind << 3 | 2);
        obu::write_leb128(size as u32, &mut bytes);
        bytes.extend(coded(size));
    }
    Body::from(bytes)
}

fn walks(c: &mut Criterion) {
    let units = key_frame();
    let (payload, av1) = (prefixed(&units), temporal_unit());
    let mut group = c.benchmark_group("units");
    assert_eq!(nal::lengths(4, &payload).count(), units.len());
    group.bench_function("length prefixes", |b| b.iter(|| nal::lengths(4, black_box(&payload)).count()));
    assert_eq!(obu::walk(&av1).count(), 3);
    group.bench_function("obus", |b| b.iter(|| obu::walk(black_box(&av1)).count()));
    group.bench_function("types", |b| b.iter(|| units::types(FourCc::AVC1, 4, black_box(&payload))));

    let stream = Body::from(units.iter().flat_map(|u| [&[0, 0, 0, 1], &u[..]].concat()).collect::<Vec<u8>>());
    assert_eq!(nal::annex_b(&stream).len(), units.len());
    group.throughput(Throughput::Bytes(stream.len() as u64));
    group.bench_function("start codes", |b| b.iter(|| nal::annex_b(black_box(&stream))));
    group.finish();
}

fn edits(c: &mut Criterion) {
    let payload = prefixed(&key_frame());
    let new = Bytes::from_static(&[6, 5, 1, 0, 0x80]);
    let mut group = c.benchmark_group("edit");
    let mut edited = |name: &str, change: &dyn Fn(&mut Edit) -> bool| {
        group.bench_function(name, |b| {
            b.iter(|| {
                let Ok(list) = units::list(FourCc::AVC1, 4, black_box(&payload)) else { panic!("no units") };
                let mut edit = Edit::new(list.len());
                assert!(change(&mut edit));
                let Ok(edited) = edit.apply(FourCc::AVC1, 4, &payload, &list) else { panic!("no edit") };
                assert!(edited.copied_bytes < 16, "the picture is shared");
                edited
            });
        });
    };
    edited("removes an SEI", &|edit| edit.remove(3));
    edited("replaces an SEI", &|edit| edit.replace(3, new.clone()));
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(40).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    targets = tags, walks, edits
}
criterion_main!(benches);
