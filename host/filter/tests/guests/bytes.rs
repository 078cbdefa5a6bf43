//! What is copied, by the counters.

use filter::counters::Hook;
use media::flv;
use serde_json::json;

use crate::kit::*;

#[tokio::test]
async fn removing_an_sei_from_a_large_frame_copies_no_payload_byte() {
    let it = load(&runtime(), spec("nal-filter", json!({ "h264": { "drop": ["sei"] } }))).await;
    let (sei, slice) = ([&[6, 5][..], &[0xaa; 98]].concat(), [&[0x65][..], &[0x5a; 100_000]].concat());
    let frame = avc(0, true, &[&sei, &slice]);
    let out = all(&it, [avc_header(0, &[]), frame.clone()]);
    assert_eq!(out[1].payload().to_bytes(), avc_payload(&[&slice]));
    let report = it.counters();
    assert_eq!(report.answers(Hook::Frame, "edited"), 1);
    assert_eq!(report.events.edit_copied_bytes, 0, "no byte of the payload was written anew");
    assert!(
        report.events.copied_bytes < 1000,
        "the guest saw a list of units, not bytes: {}",
        report.events.copied_bytes
    );
    // The bytes that stay are those that came, not a copy of them.
    let came = frame.body.slices()[0].as_ptr_range();
    let kept = out[1].body.slices().iter().filter(|s| s.len() > 1000).collect::<Vec<_>>();
    assert!(kept.len() == 1 && came.contains(&kept[0].as_ptr()));
}

#[tokio::test]
async fn a_new_unit_is_all_that_is_copied() {
    let it = conformance(json!({ "mode": "replace-unit", "unit_type": 6, "with": [6, 1, 2, 3] })).await;
    let slice = [&[0x65][..], &[0x5a; 50_000]].concat();
    all(&it, [avc_header(0, &[]), avc(0, true, &[&[6, 9, 9, 9, 9, 9], &slice])]);
    assert_eq!(it.counters().events.edit_copied_bytes, 4 + 4, "the unit and its length");
}

#[tokio::test]
async fn bytes_are_counted_when_they_are_asked_for() {
    let it = conformance(json!({ "mode": "replace", "append": "!" })).await;
    let frame = avc(0, true, &[&[0x65; 8000]]);
    let size = frame.payload().len() as u64;
    all(&it, [frame]);
    let copied = it.counters().events.copied_bytes;
    assert!((2 * size..2 * size + 1000).contains(&copied), "in and out again: {copied}");
}

#[tokio::test]
async fn the_nal_filter_takes_out_those_units_and_no_other_byte() {
    let it = load(&runtime(), spec("nal-filter", json!({ "h264": { "drop": ["aud", "sei"] } }))).await;
    let mut frames = vec![avc_header(0, &[])];
    frames.extend(video(0..50, 10));
    let out = all(&it, frames.clone());
    assert_eq!(out.len(), frames.len());
    for (out, came) in out.iter().zip(&frames).skip(1) {
        let slice = came.payload().to_bytes();
        let slice = &slice[slice.len() - 4..];
        assert_eq!(out.payload().to_bytes(), avc_payload(&[slice]));
        assert_eq!((out.dts_us, out.key, out.gap_before), (came.dts_us, came.key, false));
        let again = flv::video(out.body.to_bytes(), out.dts_us);
        assert_eq!((again.content, again.payload_at), (came.content, came.payload_at));
    }
}
