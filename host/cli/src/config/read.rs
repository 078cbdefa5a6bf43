//! Reading tables key by key: what is unknown or wrong is reported, what was read is remembered for `config show`.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashSet},
};

use super::{
    Notice, Problem,
    kind::Kind,
    problem::MOST_SHOWN,
    secret,
    tree::{Node, Place, Value},
};

/// What all tables of one reading share.
pub(crate) struct Context<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    problems: RefCell<Vec<Problem>>,
    notices: RefCell<Vec<Notice>>,
    /// The variables in `notices`.
    noticed: RefCell<BTreeSet<String>>,
    shown: RefCell<Vec<Shown>>,
}

/// One key as `config show` prints it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// Its table, such as `apps.live`; a header of its own.
    pub(crate) table: String,
    /// Its name in that table, with dots for inline tables.
    pub(crate) key: String,
    /// The value in TOML, secrets as they are written.
    pub(crate) toml: String,
    /// Where it was written.
    pub(crate) place: Place,
}

impl<'a> Context<'a> {
    /// `variable` looks up what `${env:NAME}` means.
    pub(crate) fn new(variable: &'a dyn Fn(&str) -> Option<String>) -> Context<'a> {
        Context {
            variable,
            problems: RefCell::default(),
            notices: RefCell::default(),
            noticed: RefCell::default(),
            shown: RefCell::default(),
        }
    }

    /// An environment variable, as `${env:NAME}` would find it.
    pub(crate) fn variable(&self, name: &str) -> Option<String> {
        (self.variable)(name)
    }

    /// Notes something wrong.
    pub(crate) fn problem(&self, place: &Place, key: &str, what: impl Into<String>) {
        self.problems.borrow_mut().push(Problem { place: place.clone(), key: key.into(), what: what.into() });
    }

    /// The word that was probably meant, unless more is wrong already than is shown: looking for it takes its time.
    pub(crate) fn nearest<'w>(&self, word: &str, among: impl Iterator<Item = &'w str>) -> Option<&'w str> {
        if self.problems.borrow().len() < MOST_SHOWN { nearest(word, among) } else { None }
    }

    /// Corrects the default of a key in these tables, where it depends on what was read behind it. What was written stays.
    pub(crate) fn correct_default(&self, tables: &BTreeSet<String>, key: &str, toml: &str) {
        let mut shown = self.shown.borrow_mut();
        let of_key = shown.iter_mut().filter(|s| s.key == key && s.place == Place::Default);
        for shown in of_key.filter(|s| tables.contains(&s.table)) {
            shown.toml = toml.to_owned();
        }
    }

    /// Everything noted: problems in the order of the text, notices, what was read.
    pub(crate) fn finish(self) -> (Vec<Problem>, Vec<Notice>, Vec<Shown>) {
        let mut problems = self.problems.into_inner();
        problems.sort_by_key(Problem::order);
        problems.dedup();
        (problems, self.notices.into_inner(), self.shown.into_inner())
    }

    /// A text with its secrets put in; `None` if it is no text. A number or flag from a variable is the text it was.
    pub(crate) fn text(&self, node: &Node) -> Option<String> {
        match (&node.value, &node.place) {
            // `value` has reported what cannot be resolved.
            (Value::Text(raw), _) => secret::resolve(raw, self.variable).ok().map(|resolved| resolved.text),
            (Value::Integer(_) | Value::Float(_) | Value::Flag(_), Place::Variable(_)) => Some(node.toml()),
            _ => None,
        }
    }

    /// A text for people: secrets that are set stay references. `None` if it is no text.
    pub(crate) fn mention(&self, node: &Node) -> Option<String> {
        if let Value::Text(raw) = &node.value { secret::mention(raw, self.variable).ok() } else { None }
    }

    /// A text in which braces and dollar signs have a meaning, which those of secrets have not; `None` has been reported.
    pub(crate) fn template(&self, key: &str, node: &Node) -> Option<String> {
        self.escaped(key, node, |text| text.replace('{', "{{").replace('}', "}}").replace('$', "$$"))
    }

    /// A text whose secrets pass through `escape` before they are put in; `None` has been reported.
    pub(crate) fn escaped(&self, key: &str, node: &Node, escape: fn(&str) -> String) -> Option<String> {
        let Value::Text(raw) = &node.value else {
            self.problem(&node.place, key, format!("expected text in quotes, found {}", node.value.kind()));
            return None;
        };
        // `resolvable` has reported what cannot be resolved.
        self.resolvable(key, node).then(|| secret::resolve_escaped(raw, self.variable, escape).ok()).flatten()
    }

    /// Reads one value; what is wrong is noted, and `None` returned.
    pub(crate) fn value<K: Kind>(&self, key: &str, node: &Node, kind: &K) -> Option<K::Out> {
        if !self.resolvable(key, node) {
            return None;
        }
        let value = kind.read(node, key, self);
        if value.is_none() {
            let found = match &node.value {
                Value::List(_) | Value::Table(_) => node.value.kind().to_owned(),
                // A secret is shown as it is written, never as what it stands for.
                _ => node.toml(),
            };
            self.problem(&node.place, key, format!("expected {}, found {found}", kind.expects()));
        }
        value
    }

    /// Checks the references inside one string and notes fallbacks in use.
    fn resolvable(&self, key: &str, node: &Node) -> bool {
        let Value::Text(raw) = &node.value else { return true };
        match secret::resolve(raw, self.variable) {
            Ok(resolved) => {
                for variable in resolved.fallbacks {
                    // Once per variable, however often it is used.
                    if self.noticed.borrow_mut().insert(variable.clone()) {
                        let notice = Notice { place: node.place.clone(), key: key.into(), variable };
                        self.notices.borrow_mut().push(notice);
                    }
                }
                true
            }
            Err(what) => {
                self.problem(&node.place, key, what);
                false
            }
        }
    }

    /// A value of any kind as JSON, with its secrets put in.
    pub(crate) fn json(&self, key: &str, node: &Node) -> serde_json::Value {
        match &node.value {
            Value::Text(_) => match self.resolvable(key, node) {
                true => secret_text(self.text(node)),
                false => serde_json::Value::Null,
            },
            Value::Integer(n) => (*n).into(),
            Value::Float(n) => serde_json::Number::from_f64(*n).map_or_else(
                || {
                    self.problem(&node.place, key, "JSON has no infinity and no NaN; a filter cannot get this number");
                    serde_json::Value::Null
                },
                serde_json::Value::Number,
            ),
            Value::Flag(b) => (*b).into(),
            Value::Time(text) => text.clone().into(),
            Value::List(list) => {
                list.iter().enumerate().map(|(i, node)| self.json(&format!("{key}[{i}]"), node)).collect()
            }
            Value::Table(table) => {
                let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
                table.iter().map(|(name, node)| (name.clone(), self.json(&below(name), node))).collect()
            }
        }
    }
}

