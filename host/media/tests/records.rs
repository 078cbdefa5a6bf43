//! Decoder configuration records of real encoders: what they say, and that they come back byte for byte.

use bytes::Bytes;
use media::aac::{self, AudioSpecificConfig};
use media::nal::h265;
use media::{VideoParams, av1, avc, hevc, vpx, vvc};
use proptest::prelude::*;

fn hex(text: &str) -> Bytes {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
    digits.chunks(2).map(byte).collect::<Vec<_>>().into()
}

// x264: 322 x 182 at 25 fps; 4:2:2 in 10 bits; 4:4:4 with scaling lists, 320 x 178 at 29.97; interlaced, 320 x 240.
const X264: &str = "0164000dffe1001a6764000dacd94151 9e226c0440000003004000000c83c50a 65800100 0668ebe3cb22c0fdf8f800";
const X264_422: &str =
    "017a000dffe1001b677a000db6cd941519e222f011000003000100000300320f142996010006 68ebe3cb22c0fefafa00";
const X264_444: &str = "01f4000dffe1001867f4000d919b282833f1f808800001f480007530078a14cb01000868eae3c44c000440fff8f800";
const X264_FIELDS: &str =
    "01640015ffe1001a67640015acd941410fcb808800000300100000030190f8a14cb001000668fba3cb22c0fdf8f800";

const SPS_265: &str = "42010101600000030090000003000003003ca00a480b9c9596566924caf0168080000003008000000c84";
const SPS_265_10: &str =
    "42010102200000030090000003000003003ca00a480b9c94d96566924caf016a04041208000003000800000300c840";

fn x265(head: &str, sps: &str) -> Bytes {
    let size = format!("{:04x}", hex(sps).len());
    hex(&[
        head,
        "03 200001 0018 40010c01ffff01600000030090000003000003003c959809 a10001",
        &size,
        sps,
        "220001 0007 4401c172b46240",
    ]
    .concat())
}

const HEAD_265: &str = "0101600000009000000000003cf000fcfdf8f800000f";
const HEAD_265_10: &str = "0102200000009000000000003cf000fcfdfafa00000f";

#[test]
fn avc_records() {
    for (record, width, height, profile, level, bit_depth, frame_rate) in [
        (X264, 322, 182, 100, 13, 8, (25, 1)),
        (X264_422, 322, 182, 122, 13, 10, (25, 1)),
        (X264_444, 320, 178, 244, 13, 8, (30_000, 1_001)),
        (X264_FIELDS, 320, 240, 100, 21, 8, (25, 2)),
    ] {
        let bytes = hex(record);
        let decoded = avc::Record::decode(&bytes).unwrap();
        let want = VideoParams { width, height, profile, level, bit_depth, frame_rate, unit_length_bytes: 4 };
        assert_eq!(decoded.params(), want, "{record}");
        assert_eq!((decoded.sps.len(), decoded.pps.len()), (1, 1));
        assert_eq!(decoded.encode().unwrap(), bytes);
    }
}

#[test]
fn avc_extension_trailing_bytes_and_reserved_bits() {
    let record = avc::Record::decode(&hex(X264_422)).unwrap();
    let extension = record.extension().unwrap();
    assert_eq!((extension.chroma_format, extension.bit_depth_luma, extension.bit_depth_chroma), (2, 10, 10));
    assert!(extension.sps_ext.is_empty());
    // Baseline has none; reserved bits of 0, three-byte lengths and what stands behind come back.
    let odd = hex("01 42c01e 02 01 0004 6742c01e 01 0002 68ce deadbeef");
    let record = avc::Record::decode(&odd).unwrap();
    assert_eq!((record.unit_length_bytes, record.extension(), &record.trailing[..]), (3, None, &hex("deadbeef")[..]));
    assert_eq!(record.encode().unwrap(), odd);
    // A parameter set that cannot be read leaves the rest known.
    assert_eq!((record.params().width, record.params().profile), (0, 66));
}

#[test]
fn avc_records_made_of_parameter_sets() {
    let from = avc::Record::decode(&hex(X264)).unwrap();
    let mut made = avc::Record::new(from.sps.clone(), from.pps.clone()).unwrap();
    made.trailing = from.trailing.clone();
    assert_eq!(made.encode().unwrap(), hex(X264));
    assert!(avc::Record::new(vec![hex("6742")], vec![]).is_err());
    made.pps = vec![Bytes::from(vec![0; 65_536])];
    assert!(made.encode().is_err());
    made.pps = vec![Bytes::new(); 256];
    assert!(made.encode().is_err());
    made.pps.clear();
    made.sps = vec![Bytes::new(); 32];
    assert!(made.encode().is_err());
    made.sps.clear();
    made.unit_length_bytes = 0;
    assert!(made.encode().is_err());
}

