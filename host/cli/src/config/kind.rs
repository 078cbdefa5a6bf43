//! Kinds of values: what is expected, how it is read, how it is written.

use std::{fmt::Display, ops::RangeInclusive, str::FromStr, time::Duration};

use super::{
    read::Context,
    tree::{Node, Value, quote},
};

/// What a key accepts.
pub(crate) trait Kind {
    /// The value in the program.
    type Out;
    /// What is expected, to stand behind the word "expected".
    fn expects(&self) -> String;
    /// The value, or `None` if it is not of this kind. What is wrong inside lists is reported to the context.
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Self::Out>;
    /// The value in TOML, for `config show`.
    fn write(&self, value: &Self::Out) -> String;
}

/// `true` or `false`.
pub(crate) struct Flag;

impl Kind for Flag {
    type Out = bool;
    fn expects(&self) -> String {
        "true or false".into()
    }
    fn read(&self, node: &Node, _: &str, _: &Context<'_>) -> Option<bool> {
        if let Value::Flag(b) = node.value { Some(b) } else { None }
    }
    fn write(&self, value: &bool) -> String {
        value.to_string()
    }
}

/// An integer in a range.
pub(crate) struct Integer<T>(pub(crate) RangeInclusive<T>);

impl<T: Copy + PartialOrd + Display + TryFrom<i64>> Kind for Integer<T> {
    type Out = T;
    fn expects(&self) -> String {
        format!("an integer from {} to {}", self.0.start(), self.0.end())
    }
    fn read(&self, node: &Node, _: &str, _: &Context<'_>) -> Option<T> {
        let Value::Integer(n) = node.value else { return None };
        T::try_from(n).ok().filter(|n| self.0.contains(n))
    }
    fn write(&self, value: &T) -> String {
        value.to_string()
    }
}

/// A number in a range, with or without a fraction.
pub(crate) struct Number(pub(crate) RangeInclusive<f64>);

impl Kind for Number {
    type Out = f64;
    fn expects(&self) -> String {
        format!("a number from {} to {}", self.0.start(), self.0.end())
    }
    fn read(&self, node: &Node, _: &str, _: &Context<'_>) -> Option<f64> {
        let number = match node.value {
            // Beyond 2^53 the neighbours are as good as the number; no range here goes that far.
            Value::Integer(n) => n as f64,
            Value::Float(n) => n,
            _ => return None,
        };
        self.0.contains(&number).then_some(number)
    }
    fn write(&self, value: &f64) -> String {
        toml::Value::Float(*value).to_string()
    }
}

/// A duration in a range: `"10s"`.
pub(crate) struct Time(pub(crate) RangeInclusive<Duration>);

