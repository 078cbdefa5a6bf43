//! Walking over NAL units and OBUs, and editing payloads by unit, over payloads in one slice and in many.

use bytes::Bytes;
use media::nal::{self, h264, h265, h266};
use media::units::{self, Edit, Edited};
use media::{Body, FourCc, Unit, obu};
use proptest::prelude::*;

/// The same bytes in slices of `n`.
fn chopped(bytes: &[u8], n: usize) -> Body {
    Body::from_slices(bytes.chunks(n).map(Bytes::copy_from_slice).collect())
}

fn prefixed(length_bytes: usize, nals: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    for nal in nals {
        out.extend_from_slice(&(nal.len() as u32).to_be_bytes()[4 - length_bytes..]);
        out.extend_from_slice(nal);
    }
    out
}

fn seen(units: &[Unit]) -> Vec<(usize, usize, u8, bool, u8, u8)> {
    units.iter().map(|u| (u.offset, u.size, u.unit_type, u.reference, u.temporal_id, u.layer_id)).collect()
}

#[test]
fn h264_units_for_every_length_size() {
    let nals: [&[u8]; 4] = [&[0x09, 0xf0], &[0x06, 1, 2, 3], &[0x65, 8, 8], &[0x01]];
    for length in [1usize, 2, 3, 4] {
        for chop in [1, 2, 3, 100] {
            let payload = chopped(&prefixed(length, &nals), chop);
            let units = units::list(FourCc::AVC1, length as u8, &payload).unwrap();
            let l = length;
            assert_eq!(
                seen(&units),
                [
                    (l, 2, h264::AUD, false, 0, 0),
                    (2 * l + 2, 4, h264::SEI, false, 0, 0),
                    (3 * l + 6, 3, h264::IDR, true, 0, 0),
                    (4 * l + 9, 1, h264::SLICE, false, 0, 0)
                ]
            );
            assert_eq!(units::types(FourCc::AVC1, length as u8, &payload), 1 << 9 | 1 << 6 | 1 << 5 | 1 << 1);
        }
    }
}

#[test]
fn h265_and_h266_headers() {
    // SEI prefix; IDR; TRAIL_N with temporal id 2 and layer 33; a unit cut to one byte.
    let payload = Body::from(prefixed(4, &[&[0x4e, 0x01, 5], &[0x28, 0x01], &[0x01, 0x0b], &[0x46]]));
    let units = units::list(FourCc::HVC1, 4, &payload).unwrap();
    assert_eq!(
        seen(&units),
        [
            (4, 3, h265::PREFIX_SEI, false, 0, 0),
            (11, 2, h265::IDR_N_LP, true, 0, 0),
            (17, 2, h265::TRAIL_N, false, 2, 33),
            (23, 1, h265::AUD, false, 0, 0)
        ]
    );
    assert_eq!(units::types(FourCc::HVC1, 4, &payload), 1 << 39 | 1 << 20 | 1 | 1 << 35);
    let payload = Body::from(prefixed(4, &[&[0x00, 0xa1, 0x30], &[0x02, 0x43]]));
    let units = units::list(FourCc::VVC1, 4, &payload).unwrap();
    assert_eq!(seen(&units), [(4, 3, h266::AUD, false, 0, 0), (11, 2, h266::IDR_N_LP, true, 2, 2)]);
}

#[test]
fn names_are_the_standards() {
    assert_eq!([h264::name(5), h264::name(6), h264::name(31)], ["IDR", "SEI", "RESERVED"]);
    assert_eq!([h265::name(19), h265::name(39)], ["IDR_W_RADL", "PREFIX_SEI"]);
    assert_eq!([h266::name(20), obu::name(2)], ["AUD", "TEMPORAL_DELIMITER"]);
    assert!(h264::is_vcl(1) && h264::is_vcl(5) && !h264::is_vcl(6));
    assert!(h265::is_vcl(21) && !h265::is_vcl(32));
}

