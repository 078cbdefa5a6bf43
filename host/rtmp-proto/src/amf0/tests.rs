use super::*;
use crate::error::Cause;
use crate::limits::Limits;
use proptest::prelude::*;

fn limits() -> Limits {
    Limits::default()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn fields(pairs: &[(&str, Value)]) -> Fields {
    pairs.iter().map(|(key, value)| ((*key).into(), value.clone())).collect()
}

fn cause(bytes: &[u8]) -> Cause {
    decode_all(bytes, &limits()).unwrap_err().cause
}

/// Values and their bytes: drives reading and writing.
fn vectors() -> Vec<(Value, Vec<u8>)> {
    let long = "x".repeat(70_000);
    vec![
        (Value::Number(1.0), hex("00 3ff0000000000000")),
        (Value::Boolean(true), hex("01 01")),
        (Value::Boolean(false), hex("01 00")),
        ("live".into(), hex("02 0004 6c697665")),
        ("".into(), hex("02 0000")),
        (Value::Object(fields(&[("a", Value::Null)])), hex("03 0001 61 05 000009")),
        (Value::Object(vec![]), hex("03 000009")),
        (Value::Null, hex("05")),
        (Value::Undefined, hex("06")),
        (Value::EcmaArray(fields(&[("a", true.into())])), hex("08 00000001 0001 61 0101 000009")),
        (Value::StrictArray(vec![Value::Null, Value::Undefined]), hex("0a 00000002 05 06")),
        (Value::Date { unix_ms: 1.0, zone: -60 }, hex("0b 3ff0000000000000 ffc4")),
        (long.as_str().into(), [hex("0c 00011170"), long.clone().into_bytes()].concat()),
        (Value::Unsupported, hex("0d")),
        (Value::Xml("<a/>".into()), hex("0f 00000004 3c612f3e")),
        (
            Value::TypedObject { class: "C".into(), fields: fields(&[("a", Value::Null)]) },
            hex("10 0001 43 0001 61 05 000009"),
        ),
    ]
}

#[test]
fn vectors_decode_and_encode() {
    for (value, bytes) in vectors() {
        assert_eq!(decode_all(&bytes, &limits()).unwrap(), std::slice::from_ref(&value));
        assert_eq!(encode_all(&[value]), bytes);
    }
}

#[test]
fn every_cut_is_an_error_and_none_panics() {
    for (value, bytes) in vectors() {
        for end in 1..bytes.len().min(100) {
            assert_eq!(cause(&bytes[..end]), Cause::AmfTruncated, "{value:?} cut at {end}");
        }
    }
}

#[test]
fn unknown_markers_are_errors_with_their_place() {
    for marker in [0x04, 0x09, 0x0E, 0x12, 0xFF] {
        let error = decode_all(&[0x05, 0x05, marker], &limits()).unwrap_err();
        assert_eq!(error.cause, Cause::AmfMarker(marker));
        assert_eq!(error.place.body, Some(3));
    }
}

#[test]
fn the_count_of_an_ecma_array_is_only_a_hint() {
    for count in ["00000000", "00000063", "ffffffff"] {
        let bytes = hex(&format!("08 {count} 0001 61 05 000009"));
        assert_eq!(decode_all(&bytes, &limits()).unwrap(), [Value::EcmaArray(fields(&[("a", Value::Null)]))]);
    }
}

#[test]
fn an_empty_name_does_not_end_an_object() {
    let bytes = hex("03 0000 05 0001 61 05 000009");
    assert_eq!(
        decode_all(&bytes, &limits()).unwrap(),
        [Value::Object(fields(&[("", Value::Null), ("a", Value::Null)]))]
    );
}

#[test]
fn references_give_the_object_again() {
    // [ {a: null}, reference 1 ]: object 0 is the array itself.
    let bytes = hex("0a 00000002 03 0001 61 05 000009 07 0001");
    let object = Value::Object(fields(&[("a", Value::Null)]));
    assert_eq!(decode_all(&bytes, &limits()).unwrap(), [Value::StrictArray(vec![object.clone(), object])]);
    assert_eq!(cause(&hex("07 0000")), Cause::AmfReference(0));
}

#[test]
fn cyclic_references_end() {
    assert_eq!(cause(&hex("0a 00000001 07 0000")), Cause::AmfDepth(32));
}

#[test]
fn references_cannot_multiply_text() {
    // One object of 60,000 bytes of text, referred to 1,000 times.
    let mut bytes = hex("0a 000003e9 03 0001 61 02 ea60");
    bytes.extend_from_slice(&[b'x'; 60_000]);
    bytes.extend_from_slice(&hex("000009"));
    for _ in 0..1000 {
        bytes.extend_from_slice(&hex("07 0001"));
    }
    assert_eq!(cause(&bytes), Cause::AmfRepeated(1 << 20));
}

#[test]
fn references_cannot_multiply_elements() {
    // Each object refers twice to the one before it.
    let mut bytes = hex("0a 0000001e 03 000009");
    for n in 1u8..30 {
        bytes.extend_from_slice(&[0x0A, 0, 0, 0, 2, 0x07, 0, n, 0x07, 0, n]);
    }
    assert_eq!(cause(&bytes), Cause::AmfElements(16 << 10));
}

#[test]
fn depth_is_bounded() {
    let nested = |depth: usize| [hex("0a 00000001").repeat(depth), hex("05")].concat();
    assert!(decode_all(&nested(32), &limits()).is_ok());
    assert_eq!(cause(&nested(33)), Cause::AmfDepth(32));
    assert_eq!(cause(&nested(1_000_000)), Cause::AmfDepth(32));
    assert_eq!(cause(&hex("03 0001 61").repeat(100_000)), Cause::AmfDepth(32));
}

#[test]
fn elements_are_bounded_and_counts_allocate_nothing() {
    assert_eq!(cause(&hex("0a ffffffff")), Cause::AmfTruncated);
    let many = [hex("0a ffffffff"), vec![5; 20_000]].concat();
    assert_eq!(cause(&many), Cause::AmfElements(16 << 10));
    // The connect object with 60,000 keys that freezes others.
    let keys = [hex("03"), hex("0001 61 05").repeat(60_000), hex("000009")].concat();
    assert_eq!(cause(&keys), Cause::AmfElements(16 << 10));
    // Values side by side count too.
    assert_eq!(cause(&[5; 20_000]), Cause::AmfElements(16 << 10));
}

#[test]
fn text_that_is_not_utf8_survives_and_prints_safely() {
    let bytes = hex("02 0005 61 ff 0a c3a9");
    let [value] = &decode_all(&bytes, &limits()).unwrap()[..] else { panic!("one value") };
    assert_eq!(encode_all(std::slice::from_ref(value)), bytes);
    let text = value.text().unwrap();
    assert_eq!(text.as_bytes(), &bytes[3..]);
    assert_eq!(text.to_printable(), "a%FF%0Aé");
    assert_eq!(format!("{text:?}"), "\"a%FF%0Aé\"");
}

#[test]
fn amf3_values_stand_behind_the_switch_marker() {
    // null, then AMF3 integer 5, then AMF0 again: the switch holds for one value.
    let bytes = [5, 0x11, 0x04, 5, 5];
    assert_eq!(decode_all(&bytes, &limits()).unwrap(), [Value::Null, Value::Number(5.0), Value::Null]);
    let mut decoder = Decoder::new(&bytes, &limits());
    decoder.read().unwrap();
    assert!(!decoder.switched_to_amf3());
    decoder.read().unwrap();
    assert!(decoder.switched_to_amf3());
    assert_eq!(decoder.position(), 4);
}

#[test]
fn first_text_reads_only_a_leading_string() {
    assert_eq!(first_text(&hex("02 0002 6162 ff")), Some((&b"ab"[..], 5)));
    for bytes in ["", "02", "02 0005 61", "05"] {
        assert_eq!(first_text(&hex(bytes)), None);
    }
}

#[test]
fn fields_and_loose_types() {
    let object = Value::Object(fields(&[("n", 2.0.into()), ("b", true.into()), ("n", 3.0.into())]));
    assert_eq!(object.field("n").and_then(Value::number), Some(2.0));
    assert_eq!(object.field("b").and_then(Value::number), Some(1.0));
    assert_eq!(object.field("n").and_then(Value::boolean), Some(true));
    assert_eq!(object.field("x"), None);
    assert_eq!(Value::Null.field("x"), None);
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = || proptest::collection::vec(any::<u8>(), 0..12).prop_map(|b| Text::from(b.as_slice()));
    let leaf = prop_oneof![
        (-1e9f64..1e9).prop_map(Value::Number),
        any::<bool>().prop_map(Value::Boolean),
        text().prop_map(Value::String),
        Just(Value::Null),
        Just(Value::Undefined),
        Just(Value::Unsupported),
        text().prop_map(Value::Xml),
        ((0f64..1e12), any::<i16>()).prop_map(|(unix_ms, zone)| Value::Date { unix_ms, zone }),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        let pairs = || proptest::collection::vec((text(), inner.clone()), 0..6);
        prop_oneof![
            pairs().prop_map(Value::Object),
            pairs().prop_map(Value::EcmaArray),
            (text(), pairs()).prop_map(|(class, fields)| Value::TypedObject { class, fields }),
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::StrictArray),
        ]
    })
}

proptest! {
    #[test]
    fn whatever_is_encoded_decodes_to_itself(values in proptest::collection::vec(any_value(), 0..5)) {
        prop_assert_eq!(decode_all(&encode_all(&values), &limits()).unwrap(), values);
    }

    #[test]
    fn any_bytes_decode_or_fail(bytes in proptest::collection::vec(prop_oneof![0u8..0x12, any::<u8>()], 0..400)) {
        let _ = decode_all(&bytes, &limits());
        let _ = crate::amf3::decode_all(&bytes, &limits());
    }
}
