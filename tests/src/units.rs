//! NAL units and OBUs, read by a second reader than the router's own: what both agree on is no shared mistake.

/// A codec whose payload is made of units.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Codec {
    /// Four-byte lengths, nal_unit_type in five bits (ISO/IEC 14496-15).
    H264,
    /// Four-byte lengths, nal_unit_type in six bits.
    Hevc,
    /// The low-overhead form, every unit with a size (AV1 §5.3).
    Av1,
}

/// One unit: its type and all its bytes (without the length prefix of a NAL unit).
pub type Unit = (u8, Vec<u8>);

/// The units of a payload, which must be whole.
pub fn split(codec: Codec, mut payload: &[u8]) -> Vec<Unit> {
    let mut units = Vec::new();
    while !payload.is_empty() {
        let (head, size) = match codec {
            Codec::H264 | Codec::Hevc => {
                let (length, _) = payload.split_first_chunk::<4>().expect("a length prefix");
                (4, usize::try_from(u32::from_be_bytes(*length)).expect("a length"))
            }
            Codec::Av1 => (0, obu_size(payload)),
        };
        let unit = payload.get(head..head + size).expect("a unit inside its payload");
        let kind = match codec {
            Codec::H264 => unit[0] & 0x1f,
            Codec::Hevc => unit[0] >> 1 & 0x3f,
            Codec::Av1 => unit[0] >> 3 & 0x0f,
        };
        units.push((kind, unit.to_vec()));
        payload = &payload[head + size..];
    }
    units
}

/// The payload with these units.
pub fn join(codec: Codec, units: &[Unit]) -> Vec<u8> {
    let mut payload = Vec::new();
    for (_, unit) in units {
        if codec != Codec::Av1 {
            payload.extend_from_slice(&u32::try_from(unit.len()).expect("a length").to_be_bytes());
        }
        payload.extend_from_slice(unit);
    }
    payload
}

/// Header, size field and what it counts.
fn obu_size(bytes: &[u8]) -> usize {
    assert!(bytes[0] & 0x02 != 0, "an OBU without a size field");
    let extension = usize::from(bytes[0] >> 2 & 1);
    let (mut value, mut field) = (0usize, 0usize);
    loop {
        let byte = bytes[1 + extension + field];
        value |= usize::from(byte & 0x7f) << (7 * field);
        field += 1;
        if byte & 0x80 == 0 {
            return 1 + extension + field + value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_come_apart_and_together() {
        let payload = [0, 0, 0, 2, 0x09, 0xf0, 0, 0, 0, 3, 0x65, 1, 2];
        let units = split(Codec::H264, &payload);
        assert_eq!(units, [(9, vec![0x09, 0xf0]), (5, vec![0x65, 1, 2])]);
        assert_eq!(join(Codec::H264, &units), payload);
        let payload = [0x12, 0x00, 0x7a, 0x02, 1, 0x80];
        assert_eq!(split(Codec::Av1, &payload), [(2, vec![0x12, 0]), (15, vec![0x7a, 2, 1, 0x80])]);
    }
}
