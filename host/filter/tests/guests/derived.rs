//! Streams that filters make beside the one in hand, and tracks that they add to it.

use std::sync::Arc;

use filter::{Derivation, Derived, Filter, Grants, Limits, MediaChain, NotDerived, Spec};
use media::{Content, FourCc, Frame, Kind};
use serde_json::json;

use crate::kit::*;

fn granted(filter: &str, config: serde_json::Value) -> Spec {
    Spec { grants: Grants::parse(["derive"]).unwrap(), ..spec(filter, config) }
}

async fn audio_only(suffix: &str) -> Arc<Filter> {
    load(&still(), granted("audio-only", json!({ "suffix": suffix }))).await
}

fn taken(chain: &mut MediaChain) -> Vec<Derived> {
    let mut derived = Vec::new();
    chain.take_derived(&mut derived);
    derived
}

fn frames(derived: &[Derived]) -> Vec<Frame> {
    let frames = derived.iter().filter_map(|d| if let Derivation::Frame(f) = &d.what { Some(f) } else { None });
    frames.map(|f| (**f).clone()).collect()
}

/// Openings and ends.
fn lives(derived: &[Derived]) -> Vec<String> {
    let life = |d: &Derived| match &d.what {
        Derivation::Opened { suffix, .. } => Some(format!("+{suffix}")),
        Derivation::Closed => Some("-".to_owned()),
        Derivation::Frame(_) => None,
    };
    derived.iter().filter_map(life).collect()
}

#[tokio::test]
async fn sound_goes_beside_without_a_copy() {
    let it = audio_only("_audio").await;
    let mut chain = chain(&it);
    let came = [aac_header(0), avc_header(0, &[]), avc(0, true, &[&[0x65; 50]]), aac(10), aac(31)];
    let out = push(&mut chain, came.clone()).unwrap();
    assert_eq!(seen(&out), seen(&came), "the stream itself is untouched");
    let derived = taken(&mut chain);
    assert_eq!(lives(&derived), ["+_audio"]);
    let made = frames(&derived);
    assert_eq!(
        made.iter().map(|f| (f.content, f.dts_us)).collect::<Vec<_>>(),
        [(Content::Header, 10_000), (Content::Coded, 10_000), (Content::Coded, 31_000)]
    );
    for (made, came) in made.iter().zip([&came[0], &came[3], &came[4]]) {
        assert_eq!((made.codec, made.body.to_bytes()), (FourCc::MP4A, came.body.to_bytes()));
    }
    // The very bytes that came.
    let range = came[3].body.slices()[0].as_ptr_range();
    assert!(made[1].body.slices().iter().any(|s| s.len() == 200 && range.contains(&s.as_ptr())));
    let report = it.counters();
    assert_eq!((report.events.edit_copied_bytes, report.events.derived_frames), (0, 3));
    assert!(
        report.events.copied_bytes < 100,
        "settings and headers, no frame of 200 bytes: {}",
        report.events.copied_bytes
    );
}

#[tokio::test]
async fn a_name_that_is_taken_is_refused_and_opened_again() {
    let it = audio_only("_audio").await;
    let mut chain = chain(&it);
    push(&mut chain, [aac_header(0), aac(0)]).unwrap();
    let stream = taken(&mut chain)[0].stream;
    chain.refuse_derived(stream, NotDerived::NameTaken);
    push(&mut chain, [aac(20), aac(500)]).unwrap();
    assert!(taken(&mut chain).is_empty());
    push(&mut chain, [aac(1100)]).unwrap();
    let again = taken(&mut chain);
    assert_eq!((lives(&again), frames(&again).len()), (vec!["+_audio".to_owned()], 2), "with its header");
}