fn secret_text(text: Option<String>) -> serde_json::Value {
    text.map_or(serde_json::Value::Null, serde_json::Value::String)
}

/// One table being read. [`finish`](Table::finish) reports the keys that nobody asked for.
pub(crate) struct Table<'a, 'c> {
    context: &'a Context<'c>,
    path: String,
    /// The header under which `config show` prints the keys, and what stands before them.
    header: String,
    inline: String,
    place: Place,
    entries: Option<&'a BTreeMap<String, Node>>,
    known: Vec<String>,
}

impl<'a, 'c> Table<'a, 'c> {
    /// The whole file.
    pub(crate) fn root(context: &'a Context<'c>, entries: &'a BTreeMap<String, Node>) -> Table<'a, 'c> {
        Table {
            context,
            path: String::new(),
            header: String::new(),
            inline: String::new(),
            place: Place::Default,
            entries: Some(entries),
            known: Vec::new(),
        }
    }

    /// The name of a key with its tables.
    pub(crate) fn name(&self, key: &str) -> String {
        match self.path.as_str() {
            "" => super::tree::key(key),
            path => format!("{path}.{}", super::tree::key(key)),
        }
    }

    /// The table's own name, with those it stands in.
    pub(crate) fn path(&self) -> &str {
        &self.path
    }

    /// Where the table itself was written.
    pub(crate) fn place(&self) -> &Place {
        &self.place
    }

    /// Where the value of a key was written; of one that was not, where the table was.
    pub(crate) fn place_of(&self, key: &str) -> Place {
        self.entries.and_then(|entries| entries.get(key)).map_or_else(|| self.place.clone(), |node| node.place.clone())
    }

