//! Takes the operator's secrets out of what goes into a file.

/// Values that must not stand in a recording. What takes their place is as long as they are, so that a replay lays out its memory as the
/// guest did.
pub(super) struct Scrub {
    secrets: Vec<String>,
}

/// A shorter secret is looked for only where it is a whole setting: it would stand in every text.
const LEAST: usize = 4;

impl Scrub {
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a String>) -> Scrub {
        let mut secrets: Vec<_> = secrets.into_iter().filter(|secret| !secret.is_empty()).cloned().collect();
        // The longest first: one may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        secrets.dedup();
        Scrub { secrets }
    }

    pub(super) fn text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.secrets.iter().filter(|secret| secret.len() >= LEAST) {
            if text.contains(secret.as_str()) {
                text = text.replace(secret.as_str(), &stars(secret));
            }
        }
        text
    }

    pub(super) fn bytes(&self, bytes: &[u8]) -> Vec<u8> {
        let mut bytes = bytes.to_vec();
        for secret in self.secrets.iter().filter(|secret| secret.len() >= LEAST) {
            let mut at = 0;
            while let Some(found) = find(bytes.get(at..).unwrap_or_default(), secret.as_bytes()) {
                let from = at + found;
                at = from + secret.len();
                if let Some(range) = bytes.get_mut(from..at) {
                    range.fill(b'*');
                }
            }
        }
        bytes
    }

    /// The settings, every text that is or holds a secret replaced.
    pub(super) fn config(&self, config: &serde_json::Value) -> serde_json::Value {
        use serde_json::Value;
        match config {
            Value::String(text) if self.secrets.contains(text) => stars(text).into(),
            Value::String(text) => self.text(text).into(),
            Value::Array(list) => list.iter().map(|value| self.config(value)).collect(),
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), self.config(value))).collect(),
            // A number may have come from a variable.
            Value::Number(number) if self.secrets.contains(&number.to_string()) => 0.into(),
            other => other.clone(),
        }
    }
}

fn stars(text: &str) -> String {
    "*".repeat(text.len())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// What stands behind the `?` of a URL or name is often a key of the peer's: as many asterisks.
pub(super) fn query(url: &str) -> String {
    match url.split_once('?') {
        Some((before, behind)) => format!("{before}?{}", stars(behind)),
        None => url.to_owned(),
    }
}

/// A value of the peer's that may be a key.
pub(super) fn value(text: &str) -> String {
    stars(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_replaced_by_as_many_asterisks() {
        let secrets = ["hunter2".to_owned(), "abc".to_owned(), String::new(), "hunter2-long".to_owned()];
        let scrub = Scrub::new(&secrets);
        assert_eq!(scrub.text("a hunter2-long and a hunter2, abc"), "a ************ and a *******, abc");
        assert_eq!(scrub.bytes(b"\xffhunter2\0hunter2"), b"\xff*******\0*******");
        let config = serde_json::json!({ "keys": ["abc", "Bearer hunter2"], "n": 1, "ok": true });
        assert_eq!(scrub.config(&config), serde_json::json!({ "keys": ["***", "Bearer *******"], "n": 1, "ok": true }));
        assert_eq!((query("rtmp://h/a?k=1"), value("key")), ("rtmp://h/a?***".into(), "***".into()));
    }
}