#[tokio::test]
async fn a_new_generation_goes_on_with_the_stream_and_another_suffix_ends_it() {
    let it = audio_only("_audio").await;
    let mut chain = chain(&it);
    push(&mut chain, [aac_header(0), aac(0)]).unwrap();
    let first = taken(&mut chain)[0].stream;
    let with = |limits| Spec { limits, ..granted("audio-only", json!({ "suffix": "_audio" })) };
    it.reload(with(Limits { log_lines_per_second: 7, ..Limits::default() })).await.unwrap();
    push(&mut chain, [aac(20), aac(40)]).unwrap();
    let derived = taken(&mut chain);
    assert!(lives(&derived).is_empty() && derived.iter().all(|d| d.stream == first), "{derived:?}");
    assert_eq!(frames(&derived).iter().filter(|f| f.content == Content::Coded).count(), 2);
    it.reload(granted("audio-only", json!({ "suffix": "_other" }))).await.unwrap();
    push(&mut chain, [aac(60)]).unwrap();
    assert_eq!(lives(&taken(&mut chain)), ["+_other"]);
    push(&mut chain, [aac(9_000)]).unwrap();
    assert!(lives(&taken(&mut chain)).is_empty());
    push(&mut chain, [aac(10_100)]).unwrap();
    let over = taken(&mut chain);
    assert_eq!(lives(&over), ["-"]);
    assert!(over.iter().any(|d| d.stream == first && matches!(d.what, Derivation::Closed)));
}

#[tokio::test]
async fn the_number_of_streams_and_their_bytes_are_bounded() {
    let limits = Limits { derived_streams: 0, ..Limits::default() };
    let it = load(&runtime(), Spec { limits, ..granted("audio-only", json!({})) }).await;
    let mut none = chain(&it);
    push(&mut none, [aac_header(0), aac(0)]).unwrap();
    assert!(taken(&mut none).is_empty());

    let limits = Limits { emit_ratio: 0.0, ..Limits::default() };
    let it = load(&runtime(), Spec { limits, ..granted("keyframe-only", json!({})) }).await;
    let mut some = chain(&it);
    let large = [&[0x65][..], &[7; 400_000]].concat();
    push(&mut some, (0..5).map(|n| avc(n * 40, true, &[&large]))).unwrap();
    let pictures = frames(&taken(&mut some)).iter().filter(|f| f.kind == Kind::Video).count();
    assert_eq!(pictures, 2, "one MiB to begin with, and nothing for what comes");
}

#[tokio::test]
async fn two_filters_with_one_suffix_are_two_streams() {
    let it = audio_only("_audio").await;
    let mut both = MediaChain::open(&[it.clone(), audio_only("_audio").await], stream("cam"));
    push(&mut both, [aac_header(0), aac(0)]).unwrap();
    let opened = taken(&mut both);
    assert_eq!(lives(&opened), ["+_audio", "+_audio"], "who runs the chain refuses one of them");
    assert_ne!(opened[0].stream, opened[opened.len() - 1].stream);
    let mut out = Vec::new();
    let last = both.end(filter::session::EndReason::SourceEnded, &mut out);
    assert!(out.is_empty() && last.is_empty());
}

#[tokio::test]
async fn a_track_is_added_behind_the_publishers_own_and_without_the_grant_denied() {
    let granted = Spec {
        grants: Grants::parse(["tracks"]).unwrap(),
        ..spec("conformance/media", json!({ "mode": "add-track" }))
    };
    let it = load(&runtime(), granted).await;
    let out = all(&it, [aac_header(0), aac(0), aac(21)]);
    let told: Vec<_> = out.iter().map(|f| (f.track, f.content, f.dts_us)).collect();
    assert_eq!(
        told,
        [
            (1, Content::Header, 0),
            (0, Content::Header, 0),
            (0, Content::Coded, 0),
            (1, Content::Coded, 0),
            (0, Content::Coded, 21_000),
            (1, Content::Coded, 21_000)
        ]
    );
    // On the wire it is Enhanced RTMP multitrack, which a reader finds as that.
    let again = media::flv::audio(out[3].body.to_bytes(), 0);
    assert_eq!((again.track, again.codec, again.payload().to_bytes()), (1, FourCc::MP4A, out[2].payload().to_bytes()));
    assert_eq!(it.counters().events.edit_copied_bytes, 0);

    let denied = conformance(json!({ "mode": "add-track" })).await;
    assert_eq!(all(&denied, [aac_header(0), aac(0)]).len(), 2);
}