#[test]
fn empty_and_overrunning_nal_units() {
    // A length of nothing is no unit; the walk itself shows it.
    let payload = Body::from(prefixed(4, &[&[], &[0x65, 1], &[]]));
    let list = units::list(FourCc::AVC1, 4, &payload).unwrap();
    assert_eq!(list.len(), 1);
    let sizes: Vec<_> = nal::lengths(4, &payload).map(|n| n.unwrap().size).collect();
    assert_eq!(sizes, [0, 2, 0]);
    assert_eq!(units::types(FourCc::AVC1, 4, &payload), 1 << 5);

    let mut over = prefixed(4, &[&[0x06, 1]]);
    over.extend([0, 0, 0, 9, 0x65]);
    let payload = Body::from(over);
    let e = units::list(FourCc::AVC1, 4, &payload).unwrap_err();
    assert_eq!(e.at, 6);
    assert_eq!(units::types(FourCc::AVC1, 4, &payload), 1 << 6);
    for bad in [&[0u8, 0, 0][..], &[0xff, 0xff, 0xff, 0xff], &[0, 0, 0, 1]] {
        assert!(units::list(FourCc::AVC1, 4, &Body::from(bad.to_vec())).is_err(), "{bad:?}");
    }
    assert!(units::list(FourCc::AVC1, 0, &Body::from(vec![1, 2])).is_err());
    assert!(units::list(FourCc::AVC1, 5, &Body::from(vec![1, 2])).is_err());
    assert!(units::list(FourCc::AVC1, 4, &Body::new()).unwrap().is_empty());
    assert!(units::list(FourCc::VP09, 4, &Body::from(vec![1, 2])).unwrap().is_empty());
}

#[test]
fn a_list_does_not_outgrow_its_frame() {
    let most = Body::from([1u8, 9].repeat(units::MOST_UNITS));
    assert_eq!(units::list(FourCc::AVC1, 1, &most).unwrap().len(), units::MOST_UNITS);
    let over = Body::from([1u8, 9].repeat(units::MOST_UNITS + 5));
    assert_eq!(units::list(FourCc::AVC1, 1, &over).unwrap_err().at, 2 * units::MOST_UNITS + 1);
    assert_eq!(units::types(FourCc::AVC1, 1, &over), 1 << 9);
}

#[test]
fn annex_b() {
    let stream = [0, 0, 0, 1, 0x09, 0xf0, 0, 0, 1, 0x65, 0, 0, 3, 0, 0, 0, 0, 1, 0, 0, 1, 0x01];
    for chop in [1, 4, 100] {
        let body = chopped(&stream, chop);
        let found: Vec<_> = nal::annex_b(&body).iter().map(|n| (n.offset, n.size, n.head)).collect();
        assert_eq!(found, [(4, 2, [0x09, 0xf0]), (9, 4, [0x65, 0]), (21, 1, [0x01, 0])]);
        assert!(nal::is_annex_b(&body));
    }
    assert!(nal::is_annex_b(&Body::from(vec![0, 0, 1, 9])));
    assert!(!nal::is_annex_b(&Body::from(vec![0, 0, 0, 2, 9, 0xf0])));
    assert!(nal::annex_b(&Body::from(vec![1, 2, 3])).is_empty());
    assert!(nal::annex_b(&Body::from(vec![0, 0, 1])).is_empty());
}

// Temporal delimiter; sequence header; frame with extension and long size; padding without size.
const OBUS: &[u8] = &[0x12, 0x00, 0x0a, 0x02, 1, 2, 0x36, 0x48, 0x83, 0x00, 7, 8, 9, 0x78, 0xaa, 0xbb];

#[test]
fn av1_units() {
    for chop in [1, 3, 100] {
        let payload = chopped(OBUS, chop);
        let units = units::list(FourCc::AV01, 0, &payload).unwrap();
        assert_eq!(
            seen(&units),
            [
                (0, 2, obu::TEMPORAL_DELIMITER, false, 0, 0),
                (2, 4, obu::SEQUENCE_HEADER, true, 0, 0),
                (6, 7, obu::FRAME, true, 2, 1),
                (13, 3, obu::PADDING, false, 0, 0)
            ]
        );
        assert_eq!(units::types(FourCc::AV01, 0, &payload), 1 << 2 | 1 << 1 | 1 << 6 | 1 << 15);
        let walked: Vec<_> = obu::walk(&payload).map(|o| o.unwrap()).collect();
        assert_eq!((walked[2].header_bytes, walked[2].has_size), (4, true));
        assert_eq!((walked[3].header_bytes, walked[3].has_size), (1, false));
    }
    for (bad, at) in [
        (&[0x92u8, 0][..], 0),
        (&[0x12], 1),
        (&[0x12, 0x80], 1),
        (&[0x12, 0x05, 1], 0),
        (&[0x34], 1),
        (&[0x12, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00], 1),
        (&[0x12, 0xff, 0xff, 0xff, 0xff, 0x7f], 1),
        (&[0x12, 0x00, 0x0a, 0x09, 1], 2),
    ] {
        assert_eq!(units::list(FourCc::AV01, 0, &Body::from(bad.to_vec())).unwrap_err().at, at, "{bad:?}");
    }
}

