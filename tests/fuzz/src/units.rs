//! NAL units and OBUs: walks, and edits of their list.

use crate::choices::{Choices, pieces};
use crate::memory;
use bytes::Bytes;
use media::units::{self, Edit, MOST_UNITS, Unit};
use media::{Body, FourCc, nal, obu};

const CODECS: [FourCc; 4] = [FourCc::AVC1, FourCc::HVC1, FourCc::VVC1, FourCc::AV01];

/// The bytes of each unit.
fn contents(units: &[Unit], payload: &[u8]) -> Vec<Vec<u8>> {
    units.iter().map(|unit| payload[unit.offset..unit.offset + unit.size].to_vec()).collect()
}

/// The payload in slices cut at will.
fn sliced(payload: &[u8], seed: u8) -> Body {
    Body::from_slices(pieces(payload, seed).into_iter().map(Bytes::copy_from_slice).collect())
}

/// A walk over any payload: units lie inside it and in order, and it does not matter how it is sliced.
pub fn walk(input: &[u8]) {
    let mut choices = Choices::new(input);
    let codec = CODECS[choices.below(4)];
    let (length, seed) = (choices.byte() % 6, choices.byte());
    let bytes = choices.rest();
    let body = Body::from(Bytes::copy_from_slice(bytes));
    // A list doubles as it grows; a unit takes two bytes of the payload at least, an OBU one.
    let listed = memory::within(160 * bytes.len() + 1024, || units::list(codec, length, &body));
    let again = sliced(bytes, seed);
    assert_eq!(units::list(codec, length, &again), listed, "another slicing");
    assert_eq!(units::types(codec, length, &again), units::types(codec, length, &body));
    if let Ok(units) = &listed {
        let mut end = 0;
        assert!(units.len() <= MOST_UNITS);
        for unit in units {
            assert!(unit.size > 0 && unit.offset >= end);
            end = unit.offset + unit.size;
        }
        assert!(end <= bytes.len());
        let bits = units.iter().fold(0u64, |bits, unit| bits | 1 << unit.unit_type);
        assert_eq!(units::types(codec, length, &body), bits);
    }
    let streamed = nal::annex_b(&body);
    assert_eq!(nal::annex_b(&again), streamed);
    let mut end = 0;
    for unit in &streamed {
        assert!(unit.size > 0 && unit.offset >= end + 3 && bytes[..unit.offset].ends_with(&[0, 0, 1]));
        end = unit.offset + unit.size;
        assert_ne!(bytes[end - 1], 0, "zeros behind a unit belong to none");
    }
    assert!(end <= bytes.len());
    assert_eq!(nal::is_annex_b(&body), bytes.starts_with(&[0, 0, 1]) || bytes.starts_with(&[0, 0, 0, 1]));
    for obu in obu::walk(&body).map_while(Result::ok) {
        assert!(obu.header_bytes <= obu.size && obu.offset + obu.size <= bytes.len());
    }
}

/// A payload made of the input: units behind length prefixes, or OBUs with sizes.
fn payload(codec: FourCc, length: u8, choices: &mut Choices<'_>) -> (Vec<u8>, Vec<Vec<u8>>) {
    let (mut bytes, mut made) = (Vec::new(), Vec::new());
    let count = choices.below(8);
    for n in 0..count {
        let content = unit(codec, n + 1 == count, choices);
        if codec != FourCc::AV01 {
            prefix(length, content.len(), &mut bytes);
        }
        bytes.extend_from_slice(&content);
        if !content.is_empty() {
            made.push(content);
        }
    }
    (bytes, made)
}

fn prefix(length: u8, size: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&(size as u32).to_be_bytes()[4 - usize::from(length)..]);
}

fn unit(codec: FourCc, last: bool, choices: &mut Choices<'_>) -> Vec<u8> {
    let content = choices.bytes(40);
    if codec != FourCc::AV01 {
        return content.to_vec();
    }
    let header = choices.byte();
    let sized = !last || header & 0x02 != 0;
    let mut obu = vec![header & 0x7D | if sized { 0x02 } else { 0 }];
    if header & 0x04 != 0 {
        obu.push(choices.byte());
    }
    if sized {
        obu::write_leb128(content.len() as u32, &mut obu);
    }
    obu.extend_from_slice(content);
    obu
}

/// An OBU with a size, whatever it had: an edit gives one to an OBU that is not the last any more.
fn with_size(codec: FourCc, unit: &[u8]) -> Vec<u8> {
    if codec != FourCc::AV01 || unit[0] & 0x02 != 0 {
        return unit.to_vec();
    }
    let head = if unit[0] & 0x04 == 0 { 1 } else { 2 };
    let mut sized = unit[..head].to_vec();
    sized[0] |= 0x02;
    obu::write_leb128((unit.len() - head) as u32, &mut sized);
    sized.extend_from_slice(&unit[head..]);
    sized
}

/// Units taken out, replaced and put in: the new payload holds what a plain list of units would, and nothing else.
pub fn edit(input: &[u8]) {
    let mut choices = Choices::new(input);
    let codec = CODECS[choices.below(4)];
    let length = [1, 2, 3, 4][choices.below(4)];
    let seed = choices.byte();
    let (bytes, made) = payload(codec, length, &mut choices);
    let body = sliced(&bytes, seed);
    let units = units::list(codec, length, &body).expect("our own units");
    assert_eq!(contents(&units, &bytes), made);
    let (mut gone, mut put) = (vec![None; units.len()], vec![Vec::new(); units.len() + 1]);
    let mut edit = Edit::new(units.len());
    while !choices.is_empty() {
        let (what, at) = (choices.below(4), choices.below(units.len() + 2));
        if what == 3 {
            // As many as are of these types, whatever was said of them before.
            let types = u64::MAX >> choices.below(64);
            let of = |unit: &Unit| types >> (unit.unit_type & 63) & 1 == 1;
            let found = units::of_types(&units, types);
            assert!((0..64).all(|at| (found >> at & 1 == 1) == units.get(at).is_some_and(of)));
            assert_eq!(edit.remove_types(&units, types), units.iter().filter(|unit| of(unit)).count());
            units.iter().zip(&mut gone).filter(|(unit, _)| of(unit)).for_each(|(_, gone)| *gone = Some(Vec::new()));
            continue;
        }
        let new = if what == 0 { Vec::new() } else { unit(codec, false, &mut choices) };
        let there = match what {
            0 => edit.remove(at),
            1 => edit.replace(at, new.clone().into()),
            _ => edit.insert(at, new.clone().into()),
        };
        assert_eq!(there, at < units.len() + usize::from(what == 2));
        match what {
            _ if !there => {}
            2 if new.is_empty() => {}
            2 => put[at].push(new),
            _ => gone[at] = Some(new),
        }
    }
    let mut wanted = Vec::new();
    for index in 0..=units.len() {
        wanted.append(&mut put[index]);
        match gone.get(index) {
            Some(None) => wanted.push(made[index].clone()),
            Some(Some(new)) if !new.is_empty() => wanted.push(new.clone()),
            _ => {}
        }
    }
    let edited = edit.apply(codec, length, &body, &units).expect("units of fewer than 256 bytes");
    let result = edited.payload.to_bytes();
    let listed = units::list(codec, length, &edited.payload).expect("an edited payload");
    assert_eq!(edited.units, wanted.len());
    let sized = |units: &[Vec<u8>]| units.iter().map(|unit| with_size(codec, unit)).collect::<Vec<_>>();
    assert_eq!(sized(&contents(&listed, &result)), sized(&wanted));
}
