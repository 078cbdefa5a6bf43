//! `[[apps.NAME.backup]]`: streams that are fed from others.

use std::{
    collections::{HashMap, HashSet},
    ops::RangeInclusive,
    time::Duration,
};

use router::Backup;

use super::{
    kind::{Kind, List, Text, Time, write_duration},
    read::{Context, Table},
    tree::{Node, Value, quote},
};

/// A list of them, each with its number in the file: those that cannot be read are left out.
pub(super) struct Backups;

const KEYS: [&str; 4] = ["stream", "inputs", "stall", "back_after"];
const STALL: RangeInclusive<Duration> = Duration::from_millis(200)..=Duration::from_secs(60);
const BACK_AFTER: RangeInclusive<Duration> = Duration::ZERO..=Duration::from_secs(3600);
const MOST_INPUTS: usize = 16;

impl Kind for Backups {
    type Out = Vec<(usize, Backup)>;
    fn expects(&self) -> String {
        "a list of tables, such as [{ stream = \"main\", inputs = [\"main-a\", \"main-b\"] }]".into()
    }
    fn read(&self, node: &Node, key: &str, context: &Context<'_>) -> Option<Vec<(usize, Backup)>> {
        let Value::List(list) = &node.value else { return None };
        let of = |(i, node): (usize, &Node)| Some((i, one(node, &format!("{key}[{i}]"), context)?));
        Some(list.iter().enumerate().filter_map(of).collect())
    }
    fn write(&self, value: &Vec<(usize, Backup)>) -> String {
        let one = |(_, b): &(usize, Backup)| {
            let inputs: Vec<_> = b.inputs.iter().map(|input| quote(input)).collect();
            let (stall, back_after) = (quote(&write_duration(b.stall)), quote(&write_duration(b.back_after)));
            let (stream, inputs) = (quote(&b.stream), inputs.join(", "));
            format!("{{ stream = {stream}, inputs = [{inputs}], stall = {stall}, back_after = {back_after} }}")
        };
        format!("[{}]", value.iter().map(one).collect::<Vec<_>>().join(", "))
    }
}

fn one(node: &Node, path: &str, context: &Context<'_>) -> Option<Backup> {
    let Value::Table(table) = &node.value else {
        context.problem(&node.place, path, format!("expected a table, found {}", node.value.kind()));
        return None;
    };
    for (key, node) in table.iter().filter(|(key, _)| !KEYS.contains(&key.as_str())) {
        let what = match context.nearest(key, KEYS.into_iter()) {
            Some(near) => format!("unknown key; did you mean `{near}`?"),
            None => format!("unknown key; known here: {}", KEYS.join(", ")),
        };
        context.problem(&node.place, &format!("{path}.{key}"), what);
    }
    let at = |key: &str| (format!("{path}.{key}"), table.get(key));
    let missing = |key: &str, kind: String| context.problem(&node.place, path, format!("`{key}` is missing: {kind}"));
    let default = Backup::default();
    let stream = match at("stream") {
        (key, Some(node)) => context.value(&key, node, &Text),
        _ => {
            missing("stream", Text.expects());
            None
        }
    };
    let inputs = match at("inputs") {
        (key, Some(node)) => {
            let inputs = context.value(&key, node, &List(Text));
            if inputs.as_ref().is_some_and(|inputs| !(1..=MOST_INPUTS).contains(&inputs.len())) {
                context.problem(&node.place, &key, format!("expected 1 to {MOST_INPUTS} names"));
            }
            inputs
        }
        _ => {
            missing("inputs", List(Text).expects());
            None
        }
    };
    let time = |key: &str, range: RangeInclusive<Duration>, default: Duration| match at(key) {
        (key, Some(node)) => context.value(&key, node, &Time(range)).unwrap_or(default),
        (_, None) => default,
    };
    Some(Backup {
        stall: time("stall", STALL, default.stall),
        back_after: time("back_after", BACK_AFTER, default.back_after),
        stream: stream?,
        inputs: inputs?,
    })
}

/// Reports streams that are fed twice, from themselves, or from one input twice.
pub(super) fn check(backups: &[(usize, Backup)], table: &Table<'_, '_>) {
    let circles = in_circles(backups);
    let mut seen = HashSet::new();
    for (i, Backup { stream, inputs, .. }) in backups {
        let place = match table.peek("backup") {
            Some(Value::List(list)) => list.get(*i).map(|node| node.place.clone()),
            _ => None,
        };
        let (place, key) =
            (place.unwrap_or_else(|| table.place_of("backup")), format!("{}[{i}]", table.name("backup")));
        let problem = |what: String| table.context().problem(&place, &key, what);
        for (nth, input) in inputs.iter().enumerate().take(MOST_INPUTS + 1) {
            if input.is_empty() {
                problem("an input without a name".into());
            } else if inputs.iter().take(nth).any(|other| other == input) {
                problem(format!("`{input}` is among the inputs twice"));
            }
        }
        if !seen.insert(stream.as_str()) {
            problem(format!("`{stream}` has its inputs already"));
        }
        if circles.contains(stream.as_str()) {
            problem(format!("`{stream}` would be fed from itself"));
        }
    }
}

/// Streams that would be fed from themselves, through any number of others. Where circles touch, one of them at least is found. Takes
/// time by the number of inputs.
fn in_circles(backups: &[(usize, Backup)]) -> HashSet<&str> {
    let mut inputs: HashMap<&str, Vec<&str>> = HashMap::new();
    for (_, backup) in backups {
        inputs.entry(&backup.stream).or_default().extend(backup.inputs.iter().map(String::as_str));
    }
    // Whose inputs all come from nowhere else leads into no circle, and so what is fed from such alone.
    let mut open: HashMap<&str, usize> = HashMap::new();
    let mut feeds: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut free = Vec::new();
    for (stream, inputs_of) in &inputs {
        let from: Vec<_> = inputs_of.iter().filter(|input| inputs.contains_key(**input)).collect();
        open.insert(stream, from.len());
        if from.is_empty() {
            free.push(*stream);
        }
        from.into_iter().for_each(|input| feeds.entry(input).or_default().push(stream));
    }
    while let Some(stream) = free.pop() {
        open.remove(stream);
        for fed in feeds.get(stream).into_iter().flatten() {
            if let Some(left) = open.get_mut(fed) {
                *left -= 1;
                if *left == 0 {
                    free.push(fed);
                }
            }
        }
    }
    // From all the others there is a way on without end.
    let mut found = HashSet::new();
    let mut passed = HashSet::new();
    for start in open.keys() {
        let (mut way, mut at) = (Vec::new(), *start);
        while passed.insert(at) {
            way.push(at);
            let Some(next) = inputs.get(at).and_then(|from| from.iter().find(|input| open.contains_key(**input)))
            else {
                break;
            };
            at = next;
        }
        if let Some(first) = way.iter().position(|stream| *stream == at) {
            found.extend(way.into_iter().skip(first));
        }
    }
    found
}