#[test]
fn leb128_in_as_few_bytes_as_it_takes() {
    for (value, want) in [
        (0u32, &[0u8][..]),
        (127, &[0x7f]),
        (128, &[0x80, 1]),
        (300, &[0xac, 2]),
        (u32::MAX, &[0xff, 0xff, 0xff, 0xff, 0x0f]),
    ] {
        let mut out = Vec::new();
        obu::write_leb128(value, &mut out);
        assert_eq!(out, want);
    }
}

fn edited(codec: FourCc, length: u8, payload: &Body, make: impl FnOnce(&mut Edit)) -> Edited {
    let units = units::list(codec, length, payload).unwrap();
    let mut edit = Edit::new(units.len());
    make(&mut edit);
    edit.apply(codec, length, payload, &units).unwrap()
}

#[test]
fn removing_a_unit_copies_nothing() {
    let sei = vec![6; 100];
    let slice = vec![0x65; 100_000];
    let payload = Body::from(prefixed(4, &[&[9, 0xf0], &sei, &slice, &[0x41; 50]]));
    let got = edited(FourCc::AVC1, 4, &payload, |e| assert!(e.remove(1)));
    assert_eq!(got.payload.to_bytes(), prefixed(4, &[&[9, 0xf0], &slice, &[0x41; 50]]));
    assert_eq!((got.copied_bytes, got.units), (0, 3));
    // What stays side by side stays one slice of the original.
    let slices = got.payload.slices();
    assert_eq!(slices.len(), 2);
    assert_eq!(slices[1].as_ptr(), payload.slices()[0][110..].as_ptr());
}

#[test]
fn no_edit_gives_the_payload() {
    let payload = Body::from(prefixed(2, &[&[9, 0xf0], &[0x65, 1]]));
    let got = edited(FourCc::AVC1, 2, &payload, |e| assert!(e.is_empty()));
    assert_eq!((got.payload.slices().len(), got.copied_bytes), (1, 0));
    assert_eq!(got.payload, payload);
}

#[test]
fn replacing_and_inserting() {
    for length in [1usize, 2, 3, 4] {
        for chop in [1, 7, 100] {
            let payload = chopped(&prefixed(length, &[&[9, 0xf0], &[6, 1, 2], &[0x65, 1]]), chop);
            let got = edited(FourCc::AVC1, length as u8, &payload, |e| {
                assert!(e.insert(3, Bytes::from_static(&[10])));
                assert!(e.insert(2, Bytes::from_static(&[7, 1])));
                assert!(e.insert(2, Bytes::from_static(&[8, 2])));
                assert!(e.insert(0, Bytes::new()));
                assert!(e.remove(0));
                assert!(e.remove(1));
                assert!(e.replace(1, Bytes::from_static(&[6, 9])));
                assert!(!e.is_empty());
                assert!(!e.remove(3) && !e.replace(3, Bytes::new()) && !e.insert(4, Bytes::new()));
            });
            let want = prefixed(length, &[&[6, 9], &[7, 1], &[8, 2], &[0x65, 1], &[10]]);
            assert_eq!(got.payload.to_bytes(), want);
            assert_eq!((got.units, got.copied_bytes), (5, 7 + 4 * length));
        }
    }
}

#[test]
fn a_frame_can_be_left_empty() {
    let payload = Body::from(prefixed(4, &[&[9, 0xf0], &[], &[6, 1]]));
    let got = edited(FourCc::AVC1, 4, &payload, |e| assert!(e.remove(0) && e.replace(1, Bytes::new())));
    assert_eq!((got.units, got.payload.len()), (0, 0));
}

#[test]
fn a_unit_must_fit_its_prefix() {
    let payload = Body::from(prefixed(1, &[&[9, 0xf0]]));
    let units = units::list(FourCc::AVC1, 1, &payload).unwrap();
    for (size, fits) in [(255, true), (256, false)] {
        let mut edit = Edit::new(1);
        edit.insert(1, Bytes::from(vec![6; size]));
        assert_eq!(edit.apply(FourCc::AVC1, 1, &payload, &units).is_ok(), fits);
    }
}