    /// The value of a key as it was written, if it was.
    pub(crate) fn peek(&self, key: &str) -> Option<&'a Value> {
        self.entries.and_then(|entries| entries.get(key)).map(|node| &node.value)
    }

    /// The value as it was written; the key counts as known.
    pub(crate) fn node(&mut self, key: &str) -> Option<&'a Node> {
        self.known.push(key.to_owned());
        self.entries.and_then(|entries| entries.get(key))
    }

    /// The value of a key, or its default.
    pub(crate) fn read<K: Kind>(&mut self, key: &str, kind: K, default: K::Out) -> K::Out {
        let Some(node) = self.node(key) else {
            self.show(key, kind.write(&default), Place::Default);
            return default;
        };
        self.show(key, node.toml(), node.place.clone());
        self.context.value(&self.name(key), node, &kind).unwrap_or(default)
    }

    /// The value of a key, or its default; `None`: what is written is none, which has been reported.
    pub(crate) fn valid<K: Kind>(&mut self, key: &str, kind: K, default: K::Out) -> Option<K::Out> {
        match self.peek(key) {
            Some(_) => self.require(key, kind),
            None => Some(self.read(key, kind, default)),
        }
    }

    /// The value of a key that must be there; `None` has been reported.
    pub(crate) fn require<K: Kind>(&mut self, key: &str, kind: K) -> Option<K::Out> {
        let Some(node) = self.node(key) else {
            let what = format!("`{key}` is missing: {}", kind.expects());
            self.context.problem(&self.place, &self.path, what);
            return None;
        };
        self.show(key, node.toml(), node.place.clone());
        self.context.value(&self.name(key), node, &kind)
    }

    /// Notes what `config show` prints for a key.
    pub(crate) fn show(&self, key: &str, toml: String, place: Place) {
        let key = format!("{}{}", self.inline, super::tree::key(key));
        self.context.shown.borrow_mut().push(Shown { table: self.header.clone(), key, toml, place });
    }

    /// A table in this one, empty if it is not there; printed under a header of its own.
    pub(crate) fn table(&mut self, key: &str) -> Table<'a, 'c> {
        let mut table = self.inline(key);
        table.header = table.path.clone();
        table.inline = String::new();
        table
    }

    /// A table in this one, empty if it is not there; printed with dotted keys.
    pub(crate) fn inline(&mut self, key: &str) -> Table<'a, 'c> {
        let node = self.node(key);
        let entries = node.and_then(|node| match &node.value {
            Value::Table(entries) => Some(entries),
            other => {
                let what = format!("expected a table, found {}", other.kind());
                self.context.problem(&node.place, &self.name(key), what);
                None
            }
        });
        Table {
            context: self.context,
            path: self.name(key),
            header: self.header.clone(),
            inline: format!("{}{}.", self.inline, super::tree::key(key)),
            place: node.map_or(Place::Default, |node| node.place.clone()),
            entries,
            known: Vec::new(),
        }
    }

    /// The tables of a list in this one, each under a `[[header]]` of its own.
    pub(crate) fn tables(&mut self, key: &str) -> Vec<Table<'a, 'c>> {
        let Some(node) = self.node(key) else { return Vec::new() };
        let path = self.name(key);
        let expected = |place: &Place, found: &Value| {
            let what = format!("expected [[{path}]], a list of tables, found {}", found.kind());
            self.context.problem(place, &path, what);
        };
        let Value::List(list) = &node.value else {
            expected(&node.place, &node.value);
            return Vec::new();
        };
        let mut tables = Vec::new();
        for (i, node) in list.iter().enumerate() {
            let Value::Table(entries) = &node.value else {
                expected(&node.place, &node.value);
                continue;
            };
            let path = format!("{path}[{i}]");
            tables.push(Table {
                context: self.context,
                header: path.clone(),
                path,
                inline: String::new(),
                place: node.place.clone(),
                entries: Some(entries),
                known: Vec::new(),
            });
        }
        tables
    }

    /// Every table in this one, with the names that the operator chose.
    pub(crate) fn named(&mut self) -> Vec<(String, Table<'a, 'c>)> {
        let names: Vec<_> = self.entries.map(|entries| entries.keys().cloned().collect()).unwrap_or_default();
        names
            .into_iter()
            .map(|name| {
                let table = self.table(&name);
                (name, table)
            })
            .collect()
    }

    /// Every value in this table, whatever its name: for tables whose keys are the operator's.
    pub(crate) fn nodes(&mut self) -> Vec<(String, &'a Node)> {
        let entries: Vec<_> = self.entries.into_iter().flatten().map(|(name, node)| (name.clone(), node)).collect();
        self.known.extend(entries.iter().map(|(name, _)| name.clone()));
        entries
    }

    /// The context of this reading.
    pub(crate) fn context(&self) -> &'a Context<'c> {
        self.context
    }

    /// Reports the keys that nobody asked for.
    pub(crate) fn finish(self) {
        let Some(entries) = self.entries else { return };
        // Some are looked at more than once.
        let known: HashSet<_> = self.known.iter().collect();
        let mut told = HashSet::new();
        let once: Vec<_> = self.known.iter().filter(|key| told.insert(*key)).map(String::as_str).collect();
        for (key, node) in entries.iter().filter(|(key, _)| !known.contains(key)) {
            let what = match self.context.nearest(key, self.known.iter().map(String::as_str)) {
                Some(near) => format!("unknown key; did you mean `{near}`?"),
                None if self.known.is_empty() => "unknown key; this table has none".into(),
                None => format!("unknown key; known here: {}", once.join(", ")),
            };
            self.context.problem(&node.place, &self.name(key), what);
        }
    }
}

/// The word that was probably meant: the nearest by edits (a swap counts once), if it is near at all.
fn nearest<'w>(word: &str, among: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    let length = word.chars().count();
    let bound = (length / 3).max(2);
    let among: Vec<_> = among.collect();
    let part = |candidate: &&&str| word.len() > 2 && candidate.split('_').any(|part| part == word);
    among
        .iter()
        // As many edits as that at least; and words of any length may be written.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= bound)
        .map(|candidate| (strsim::damerau_levenshtein(&word.to_lowercase().replace('-', "_"), candidate), candidate))
        .filter(|(distance, candidate)| *distance <= bound && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| *candidate)
        // `time` for `media_time`.
        .or_else(|| among.iter().find(part).copied())
}