#[test]
fn broken_avc_records() {
    for (record, at) in [("", 0), ("00", 0), ("0164000dff", 5), ("0164000dffe1001a67", 8), ("0164000dffe10001 67", 9)] {
        assert_eq!(avc::Record::decode(&hex(record)).unwrap_err().at, at, "{record}");
    }
}

#[test]
fn hevc_records() {
    for (head, sps, profile, bit_depth) in [(HEAD_265, SPS_265, 1, 8), (HEAD_265_10, SPS_265_10, 2, 10)] {
        let bytes = x265(head, sps);
        let record = hevc::Record::decode(&bytes).unwrap();
        let want = VideoParams {
            width: 322,
            height: 182,
            profile,
            level: 60,
            bit_depth,
            frame_rate: (25, 1),
            unit_length_bytes: 4,
        };
        assert_eq!(record.params(), want);
        assert_eq!(record.encode().unwrap(), bytes);
        assert_eq!((record.chroma_format(), record.high_tier(), record.average_frame_rate()), (1, false, 0));
        let arrays: Vec<_> = record.arrays.iter().map(|a| (a.unit_type(), a.is_complete(), a.units.len())).collect();
        assert_eq!(arrays, [(h265::VPS, false, 1), (h265::SPS, true, 1), (h265::PPS, false, 1)]);
        assert_eq!(record.units(h265::SPS).next().unwrap(), &hex(sps));
        let mut longer = bytes.to_vec();
        longer.extend([1, 2, 3]);
        let longer = Bytes::from(longer);
        assert_eq!(hevc::Record::decode(&longer).unwrap().encode().unwrap(), longer);
        for cut in 0..bytes.len() {
            assert!(hevc::Record::decode(&bytes.slice(..cut)).is_err(), "{cut}");
        }
    }
    // Without a readable parameter set the record's own head still tells.
    let mut bare = hex(HEAD_265_10).to_vec();
    bare[19..21].copy_from_slice(&(50u16 * 256).to_be_bytes());
    bare.push(0);
    let params = hevc::Record::decode(&bare.into()).unwrap().params();
    assert_eq!((params.width, params.bit_depth, params.level, params.frame_rate), (0, 10, 60, (50, 1)));
    assert!(hevc::Record::decode(&Bytes::from(vec![2; 23])).is_err());
}

/// Bytes of fields written as bits; `uN` is Exp-Golomb for N.
fn bits(text: &str) -> Vec<u8> {
    let mut bits = String::new();
    for word in text.split_whitespace() {
        match word.strip_prefix('u') {
            Some(value) => {
                let value: u32 = value.parse().unwrap();
                let code = format!("{:b}", value + 1);
                bits.push_str(&"0".repeat(code.len() - 1));
                bits.push_str(&code);
            }
            None => bits.push_str(word),
        }
    }
    let bits: Vec<u8> = bits.bytes().map(|b| b - b'0').collect();
    bits.chunks(8).map(|c| (0..8).fold(0, |v, i| v << 1 | c.get(i).unwrap_or(&0))).collect()
}

/// The bytes with emulation prevention, behind a NAL unit header.
fn escaped(header: &[u8], rbsp: &[u8]) -> Vec<u8> {
    let mut out = header.to_vec();
    let mut zeros = 0;
    for b in rbsp {
        if zeros >= 2 && *b <= 3 {
            out.push(3);
            zeros = 0;
        }
        zeros = if *b == 0 { zeros + 1 } else { 0 };
        out.push(*b);
    }
    out
}

#[test]
fn hevc_parameter_sets_of_other_encoders() {
    // x265 with three temporal layers; interlaced with video usability information; 4:4:4 at 29.97.
    for (sps, width, height, rate, chroma) in [
        (
            "42010401600000030090000003000003003c0000a00b0804a7c9965652b2959649395e02d010000003001000000301e080",
            352,
            290,
            (30, 1),
            1,
        ),
        (
            "42010101600000030040000003000003003ca00b0804a7c996566924caf04e6b6d0000030001000003001e08",
            352,
            290,
            (30, 1),
            1,
        ),
        (
            "4201010408000003009e0800000300003c9001410173e7cb2b349272bc05a02000007d20000ea601",
            320,
            178,
            (30_000, 1_001),
            3,
        ),
    ] {
        let sps = hevc::Sps::decode(&hex(sps)).unwrap();
        assert_eq!((sps.width, sps.height, sps.frame_rate, sps.chroma_format), (width, height, rate, chroma));
    }
}

