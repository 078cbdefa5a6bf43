//! AMF0 and AMF3.

use crate::choices::Choices;
use crate::memory;
use rtmp_proto::amf0::{self, Decoder, Value};
use rtmp_proto::{Error, Limits, amf3};

/// Small, so that inputs of a few hundred bytes reach every bound.
fn limits() -> Limits {
    Limits { amf_depth: 8, amf_elements: 200, amf_repeated_bytes: 512, ..Limits::default() }
}

/// What values within [`limits`] may hold: elements with their keys, growth of their lists, and their text.
fn most(input: &[u8]) -> usize {
    200 * 400 + 4 * 512 + 8 * input.len() + 4096
}

fn depth(value: &Value) -> u32 {
    let inner = match value {
        Value::StrictArray(values) => values.iter().map(depth).max(),
        other => match other.fields() {
            Some(fields) => fields.iter().map(|(_, value)| depth(value)).max(),
            None => return 0,
        },
    };
    1 + inner.unwrap_or(0)
}

fn elements(value: &Value) -> usize {
    1 + match value {
        Value::StrictArray(values) => values.iter().map(elements).sum(),
        other => other.fields().map_or(0, |fields| fields.iter().map(|(_, value)| elements(value)).sum()),
    }
}

/// What holds for values that were read: the bounds, and that they can be written and read again.
fn check(values: &[Value]) {
    assert!(values.iter().map(depth).max().unwrap_or(0) <= limits().amf_depth);
    assert!(values.iter().map(elements).sum::<usize>() <= limits().amf_elements as usize);
    let written = amf0::encode_all(values);
    // The bits of a NaN survive, so bytes are compared and not values.
    let again = amf0::decode_all(&written, &Limits::default()).expect("our own bytes");
    assert_eq!(amf0::encode_all(&again), written);
    for value in values {
        if let Some(text) = value.text() {
            assert!(!text.to_printable().contains(char::is_control), "control characters reach a log");
        }
    }
}

/// Any bytes as AMF0: within the bounds, and what was read can be written and read again.
pub fn amf0(input: &[u8]) {
    let limits = limits();
    let read = memory::within(most(input), || amf0::decode_all(input, &limits));
    let mut decoder = Decoder::new(input, &limits);
    let mut values = Vec::new();
    let mut last = 0;
    let one_by_one: Result<Vec<Value>, Error> = loop {
        match decoder.read() {
            Ok(Some(value)) => values.push(value),
            Ok(None) => break Ok(values.clone()),
            Err(error) => break Err(error),
        }
        assert!(decoder.position() > last && decoder.position() <= input.len(), "each value takes bytes");
        last = decoder.position();
    };
    match (&read, &one_by_one) {
        (Ok(all), Ok(values)) => assert_eq!(amf0::encode_all(all), amf0::encode_all(values)),
        (left, right) => assert_eq!(left.as_ref().err(), right.as_ref().err()),
    }
    if let Some((text, end)) = amf0::first_text(input) {
        let read = Decoder::new(input, &Limits::default()).read();
        let Ok(Some(Value::String(first))) = read else { panic!("the first text is no text: {read:?}") };
        assert_eq!((first.as_bytes(), end <= input.len()), (text, true));
    }
    check(&values);
}

/// Any bytes as AMF3, alone and behind AMF0's switch.
pub fn amf3(input: &[u8]) {
    let limits = limits();
    let read = memory::within(most(input), || amf3::decode_all(input, &limits));
    if let Ok(values) = &read {
        check(values);
    }
    // One value behind the switch is the same value.
    let mut switched = vec![0x11];
    switched.extend_from_slice(input);
    let mut decoder = Decoder::new(&switched, &limits);
    if let (Ok(values), Ok(Some(value))) = (&read, decoder.read()) {
        assert!(decoder.switched_to_amf3());
        let first = values.first().map(|v| amf0::encode_all(std::slice::from_ref(v)));
        assert_eq!(first, Some(amf0::encode_all(&[value])));
    }
}

/// Values made from the input, written and read.
pub fn amf0_values(input: &[u8]) {
    let mut choices = Choices::new(input);
    let mut values = Vec::new();
    while !choices.is_empty() && values.len() < 20 {
        values.push(value(&mut choices, 5));
    }
    let written = amf0::encode_all(&values);
    let again = amf0::decode_all(&written, &Limits::default()).expect("our own bytes");
    assert_eq!(amf0::encode_all(&again), written);
    assert_eq!(again.len(), values.len());
}

fn value(choices: &mut Choices<'_>, depth: usize) -> Value {
    let text = |choices: &mut Choices<'_>| choices.bytes(40).into();
    let fields = |choices: &mut Choices<'_>| {
        let count = if depth == 0 { 0 } else { choices.below(5) };
        (0..count)
            // An empty name ends an object where an end marker follows it; objects of other fields may have one.
            .map(|n| ([&[b'a' + n as u8][..], choices.bytes(20)].concat().as_slice().into(), value(choices, depth - 1)))
            .collect()
    };
    match choices.below(12) {
        0 => Value::Number(f64::from_bits((u64::from(choices.u32()) << 32) | u64::from(choices.u32()))),
        1 => Value::Boolean(choices.flag()),
        2 => Value::String(text(choices)),
        3 => Value::Object(fields(choices)),
        4 => Value::Null,
        5 => Value::Undefined,
        6 => Value::EcmaArray(fields(choices)),
        7 => {
            let count = if depth == 0 { 0 } else { choices.below(5) };
            Value::StrictArray((0..count).map(|_| value(choices, depth - 1)).collect())
        }
        8 => Value::Date { unix_ms: f64::from(choices.u32()), zone: choices.u16().cast_signed() },
        9 => Value::Unsupported,
        10 => Value::Xml(text(choices)),
        _ => Value::TypedObject { class: text(choices), fields: fields(choices) },
    }
}
