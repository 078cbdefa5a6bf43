use super::*;
use crate::amf0::Text;
use crate::error::Cause;

fn limits() -> Limits {
    Limits::default()
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn object(pairs: &[(&str, Value)]) -> Vec<(Text, Value)> {
    pairs.iter().map(|(key, value)| ((*key).into(), value.clone())).collect()
}

fn cause(bytes: &[u8]) -> Cause {
    decode_all(bytes, &limits()).unwrap_err().cause
}

#[test]
fn values_read_as_their_amf0_equivalent() {
    let n = Value::Number;
    let list = |values: &[f64]| Value::StrictArray(values.iter().map(|v| n(*v)).collect());
    let cases: Vec<(&str, Vec<Value>)> = vec![
        ("00 01 02 03", vec![Value::Undefined, Value::Null, false.into(), true.into()]),
        ("04 00", vec![n(0.0)]),
        ("04 7f", vec![n(127.0)]),
        ("04 8100", vec![n(128.0)]),
        ("04 ff7f", vec![n(16_383.0)]),
        ("04 818000", vec![n(16_384.0)]),
        ("04 80c08000", vec![n(2_097_152.0)]),
        ("04 bfffffff", vec![n(268_435_455.0)]),
        ("04 ffffffff", vec![n(-1.0)]),
        ("04 c0808000", vec![n(-268_435_456.0)]),
        ("05 3ff8000000000000", vec![n(1.5)]),
        ("06 05 6162", vec!["ab".into()]),
        ("07 05 3c3e", vec![Value::Xml("<>".into())]),
        ("0b 05 3c3e", vec![Value::Xml("<>".into())]),
        ("08 01 3ff0000000000000", vec![Value::Date { unix_ms: 1.0, zone: 0 }]),
        ("09 05 01 04 01 04 02", vec![list(&[1.0, 2.0])]),
        ("09 03 03 61 04 05 01 04 06", vec![Value::EcmaArray(object(&[("a", n(5.0)), ("0", n(6.0))]))]),
        // A dynamic anonymous object.
        ("0a 0b 01 03 61 04 05 01", vec![Value::Object(object(&[("a", n(5.0))]))]),
        // A class «C» with one sealed field «a».
        ("0a 13 03 43 03 61 04 05", vec![Value::TypedObject { class: "C".into(), fields: object(&[("a", n(5.0))]) }]),
        ("0c 05 00ff", vec![Value::String([0u8, 0xFF][..].into())]),
        ("0d 05 00 00000001 ffffffff", vec![list(&[1.0, -1.0])]),
        ("0e 05 00 00000001 ffffffff", vec![list(&[1.0, 4_294_967_295.0])]),
        ("0f 03 00 3ff8000000000000", vec![list(&[1.5])]),
        ("10 03 00 03 43 04 05", vec![list(&[5.0])]),
        ("11 03 00 06 03 61 04 05", vec![Value::EcmaArray(object(&[("a", n(5.0))]))]),
        ("11 03 00 04 07 04 05", vec![Value::EcmaArray(object(&[("7", n(5.0))]))]),
        // flex.messaging.io.ArrayCollection around an array.
        (
            "0a 07 43 666c65782e6d6573736167696e672e696f2e4172726179436f6c6c656374696f6e 09 03 01 04 05",
            vec![list(&[5.0])],
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode_all(&hex(bytes), &limits()).unwrap(), expected, "{bytes}");
    }
}

#[test]
fn the_three_reference_tables() {
    let five = |class: &str| Value::TypedObject { class: class.into(), fields: object(&[("a", Value::Number(5.0))]) };
    let cases: Vec<(&str, Vec<Value>)> = vec![
        // Strings: «ab», then string 0; the empty string takes no place.
        ("06 05 6162 06 01 06 00", vec!["ab".into(), "".into(), "ab".into()]),
        // Traits: the second object reuses the class.
        ("0a 13 03 43 03 61 04 05 0a 01 04 05", vec![five("C"), five("C")]),
        // Objects: the same object again.
        ("0a 13 03 43 03 61 04 05 0a 00", vec![five("C"), five("C")]),
        // A string inside a repeated object takes no second place in the table.
        (
            "09 03 01 06 03 61 09 00 06 03 62 06 02",
            vec![Value::StrictArray(vec!["a".into()]), Value::StrictArray(vec!["a".into()]), "b".into(), "b".into()],
        ),
    ];
    for (bytes, expected) in cases {
        assert_eq!(decode_all(&hex(bytes), &limits()).unwrap(), expected, "{bytes}");
    }
}

#[test]
fn references_to_nothing_and_cycles_are_errors() {
    assert_eq!(cause(&hex("06 02")), Cause::AmfReference(1));
    assert_eq!(cause(&hex("09 02")), Cause::AmfReference(1));
    assert_eq!(cause(&hex("0a 05")), Cause::AmfReference(1));
    // An array that holds itself.
    assert_eq!(cause(&hex("09 03 01 09 00")), Cause::AmfDepth(32));
}

#[test]
fn hostile_sizes_are_bounded() {
    assert_eq!(cause(&hex("09 ffffffff 01")), Cause::AmfTruncated);
    assert_eq!(cause(&hex("0c ffffffff")), Cause::AmfTruncated);
    assert_eq!(cause(&hex("0d ffffffff 00")), Cause::AmfTruncated);
    assert_eq!(cause(&[hex("09 ffffffff 01"), vec![1; 20_000]].concat()), Cause::AmfElements(16 << 10));
    assert_eq!(cause(&[hex("0d ffffffff 00"), vec![1; 100_000]].concat()), Cause::AmfElements(16 << 10));
    assert_eq!(cause(&hex("09 03 01").repeat(1000)), Cause::AmfDepth(32));
    // 60,000 bytes of text, referred to 1,000 times.
    let text = [hex("06 87a941"), vec![b'x'; 60_000], hex("06 00").repeat(1000)].concat();
    assert_eq!(decode_all(&text[..60_004], &limits()).unwrap().len(), 1);
    assert_eq!(cause(&text), Cause::AmfRepeated(1 << 20));
    // A class of 2,000 sealed names, used again and again without values.
    let class = [hex("0a 81fa03 01"), hex("03 61").repeat(2000), vec![1; 2000]].concat();
    assert_eq!(decode_all(&class, &limits()).unwrap().len(), 1);
    let again = [hex("0a 01"), vec![1; 2000]].concat().repeat(100);
    assert_eq!(cause(&[class, again].concat()), Cause::AmfElements(16 << 10));
}

#[test]
fn unknown_external_classes_are_named() {
    assert_eq!(cause(&hex("0a 07 03 43")), Cause::AmfExternalizable("C".into()));
    assert_eq!(cause(&hex("12")), Cause::AmfMarker(0x12));
}

#[test]
fn every_cut_is_an_error() {
    let bytes = hex("0a 13 03 43 03 61 04 8100");
    for end in 1..bytes.len() {
        assert_eq!(cause(&bytes[..end]), Cause::AmfTruncated, "cut at {end}");
    }
}