#[test]
fn a_hevc_parameter_set_with_everything_before_the_timing() {
    let profile = ["00 0 00010", &"0".repeat(32), &"0".repeat(48), "01011101"].join(" ");
    // Two sub-layers: the first has profile and level of its own.
    let sub_layer = ["1 1 00 00 00 00 00 00 00", &"1".repeat(88), "00111100"].join(" ");
    let scaling = {
        // The first matrix copies, the others are written: deltas of 0.
        let mut lists = String::from("0 u0");
        for size in 0..4 {
            for matrix in 0..if size == 3 { 2 } else { 6 } {
                if (size, matrix) == (0, 0) {
                    continue;
                }
                lists.push_str(" 1");
                if size > 1 {
                    lists.push_str(" u3");
                }
                lists.push_str(&" u0".repeat(if size == 0 { 16 } else { 64 }));
            }
        }
        lists
    };
    let text = [
        "0000 001 1",
        &profile,
        &sub_layer,
        // id, 4:2:2, 1920 x 1088 without 8 lines, 10 and 10 bits, 8 bits of picture order count
        "u0 u2 u1920 u1088 1 u0 u0 u0 u8 u2 u2 u4",
        // ordering information of both sub-layers; block sizes
        "1 u4 u2 u0 u4 u2 u0 u0 u3 u0 u3 u2 u2",
        "1 1",
        &scaling,
        // asymmetric partitions, sample adaptive offset; pulse code modulation
        "1 1 1 0111 0111 u0 u2 0",
        // three sets: two pictures before and one behind; predicted from it, one of four not used at all; predicted
        "u3 u2 u1 u0 1 u0 1 u0 1",
        "1 0 u0 1 0 1 0 0 1",
        "1 1 u0 1 1 1 1",
        // two long-term pictures
        "1 u2 00000001 1 00000010 0",
        // temporal prediction, strong smoothing; video usability information with a display window and timing
        "1 1 1 1 11111111 0000000000000001 0000000000000001 1 0 1 101 1 1 000000010000000100000001 1 u0 u0 000 1 u1 u1 u1 u1",
        "1 00000000000000000000001111101001 00000000000000001110101001100000",
    ]
    .join(" ");
    let sps = hevc::Sps::decode(&escaped(&[0x42, 0x01], &bits(&text))).unwrap();
    assert_eq!((sps.width, sps.height, sps.bit_depth_luma, sps.chroma_format), (1920, 1080, 10, 2));
    assert_eq!((sps.profile, sps.level, sps.frame_rate), (2, 93, (60_000, 1_001)));
    // Cut off behind the bit depth, the size is known and the rate is not.
    let cut = bits(&text)[..40].to_vec();
    let sps = hevc::Sps::decode(&escaped(&[0x42, 0x01], &cut)).unwrap();
    assert_eq!((sps.width, sps.frame_rate), (1920, (0, 0)));
}

#[test]
fn avc_parameter_sets_of_other_encoders() {
    let timing = "1 1 11111111 0000000000000001 0000000000000001 1 1 1 101 0 1 000000010000000100000001 1 u0 u0 1 \
                  00000000000000000000001111101001 00000000000000001110101001100000 1";
    // Order count type 1 with two frames in a cycle, fields, 1920 x 1080 by cropping, timing behind the rest.
    let text =
        format!("01001101 00000000 00101000 u0 u0 u1 0 u2 u3 u2 u1 u2 u1 0 u119 u33 0 1 1 1 u0 u0 u0 u2 {timing}");
    let sps = avc::Sps::decode(&escaped(&[0x67], &bits(&text))).unwrap();
    assert_eq!((sps.width, sps.height, sps.bit_depth_luma), (1920, 1080, 8));
    assert_eq!((sps.profile, sps.level, sps.frame_rate), (77, 40, (30_000, 1_001)));
    // High 4:4:4 with planes apart, 14 bits and a scaling list that ends early: cropping counts samples.
    let text = "11110100 00000000 00101000 u0 u3 1 u6 u6 0 1 1 u16 00000000000 u0 u2 u1 0 u19 u9 1 1 1 u1 u2 u3 u4 0";
    let sps = avc::Sps::decode(&escaped(&[0x67], &bits(text))).unwrap();
    assert_eq!((sps.width, sps.height, sps.bit_depth_luma, sps.chroma_format), (320 - 3, 160 - 7, 14, 3));
    // Monochrome; and cropped to nothing.
    let text = "01100100 00000000 00101000 u0 u0 u0 u0 0 0 u0 u2 u1 0 u19 u9 1 1 0 0";
    let sps = avc::Sps::decode(&escaped(&[0x67], &bits(text))).unwrap();
    assert_eq!((sps.width, sps.height, sps.frame_rate), (320, 160, (0, 0)));
    let text = "01000010 00000000 00101000 u0 u0 u2 u1 0 u0 u0 1 1 1 u4 u4 u0 u0 0";
    assert!(avc::Sps::decode(&escaped(&[0x67], &bits(text))).is_none());
}