#[test]
fn av1_edits() {
    for chop in [1, 5, 100] {
        let payload = chopped(OBUS, chop);
        // The unsized padding is not the last any more, nor is the new one before it.
        let got = edited(FourCc::AV01, 0, &payload, |e| {
            e.remove(0);
            e.insert(4, Bytes::from_static(&[0x78, 1]));
            e.insert(2, Bytes::from_static(&[0x2c, 0x48, 5, 5]));
        });
        let want: &[u8] =
            &[0x0a, 0x02, 1, 2, 0x2e, 0x48, 2, 5, 5, 0x36, 0x48, 0x83, 0x00, 7, 8, 9, 0x7a, 2, 0xaa, 0xbb, 0x78, 1];
        assert_eq!(got.payload.to_bytes(), want);
        assert_eq!((got.units, got.copied_bytes), (5, 2 + 4 + 3 + 2));
        assert_eq!(units::list(FourCc::AV01, 0, &got.payload).unwrap().len(), 5);
        // Still the last: untouched.
        let got = edited(FourCc::AV01, 0, &payload, |e| assert!(e.remove(0)));
        assert_eq!((got.payload.to_bytes().to_vec(), got.copied_bytes), (OBUS[2..].to_vec(), 0));
        let got = edited(FourCc::AV01, 0, &payload, |e| assert!(e.remove(3)));
        assert_eq!((got.payload.to_bytes().to_vec(), got.copied_bytes), (OBUS[..13].to_vec(), 0));
    }
    let payload = Body::from(OBUS.to_vec());
    let units = units::list(FourCc::AV01, 0, &payload).unwrap();
    let mut edit = Edit::new(units.len());
    edit.insert(0, Bytes::from_static(&[0x12, 0x05]));
    assert!(edit.apply(FourCc::AV01, 0, &payload, &units).is_err(), "half an OBU is refused");
}

#[test]
fn units_go_by_type_whatever_was_said_of_them_before() {
    let payload: Vec<u8> = [&[9u8, 0xf0][..], &[6, 1], &[0x65, 1, 2], &[6, 2]]
        .iter()
        .flat_map(|unit| [&(unit.len() as u32).to_be_bytes()[..], unit].concat())
        .collect();
    let payload = Body::from(payload);
    let units = units::list(FourCc::AVC1, 4, &payload).unwrap();
    let left = edited(FourCc::AVC1, 4, &payload, |edit| {
        assert!(edit.replace(1, Bytes::from_static(b"\x06new")) && edit.replace(2, Bytes::from_static(b"\x65new")));
        assert_eq!(edit.remove_types(&units, 1 << 6 | 1 << 9 | 1 << 40), 3);
    });
    assert_eq!((left.payload.to_bytes().to_vec(), left.units), (b"\0\0\0\x04\x65new".to_vec(), 1));
    let left = edited(FourCc::AVC1, 4, &payload, |edit| {
        assert_eq!(edit.remove_types(&units, 1 << 6), 2);
        assert!(edit.replace(3, Bytes::from_static(b"\x06z")), "what is said last counts");
    });
    assert_eq!((left.payload.len(), left.units), (6 + 7 + 6, 3));
    let mut edit = Edit::new(units.len());
    assert_eq!(edit.remove_types(&units, 1 << 63), 0);
    assert!(edit.is_empty());
}

#[test]
fn units_are_found_by_type_up_to_the_64th() {
    let payload: Vec<u8> = (0..70).flat_map(|at| [0, 0, 0, 2, if at % 3 == 0 { 6 } else { 0x41 }, 7]).collect();
    let units = units::list(FourCc::AVC1, 4, &Body::from(payload)).unwrap();
    let sei = (0..64).step_by(3).fold(0u64, |bits, at| bits | 1 << at);
    assert_eq!(units::of_types(&units, 1 << 6), sei);
    assert_eq!(units::of_types(&units, 1 << 1 | 1 << 40), !sei);
    assert_eq!(units::of_types(&units, u64::MAX), u64::MAX);
    assert_eq!((units::of_types(&units, 0), units::of_types(&[], u64::MAX)), (0, 0));
}

