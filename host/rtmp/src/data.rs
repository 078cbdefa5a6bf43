//! Data messages: the AMF0 body on the wire and its values.
//!
//! A body is a name (`onMetaData`, `onTextData`, `onCuePoint`, …) and what it says (RTMP 1.0 §7.1.2, FLV 10.1 E.5).

use bytes::Bytes;
use media::metadata::{Metadata, Value};
use rtmp_proto::{Limits, amf0};

/// The values of a data message's body (without `@setDataFrame`): its name and the first value behind it.
///
/// `None` if the body does not begin with a name, is cut off or breaks a default limit of [`Limits`]; such a message
/// still passes as the bytes it is.
pub fn decode(body: &[u8]) -> Option<Metadata> {
    let mut values = amf0::decode_all(body, &Limits::default()).ok()?.into_iter();
    let amf0::Value::String(name) = values.next()? else { return None };
    Some(Metadata { name: text(&name), value: values.next().map(from_amf0).unwrap_or_default() })
}

/// The body for `metadata`. The fields of `onMetaData` are written as an ECMA array, as every encoder does (FLV 10.1 E.5);
/// all other named fields as an object.
pub fn encode(metadata: &Metadata) -> Bytes {
    let mut out = Vec::with_capacity(512);
    amf0::encode(&metadata.name.as_str().into(), &mut out);
    let value = match to_amf0(&metadata.value) {
        amf0::Value::Object(fields) if metadata.name == "onMetaData" => amf0::Value::EcmaArray(fields),
        other => other,
    };
    amf0::encode(&value, &mut out);
    Bytes::from(out)
}

fn text(text: &amf0::Text) -> String {
    String::from_utf8_lossy(text.as_bytes()).into_owned()
}

fn from_amf0(value: amf0::Value) -> Value {
    use amf0::Value as V;
    match value {
        V::Number(n) => Value::Number(n),
        V::Boolean(b) => Value::Bool(b),
        V::String(s) | V::Xml(s) => Value::Text(text(&s)),
        V::Date { unix_ms, .. } => Value::Date(unix_ms),
        V::Null | V::Undefined | V::Unsupported => Value::Null,
        V::Object(fields) | V::EcmaArray(fields) | V::TypedObject { fields, .. } => {
            Value::Object(fields.into_iter().map(|(k, v)| (text(&k), from_amf0(v))).collect())
        }
        V::StrictArray(values) => Value::Array(values.into_iter().map(from_amf0).collect()),
    }
}

fn to_amf0(value: &Value) -> amf0::Value {
    use amf0::Value as V;
    match value {
        Value::Number(n) => V::Number(*n),
        Value::Bool(b) => V::Boolean(*b),
        Value::Text(s) => V::String(s.as_str().into()),
        Value::Date(unix_ms) => V::Date { unix_ms: *unix_ms, zone: 0 },
        Value::Null => V::Null,
        Value::Object(fields) => V::Object(fields.iter().map(|(k, v)| (k.as_str().into(), to_amf0(v))).collect()),
        Value::Array(values) => V::StrictArray(values.iter().map(to_amf0).collect()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn object(fields: &[(&str, Value)]) -> Value {
        Value::Object(fields.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect())
    }

    #[test]
    fn every_kind_of_value_goes_there_and_back() {
        let all = Metadata {
            name: "onMetaData".into(),
            value: object(&[
                ("width", Value::Number(1920.0)),
                ("stereo", Value::Bool(true)),
                ("encoder", Value::Text("é".into())),
                ("long", Value::Text("x".repeat(70_000))),
                ("when", Value::Date(1.5e12)),
                ("nothing", Value::Null),
                ("keyframes", object(&[("times", Value::Array(vec![Value::Number(0.0), Value::Number(2.0)]))])),
            ]),
        };
        assert_eq!(decode(&encode(&all)), Some(all));
    }

    #[test]
    fn on_meta_data_is_an_ecma_array_and_other_names_are_objects() {
        let value = object(&[("a", Value::Number(1.0))]);
        let marker = |name: &str| {
            let body = encode(&Metadata { name: name.into(), value: value.clone() });
            body[3 + name.len()]
        };
        assert_eq!(marker("onMetaData"), 0x08);
        assert_eq!(marker("onTextData"), 0x03);
    }

    #[test]
    fn what_is_no_data_message_is_none() {
        let named = |rest: &[u8]| [&[2, 0, 1, b'n'], rest].concat();
        for (body, want) in [
            (vec![], false),
            (vec![0x05], false),
            (vec![2, 0, 9, b'n'], false),
            (named(&[]), true),
            (named(&[0x05]), true),
            (named(&[0x03, 0, 1]), false),
            (named(&[0x03].repeat(100)), false),
        ] {
            assert_eq!(decode(&body).is_some(), want, "{body:?}");
        }
    }

    #[test]
    fn text_that_is_not_utf8_is_replaced() {
        let m = decode(&[2, 0, 1, b'n', 2, 0, 2, b'a', 0xFF]).unwrap();
        assert_eq!(m.value, Value::Text("a\u{FFFD}".into()));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<i32>().prop_map(|n| Value::Number(n.into())),
            any::<bool>().prop_map(Value::Bool),
            ".{0,20}".prop_map(Value::Text),
            Just(Value::Null),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec((".{0,8}", inner.clone()), 0..6).prop_map(Value::Object),
                prop::collection::vec(inner, 0..6).prop_map(Value::Array),
            ]
        })
    }

    proptest! {
        #[test]
        fn any_metadata_goes_there_and_back(name in ".{1,12}", value in values()) {
            let m = Metadata { name, value };
            prop_assert_eq!(decode(&encode(&m)), Some(m));
        }

        #[test]
        fn any_bytes_are_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = decode(&bytes);
        }
    }
}