#[test]
fn records_of_endless_length() {
    let mut hvcc = hex(HEAD_265).to_vec();
    hvcc.extend([1, 0xa0, 0x04, 0x01]);
    hvcc.extend(vec![0; 4096]);
    assert!(hevc::Record::decode(&hvcc.into()).is_err());
    assert!(AudioSpecificConfig::decode(&[0x12; 4097]).is_err());
    // A parameter set is read up to its picture; what stands behind it costs nothing.
    let mut record = avc::Record::decode(&hex(X264)).unwrap();
    let mut sps = record.sps[0].to_vec();
    sps.resize(60_000, 0xff);
    record.sps[0] = sps.into();
    assert_eq!(record.params().width, 322);
}

#[test]
fn av1_records() {
    for (record, bit_depth) in [
        ("81000c000a0b0200000561e836a017c002", 8),
        ("81004c000a0b0200000561e836a017c202", 10),
        ("81000c000a0b000000043d06d4daf90040", 8),
    ] {
        let bytes = hex(record);
        let decoded = av1::Record::decode(&bytes).unwrap();
        assert_eq!(decoded.encode(), bytes);
        let params = decoded.params();
        assert_eq!((params.width, params.height, params.profile, params.level), (322, 182, 0, 0), "{record}");
        assert_eq!((params.bit_depth, decoded.sequence().unwrap().bit_depth), (bit_depth, bit_depth), "{record}");
        assert_eq!(params.unit_length_bytes, 0);
    }
    let record = av1::Record::decode(&hex("8155f000")).unwrap();
    assert_eq!((record.profile(), record.level(), record.high_tier(), record.bit_depth()), (2, 21, true, 12));
    assert!(record.is_monochrome() && record.sequence().is_none());
    assert_eq!(av1::Record::from_descriptor(&hex("800481550c00")).unwrap().level(), 21);
    assert!(av1::Record::decode(&hex("810000")).is_err());
    assert!(av1::Record::decode(&hex("01000000")).is_err());
    assert!(av1::Record::from_descriptor(&hex("8105")).is_err());
}

#[test]
fn av1_timing() {
    // Not still, not reduced, timing of 1001/30000 at equal distance with one tick, no decoder model, one operating
    // point of level 8 in the main tier, 1920 x 1080.
    let bits = [
        "000 0 0 1",
        "00000000000000000000001111101001",
        "00000000000000000111010100110000",
        "1 1 0",
        "0 00000 000000000000 01000 0",
        "1010 1010 11101111111 10000110111",
        "0 0 0 0 0 0 0 0 0 1 0 0 0 0 0 0",
    ]
    .concat();
    let bits: Vec<u8> = bits.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
    let bytes: Vec<u8> = bits.chunks(8).map(|c| (0..8).fold(0, |v, i| v << 1 | c.get(i).unwrap_or(&0))).collect();
    let sequence = av1::Sequence::decode(&bytes).unwrap();
    assert_eq!((sequence.frame_rate, sequence.level), ((30_000, 1_001), 8));
    assert_eq!((sequence.width, sequence.height, sequence.bit_depth), (1920, 1080, 8));
}

#[test]
fn vp9_and_h266() {
    let params = vpx::params(&hex("01000000 000b82020202 0000")).unwrap();
    assert_eq!((params.profile, params.level, params.bit_depth), (0, 11, 8));
    let bare = vpx::params(&hex("020ba2020202 0000")).unwrap();
    assert_eq!((bare.profile, bare.level, bare.bit_depth), (2, 11, 10));
    assert!(vpx::params(&[1]).is_none());
    let params = vvc::params(&hex("ff00655f010220800000014800b80000028f0001")).unwrap();
    assert_eq!((params.width, params.height, params.bit_depth), (328, 184, 10));
    assert_eq!((params.profile, params.level, params.unit_length_bytes), (1, 32, 4));
    assert_eq!(vvc::params(&[0xfa]).unwrap().unit_length_bytes, 2);
}

