//! H.265 as CodecID 12 and as hvc1, from one to the other.

use std::sync::Arc;

use bytes::Bytes;
use media::flv::{self, Carried, HevcForm};
use media::metadata::Value;
use media::{Body, Content, FourCc, Frame, Kind, Metadata};
use proptest::prelude::*;

fn carried(body: &[u8], form: HevcForm) -> Option<Vec<u8>> {
    let frame = flv::video(Bytes::copy_from_slice(body), 7_000);
    match form.carry(&frame) {
        Carried::Body(body) => Some(body.to_bytes().to_vec()),
        Carried::AsItIs => Some(body.to_vec()),
        Carried::NotAtAll => None,
        Carried::Metadata(_) => panic!("no data was sent"),
    }
}

#[test]
fn each_form_has_the_other() {
    for (legacy, enhanced) in [
        (&b"\x1c\x00\x00\x00\x00hvcC"[..], &b"\x90hvc1hvcC"[..]),
        (b"\x1c\x01\x00\x00\x50nal", b"\x91hvc1\x00\x00\x50nal"),
        (b"\x2c\x01\xff\xff\xd8nal", b"\xa1hvc1\xff\xff\xd8nal"),
        (b"\x2c\x01\x00\x00\x00nal", b"\xa3hvc1nal"),
        (b"\x4c\x01\x00\x00\x00nal", b"\xc3hvc1nal"),
        (b"\x1c\x02\x00\x00\x00", b"\x92hvc1"),
    ] {
        assert_eq!(carried(legacy, HevcForm::Enhanced).as_deref(), Some(enhanced), "{legacy:02x?}");
        assert_eq!(carried(enhanced, HevcForm::Legacy).as_deref(), Some(legacy), "{enhanced:02x?}");
        assert_eq!(carried(legacy, HevcForm::Legacy).as_deref(), Some(legacy), "{legacy:02x?}");
        assert_eq!(carried(enhanced, HevcForm::Enhanced).as_deref(), Some(enhanced), "{enhanced:02x?}");
    }
}

#[test]
fn what_legacy_bodies_have_no_place_for_is_left_out() {
    // Composition time 0 written out, a disposable frame, a track id of 0, ModEx.
    for (enhanced, legacy) in [
        (&b"\x91hvc1\x00\x00\x00nal"[..], &b"\x1c\x01\x00\x00\x00nal"[..]),
        (b"\xb3hvc1nal", b"\x2c\x01\x00\x00\x00nal"),
        (b"\x96\x00hvc1\x00hvcC", b"\x1c\x00\x00\x00\x00hvcC"),
        (b"\x96\x11hvc1\x00\x00\x00\x06\x00\x00\x50nal", b"\x1c\x01\x00\x00\x50nal"),
        (b"\x97\x02\x00\x00\x0a\x01hvc1\x00\x00\x50nal", b"\x1c\x01\x00\x00\x50nal"),
    ] {
        assert_eq!(carried(enhanced, HevcForm::Legacy).as_deref(), Some(legacy), "{enhanced:02x?}");
    }
    assert_eq!(carried(b"\xd4hvc1\x02\x00\x09colorInfo\x06", HevcForm::Legacy), None);
    // An end of sequence without the composition time that nobody needs.
    assert_eq!(carried(b"\x1c\x02", HevcForm::Enhanced).as_deref(), Some(&b"\x92hvc1"[..]));
}

#[test]
fn everything_else_stays_as_it_is() {
    for body in [
        &b"\x17\x01\x00\x00\x00nal"[..],
        b"\x91av01obu",
        b"\x1d\x01\x00\x00\x00obu",
        b"\x2e\x01\x00\x00\x00nal",
        // Another track, several tracks, a command, an unknown packet type, a record of MPEG-2 TS, cut off.
        b"\x96\x01hvc1\x01\x00\x00\x00nal",
        b"\x96\x13hvc1\x00\x00\x00\x01k\x01\x00\x00\x01k",
        b"\xd0\x00",
        b"\x5c\x00",
        b"\x9ehvc1\x00",
        b"\x1c\x07\x00\x00\x00\x00",
        b"\x95hvc1\x80",
        b"\x1c\x01",
        b"\x91hvc1\x00",
        b"",
    ] {
        for form in [HevcForm::Legacy, HevcForm::Enhanced] {
            assert_eq!(carried(body, form).as_deref(), Some(body), "{body:02x?}");
        }
    }
    let audio = flv::audio(Bytes::from_static(b"\xaf\x01aac"), 0);
    assert_eq!(HevcForm::Legacy.carry(&audio), Carried::AsItIs);
}