impl Kind for Time {
    type Out = Duration;
    fn expects(&self) -> String {
        let (from, to) = (write_duration(*self.0.start()), write_duration(*self.0.end()));
        format!("a duration from \"{from}\" to \"{to}\", such as \"10s\" or \"500ms\" (units ms, s, m, h, d)")
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<Duration> {
        let duration = read_duration(&context.text(node)?)?;
        self.0.contains(&duration).then_some(duration)
    }
    fn write(&self, value: &Duration) -> String {
        quote(&write_duration(*value))
    }
}

/// A number of bytes in a range: `"4MiB"`, or an integer.
pub(crate) struct Size(pub(crate) RangeInclusive<u64>);

impl Kind for Size {
    type Out = u64;
    fn expects(&self) -> String {
        let (from, to) = (write_size(*self.0.start()), write_size(*self.0.end()));
        format!("a size from \"{from}\" to \"{to}\", such as \"4MiB\" (units B, KiB, MiB, GiB, kB, MB, GB)")
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<u64> {
        let size = match node.value {
            Value::Integer(n) => u64::try_from(n).ok()?,
            _ => read_size(&context.text(node)?)?,
        };
        self.0.contains(&size).then_some(size)
    }
    fn write(&self, value: &u64) -> String {
        quote(&write_size(*value))
    }
}

/// Any text.
pub(crate) struct Text;

impl Kind for Text {
    type Out = String;
    fn expects(&self) -> String {
        "text in quotes".into()
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<String> {
        context.text(node)
    }
    fn write(&self, value: &String) -> String {
        quote(value)
    }
}

/// Text for people's eyes: secrets in it stay out of it.
pub(crate) struct Mention;

impl Kind for Mention {
    type Out = String;
    fn expects(&self) -> String {
        Text.expects()
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<String> {
        context.mention(node)
    }
    fn write(&self, value: &String) -> String {
        quote(value)
    }
}

/// Text that is one of a few words.
pub(crate) struct Choice<T: 'static>(pub(crate) &'static [(&'static str, T)]);

impl<T: Copy + PartialEq> Kind for Choice<T> {
    type Out = T;
    fn expects(&self) -> String {
        let words: Vec<_> = self.0.iter().map(|(word, _)| quote(word)).collect();
        format!("one of {}", words.join(", "))
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<T> {
        let text = context.text(node)?;
        self.0.iter().find(|(word, _)| *word == text).map(|(_, value)| *value)
    }
    fn write(&self, value: &T) -> String {
        quote(self.0.iter().find(|(_, v)| v == value).map_or("", |(word, _)| word))
    }
}

/// Text that Rust knows how to read, such as an address; the field says what is expected.
pub(crate) struct Parsed<T>(pub(crate) &'static str, pub(crate) std::marker::PhantomData<T>);

impl<T> Parsed<T> {
    pub(crate) const fn new(expects: &'static str) -> Parsed<T> {
        Parsed(expects, std::marker::PhantomData)
    }
}

impl<T: FromStr + Display> Kind for Parsed<T> {
    type Out = T;
    fn expects(&self) -> String {
        self.0.into()
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<T> {
        context.text(node)?.parse().ok()
    }
    fn write(&self, value: &T) -> String {
        quote(&value.to_string())
    }
}

/// A list of one kind.
pub(crate) struct List<K>(pub(crate) K);

impl<K: Kind> Kind for List<K> {
    type Out = Vec<K::Out>;
    fn expects(&self) -> String {
        format!("a list, each {}", self.0.expects())
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Vec<K::Out>> {
        let Value::List(list) = &node.value else { return None };
        let read = list.iter().enumerate().filter_map(|(i, node)| context.value(&format!("{key}[{i}]"), node, &self.0));
        Some(read.collect())
    }
    fn write(&self, value: &Vec<K::Out>) -> String {
        format!("[{}]", value.iter().map(|v| self.0.write(v)).collect::<Vec<_>>().join(", "))
    }
}

const DURATIONS: &[(&str, u64)] = &[("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)];
const SIZES: &[(&str, u64)] = &[
    ("GiB", 1 << 30),
    ("MiB", 1 << 20),
    ("KiB", 1 << 10),
    ("GB", 1_000_000_000),
    ("MB", 1_000_000),
    ("kB", 1000),
    ("B", 1),
];

/// `"10s"`, `"1.5s"`, `"500ms"`; whole milliseconds.
pub(crate) fn read_duration(text: &str) -> Option<Duration> {
    quantity(text, DURATIONS).map(Duration::from_millis)
}

/// `"4MiB"`; whole bytes.
pub(crate) fn read_size(text: &str) -> Option<u64> {
    quantity(text, SIZES)
}

/// A decimal number and a unit, blanks between them allowed; what is not whole in the smallest unit is refused.
fn quantity(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(split);
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim())?;
    let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
    let digits = u32::try_from(fraction.len()).ok().filter(|n| (1..=9).contains(n))?;
    let scale = 10u64.pow(digits);
    let fraction = fraction.parse::<u64>().ok()?.checked_mul(*factor)?;
    if !fraction.is_multiple_of(scale) {
        return None;
    }
    whole.parse::<u64>().ok()?.checked_mul(*factor)?.checked_add(fraction / scale)
}

/// The largest unit that leaves a whole number.
pub(super) fn write_duration(duration: Duration) -> String {
    let ms = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
    if ms == 0 {
        return "0s".into();
    }
    // Days and hours read worse than a number of the next unit below unless they are whole.
    DURATIONS
        .iter()
        .find(|(_, factor)| ms.is_multiple_of(*factor))
        .map_or_else(String::new, |(unit, factor)| format!("{}{unit}", ms / factor))
}

fn write_size(bytes: u64) -> String {
    if bytes == 0 {
        return "0B".into();
    }
    SIZES
        .iter()
        .find(|(_, factor)| bytes.is_multiple_of(*factor))
        .map_or_else(String::new, |(unit, factor)| format!("{}{unit}", bytes / factor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations() {
        let table: &[(&str, Option<u64>)] = &[
            ("10s", Some(10_000)),
            ("500ms", Some(500)),
            ("1.5s", Some(1500)),
            ("0.25m", Some(15_000)),
            ("2 h", Some(7_200_000)),
            ("1d", Some(86_400_000)),
            ("0s", Some(0)),
            ("10", None),
            ("s", None),
            ("", None),
            ("-1s", None),
            ("1.5ms", None),
            ("1..5s", None),
            ("1.s", None),
            ("10S", None),
            ("10 seconds", None),
            ("99999999999999999999d", None),
            ("9999999999999999d", None),
            ("1.00000000000000000000000s", None),
        ];
        for (text, ms) in table {
            assert_eq!(read_duration(text), ms.map(Duration::from_millis), "{text:?}");
        }
    }

    #[test]
    fn sizes() {
        let table: &[(&str, Option<u64>)] = &[
            ("4MiB", Some(4 << 20)),
            ("1.5KiB", Some(1536)),
            ("16 kB", Some(16_000)),
            ("1GB", Some(1_000_000_000)),
            ("12B", Some(12)),
            ("4mb", None),
            ("4", None),
            ("0.3B", None),
            ("99999999999GiB", None),
        ];
        for (text, bytes) in table {
            assert_eq!(read_size(text), *bytes, "{text:?}");
        }
    }

    #[test]
    fn what_is_written_is_read_back() {
        for ms in [0, 1, 999, 1000, 1500, 60_000, 3_600_000, 86_400_000, 90_061_001] {
            let duration = Duration::from_millis(ms);
            assert_eq!(read_duration(&write_duration(duration)), Some(duration));
        }
        for bytes in [0, 1, 1000, 1023, 1024, 1 << 20, 1_000_000, 3 << 30, 16_777_215] {
            assert_eq!(read_size(&write_size(bytes)), Some(bytes));
        }
    }
}