#[test]
fn aac_records() {
    // Record, object type, object type named first, hertz, channels, samples of a frame.
    for (record, object_type, signalled, rate, channels, samples) in [
        ("1210", 2, 2, 44_100, 2, 1024),
        ("1190", 2, 2, 48_000, 2, 1024),
        ("1194", 2, 2, 48_000, 2, 960),
        ("120856e500", 2, 2, 44_100, 1, 1024),
        ("138856e500", 2, 2, 22_050, 1, 1024),
        // HE-AAC and HE-AAC v2: said first, and said behind.
        ("2b920800", 2, 5, 44_100, 2, 1024),
        ("eb8a0800", 2, 29, 44_100, 2, 1024),
        ("131056e598", 2, 2, 48_000, 2, 1024),
        ("130856e59d4880", 2, 2, 48_000, 2, 1024),
        // 7.1, an explicit frequency, an escaped object type.
        ("11b8", 2, 2, 48_000, 8, 1024),
        ("178059d810", 2, 2, 46_000, 2, 1024),
        ("f94640", 42, 42, 48_000, 2, 1024),
    ] {
        let bytes = hex(record);
        let config = AudioSpecificConfig::decode(&bytes).unwrap();
        assert_eq!((config.object_type, config.signalled_object_type()), (object_type, signalled), "{record}");
        assert_eq!((config.sample_rate(), config.channels()), (rate, channels), "{record}");
        assert_eq!(config.frame_samples(), samples, "{record}");
        assert_eq!(config.encode(), bytes, "{record}");
    }
    assert_eq!(AudioSpecificConfig::new(aac::LC, 44_100, 2).encode(), hex("1210"));
    assert_eq!(AudioSpecificConfig::new(aac::LC, 8_000, 1).encode(), hex("1588"));
    let odd = AudioSpecificConfig::new(aac::LC, 12_345, 1);
    assert_eq!((odd.rate, AudioSpecificConfig::decode(&odd.encode()).unwrap()), (aac::Rate::Hz(12_345), odd.clone()));
    for bad in ["", "12", "17 80bb", "2b", "ff"] {
        assert!(AudioSpecificConfig::decode(&hex(bad)).is_err(), "{bad}");
    }
}

#[test]
fn aac_program_config() {
    // LC, 48 kHz, configuration 0; front: one single and one pair, LFE: one.
    let bits = "00010 0011 0000 0 0 0 0000 01 0011 0010 0000 0000 01 000 0000 0 0 0 0 0000 1 0000 0000";
    let bits: Vec<u8> = bits.bytes().filter(|b| *b != b' ').map(|b| b - b'0').collect();
    let bytes: Vec<u8> = bits.chunks(8).map(|c| (0..8).fold(0, |v, i| v << 1 | c.get(i).unwrap_or(&0))).collect();
    let config = AudioSpecificConfig::decode(&bytes).unwrap();
    assert_eq!((config.channel_configuration, config.channels()), (0, 4));
    assert_eq!(config.encode(), bytes);
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), version in any::<bool>()) {
        let mut bytes = bytes;
        if let (true, Some(first)) = (version, bytes.first_mut()) {
            *first = if *first & 1 == 0 { 1 } else { 0x81 };
        }
        let bytes = Bytes::from(bytes);
        if let Ok(record) = avc::Record::decode(&bytes) {
            record.params();
            record.extension();
            prop_assert_eq!(record.encode().unwrap(), bytes.clone());
        }
        if let Ok(record) = hevc::Record::decode(&bytes) {
            record.params();
            prop_assert_eq!(record.encode().unwrap(), bytes.clone());
        }
        if let Ok(record) = av1::Record::decode(&bytes) {
            record.params();
            prop_assert_eq!(record.encode(), bytes.clone());
        }
        if let Ok(config) = AudioSpecificConfig::decode(&bytes) {
            config.channels();
            config.sample_rate();
            config.frame_samples();
            prop_assert_eq!(config.encode(), bytes.clone());
        }
        avc::Sps::decode(&bytes);
        hevc::Sps::decode(&bytes);
        av1::Sequence::decode(&bytes);
        vvc::params(&bytes);
        vpx::params(&bytes);
    }

    #[test]
    fn parameter_sets_with_one_byte_changed(at in 0usize..60, value in any::<u8>()) {
        for set in [SPS_265, SPS_265_10] {
            let mut nal = hex(set).to_vec();
            let at = at % nal.len();
            nal[at] = value;
            hevc::Sps::decode(&nal);
        }
        for record in [X264, X264_422, X264_444, X264_FIELDS] {
            let mut nal = avc::Record::decode(&hex(record)).unwrap().sps[0].to_vec();
            let at = at % nal.len();
            nal[at] = value;
            avc::Sps::decode(&nal);
        }
    }
}