#[test]
fn the_payload_is_shared() {
    let payload = Bytes::from(vec![0x26; 100_000]);
    let body = Body::join(Bytes::from_static(b"\x93hvc1"), Body::from(payload.clone()));
    let frame = Frame { body, ..flv::video(Bytes::from_static(b"\x93hvc1\x26"), 0) };
    let Carried::Body(body) = HevcForm::Legacy.carry(&frame) else { panic!("another body") };
    assert_eq!(body.slices().last().unwrap().as_ptr(), payload.as_ptr());
    assert_eq!(body.len(), payload.len() + 5);
}

#[test]
fn metadata_names_the_codec_as_the_tags_do() {
    let metadata = |codec: Value| Metadata {
        name: "onMetaData".into(),
        value: Value::Object(vec![("width".into(), Value::Number(2.0)), ("videocodecid".into(), codec)]),
    };
    let data = |metadata: Metadata| Frame {
        kind: Kind::Data,
        content: Content::Data,
        metadata: Some(Arc::new(metadata)),
        ..flv::video(Bytes::new(), 0)
    };
    let hvc1 = || Value::Number(f64::from(FourCc::HVC1.0));
    for (from, form, to) in [
        (hvc1(), HevcForm::Legacy, Some(Value::Number(12.0))),
        (Value::Text("hvc1".into()), HevcForm::Legacy, Some(Value::Number(12.0))),
        (Value::Number(12.0), HevcForm::Enhanced, Some(hvc1())),
        (Value::Number(12.0), HevcForm::Legacy, None),
        (hvc1(), HevcForm::Enhanced, None),
        (Value::Number(7.0), HevcForm::Enhanced, None),
        (Value::Number(7.0), HevcForm::Legacy, None),
    ] {
        let want = to.map_or(Carried::AsItIs, |to| Carried::Metadata(metadata(to)));
        assert_eq!(form.carry(&data(metadata(from.clone()))), want, "{from:?}");
    }
    let other = Metadata { name: "onTextData".into(), ..metadata(hvc1()) };
    assert_eq!(HevcForm::Legacy.carry(&data(other)), Carried::AsItIs);
}

proptest! {
    /// Any composition time and payload goes there and back, byte for byte behind the head.
    #[test]
    fn there_and_back(key: bool, cts in -0x80_0000i32..0x80_0000, payload in prop::collection::vec(any::<u8>(), 0..64)) {
        let mut legacy = vec![if key { 0x1c } else { 0x2c }, 1];
        legacy.extend_from_slice(&cts.to_be_bytes()[1..]);
        legacy.extend_from_slice(&payload);
        let enhanced = carried(&legacy, HevcForm::Enhanced).unwrap();
        let frame = flv::video(Bytes::from(enhanced.clone()), 0);
        prop_assert_eq!((frame.key, frame.cts_us, frame.content), (key, i64::from(cts) * 1000, Content::Coded));
        prop_assert_eq!(frame.payload().to_bytes(), payload);
        prop_assert_eq!(carried(&enhanced, HevcForm::Legacy).unwrap(), legacy);
    }

    /// Nothing breaks it, and what comes out reads as what went in.
    #[test]
    fn any_bytes(first in prop::sample::select(vec![0x1cu8, 0x2c, 0x5c, 0x90, 0x91, 0xa1, 0xa3, 0xd4, 0x96, 0xd6, 0x97]),
                 fourcc: bool, rest in prop::collection::vec(any::<u8>(), 0..40)) {
        let mut body = vec![first];
        if fourcc { body.extend_from_slice(b"hvc1"); }
        body.extend(rest);
        let frame = flv::video(Bytes::from(body.clone()), 0);
        for form in [HevcForm::Legacy, HevcForm::Enhanced] {
            let Some(out) = carried(&body, form) else { continue };
            let again = flv::video(Bytes::from(out), 0);
            prop_assert_eq!((again.content, again.codec, again.key, again.cts_us), (frame.content, frame.codec, frame.key, frame.cts_us));
            if frame.content != Content::EndOfSequence {
                prop_assert_eq!(again.payload(), frame.payload());
            }
        }
    }
}