proptest! {
    #[test]
    fn any_bytes_are_walked(bytes in prop::collection::vec(any::<u8>(), 0..200), chop in 1usize..9, length in 0u8..6) {
        let whole = Body::from(bytes.clone());
        let body = chopped(&bytes, chop);
        for codec in [FourCc::AVC1, FourCc::HVC1, FourCc::VVC1, FourCc::AV01] {
            let list = units::list(codec, length, &body);
            prop_assert_eq!(&list, &units::list(codec, length, &whole));
            let Ok(list) = list else { continue };
            for unit in &list {
                prop_assert!(unit.size > 0 && unit.offset + unit.size <= bytes.len());
            }
            let bits = list.iter().fold(0u64, |b, u| b | 1 << u.unit_type);
            prop_assert_eq!(bits, units::types(codec, length, &body));
        }
        prop_assert_eq!(nal::annex_b(&body), nal::annex_b(&whole));
        for unit in nal::annex_b(&body) {
            prop_assert!(unit.size > 0 && unit.offset + unit.size <= bytes.len());
            prop_assert_ne!(bytes[unit.offset + unit.size - 1], 0);
        }
    }

    #[test]
    fn start_codes_are_found_wherever_they_stand(
        bytes in prop::collection::vec(prop_oneof![2 => Just(0u8), 1 => Just(1), 12 => Just(2)], 0..300),
        chop in 1usize..100,
    ) {
        let codes: Vec<usize> = (2..bytes.len()).filter(|at| bytes[at - 2..=*at] == [0, 0, 1]).collect();
        let ends = codes.iter().skip(1).map(|next| next - 2).chain([bytes.len()]);
        let between = codes.iter().zip(ends).map(|(code, end)| (code + 1, end));
        let trimmed = between.map(|(from, to)| {
            let zeros = bytes[from..to].iter().rev().take_while(|b| **b == 0).count();
            (from, to - zeros - from)
        });
        let expected: Vec<_> = trimmed.filter(|(_, size)| *size > 0).collect();
        let body = chopped(&bytes, chop);
        let found: Vec<_> = nal::annex_b(&body).iter().map(|n| (n.offset, n.size)).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn edits_do_what_they_do_to_a_list(
        nals in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..8),
        edits in prop::collection::vec((0u8..3, 0usize..9, prop::collection::vec(any::<u8>(), 1..20)), 0..6),
        length in 1u8..5,
        chop in 1usize..50,
    ) {
        let refs: Vec<&[u8]> = nals.iter().map(|n| &n[..]).collect();
        let payload = chopped(&prefixed(usize::from(length), &refs), chop);
        let list = units::list(FourCc::AVC1, length, &payload).unwrap();
        prop_assert_eq!(list.len(), nals.len());
        let mut edit = Edit::new(list.len());
        // The model: what stands before each unit, and what became of it.
        let mut before: Vec<Vec<Vec<u8>>> = vec![Vec::new(); nals.len() + 1];
        let mut units: Vec<Option<Vec<u8>>> = nals.iter().cloned().map(Some).collect();
        for (what, index, data) in edits {
            let bytes = Bytes::from(data.clone());
            match what {
                0 if edit.remove(index) => units[index] = None,
                1 if edit.replace(index, bytes.clone()) => units[index] = Some(data),
                2 if edit.insert(index, bytes) => before[index].push(data),
                _ => prop_assert!(index >= nals.len()),
            }
        }
        let mut want: Vec<Vec<u8>> = Vec::new();
        for (i, inserted) in before.into_iter().enumerate() {
            want.extend(inserted);
            want.extend(units.get(i).cloned().flatten());
        }
        let got = edit.apply(FourCc::AVC1, length, &payload, &list).unwrap();
        let want: Vec<&[u8]> = want.iter().map(|n| &n[..]).collect();
        prop_assert_eq!(got.units, want.len());
        prop_assert_eq!(got.payload.to_bytes().to_vec(), prefixed(usize::from(length), &want));
    }

    #[test]
    fn av1_edits_always_give_walkable_payloads(
        obus in prop::collection::vec((0u8..16, any::<bool>(), any::<bool>(), prop::collection::vec(any::<u8>(), 0..200)), 1..6),
        removed in prop::collection::vec(0usize..6, 0..3),
        inserted in prop::collection::vec((0usize..7, any::<bool>(), prop::collection::vec(any::<u8>(), 0..20)), 0..3),
    ) {
        let mut payload = Vec::new();
        let last = obus.len() - 1;
        for (i, (kind, extension, sized, data)) in obus.iter().enumerate() {
            let sized = *sized || i != last;
            payload.push(kind << 3 | u8::from(*extension) << 2 | u8::from(sized) << 1);
            if *extension { payload.push(0x48); }
            if sized { obu::write_leb128(data.len() as u32, &mut payload); }
            payload.extend_from_slice(data);
        }
        let payload = Body::from(payload);
        let list = units::list(FourCc::AV01, 0, &payload).unwrap();
        prop_assert_eq!(list.len(), obus.len());
        let mut edit = Edit::new(list.len());
        let mut gone: Vec<usize> = removed.into_iter().filter(|i| edit.remove(*i)).collect();
        gone.sort_unstable();
        gone.dedup();
        let mut added = 0;
        for (at, sized, data) in inserted {
            let mut unit = vec![15 << 3 | u8::from(sized) << 1];
            if sized { obu::write_leb128(data.len() as u32, &mut unit); }
            unit.extend(data);
            added += usize::from(edit.insert(at, unit.into()));
        }
        let got = edit.apply(FourCc::AV01, 0, &payload, &list).unwrap();
        prop_assert_eq!(got.units, list.len() - gone.len() + added);
        prop_assert_eq!(units::list(FourCc::AV01, 0, &got.payload).unwrap().len(), got.units);
    }
}
