//! Where players begin.

use std::{ops::RangeInclusive, time::Duration};

use router::Start;

use super::{
    kind::{Kind, read_duration, write_duration},
    read::Context,
    tree::{Node, quote},
};

/// A key word, or how far behind.
pub(super) struct StartKind;

const WORDS: &[(&str, Start)] = &[("key", Start::Key), ("next-key", Start::NextKey), ("live", Start::Live)];
const BUFFERED: &str = "buffered:";
const BUFFERED_TIME: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(3600);

impl Kind for StartKind {
    type Out = Start;
    fn expects(&self) -> String {
        let (from, to) = (write_duration(*BUFFERED_TIME.start()), write_duration(*BUFFERED_TIME.end()));
        let words: Vec<_> = WORDS.iter().map(|(word, _)| quote(word)).collect();
        format!("{}, or \"{BUFFERED}3s\" with a time from {from} to {to}", words.join(", "))
    }
    fn read(&self, node: &Node, _: &str, context: &Context<'_>) -> Option<Start> {
        let text = context.text(node)?;
        if let Some((_, start)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Some(*start);
        }
        let time = read_duration(text.strip_prefix(BUFFERED)?)?;
        BUFFERED_TIME.contains(&time).then_some(Start::Buffered(time))
    }
    fn write(&self, value: &Start) -> String {
        quote(&match value {
            Start::Buffered(time) => format!("{BUFFERED}{}", write_duration(*time)),
            word => {
                WORDS.iter().find(|(_, start)| start == word).map_or_else(String::new, |(word, _)| (*word).to_owned())
            }
        })
    }
}
