//! Which streams are meant.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// What a compiled pattern may take.
const COMPILED_BYTES: usize = 1 << 20;

/// A regular expression that matches whole names of streams. Matching takes time linear in the name's length, whatever the
/// expression.
#[derive(Clone)]
pub struct Pattern {
    text: String,
    regex: Regex,
}

/// Why a text is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl Pattern {
    /// Reads an expression, in the syntax of the `regex` crate: `cam-(.+)`, `(?<site>[a-z]+)/.*`.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn new(text: &str) -> Result<Pattern, PatternError> {
        let wrong = |error: regex::Error| {
            let said = error.to_string();
            // The last line says what is wrong; those before it draw where, which takes several lines.
            let last = said.lines().last().unwrap_or_default();
            PatternError(last.trim_start_matches("error: ").to_owned())
        };
        // Alone first: what is wrong is then said of the text as it was written.
        Regex::new(text).map_err(wrong)?;
        let whole = format!("^(?:{text})$");
        let regex = RegexBuilder::new(&whole).size_limit(COMPILED_BYTES).build().map_err(wrong)?;
        Ok(Pattern { text: text.to_owned(), regex })
    }

    /// What matches every name.
    pub fn everything() -> Pattern {
        Pattern::fixed(".*")
    }

    /// What matches no name; its text is empty.
    pub fn nothing() -> Pattern {
        Pattern { text: String::new(), ..Pattern::fixed("[^\\s\\S]") }
    }

    fn fixed(text: &str) -> Pattern {
        Pattern::new(text).unwrap_or_else(|error| unreachable!("{text} is a pattern: {error}"))
    }

    /// A pattern that matches this name and no other.
    pub fn literal(name: &str) -> Result<Pattern, PatternError> {
        Pattern::new(&regex::escape(name))
    }

    /// What its groups caught in this name, the whole name first; `None` if it does not match.
    pub fn captures(&self, name: &str) -> Option<Vec<Option<String>>> {
        let caught = self.regex.captures(name)?;
        Some(caught.iter().map(|group| group.map(|text| text.as_str().to_owned())).collect())
    }

    /// The number of a group, by its number or name as text.
    pub(crate) fn group(&self, name: &str) -> Option<usize> {
        match name.parse::<usize>() {
            Ok(number) => (number < self.regex.captures_len()).then_some(number),
            Err(_) => self.regex.capture_names().position(|group| group == Some(name)),
        }
    }

    /// Groups, the whole name not among them.
    pub(crate) fn groups(&self) -> usize {
        self.regex.captures_len().saturating_sub(1)
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Pattern) -> bool {
        self.text == other.text
    }
}

impl fmt::Debug for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.text, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_names_match() {
        let pattern = Pattern::new("cam-(.+)|eu/(?<site>[a-z]+)").unwrap();
        for (name, groups) in [
            ("cam-1", Some([Some("cam-1"), Some("1"), None])),
            ("eu/berlin", Some([Some("eu/berlin"), None, Some("berlin")])),
            ("cam-", None),
            ("a-cam-1", None),
            ("eu/berlin1", None),
            ("", None),
        ] {
            let groups = groups.map(|g| g.map(|text| text.map(str::to_owned)).to_vec());
            assert_eq!(pattern.captures(name), groups, "{name}");
        }
        assert_eq!((pattern.group("1"), pattern.group("site"), pattern.group("3")), (Some(1), Some(2), None));
        assert!(Pattern::literal("a.b").unwrap().captures("axb").is_none());
        assert!(Pattern::nothing().captures("").is_none() && Pattern::everything().captures("eu/cam").is_some());
    }

    #[test]
    fn what_is_wrong_is_said_in_one_line() {
        for (text, says) in [("cam-(.+", "unclosed group"), ("(a{1000}){1000}", "size limit"), ("a**", "repetition")] {
            match Pattern::new(text) {
                Err(error) => {
                    let said = error.to_string();
                    assert!(said.contains(says) && said.lines().count() == 1, "{said}");
                }
                Ok(_) => assert_eq!(text, "a**", "the syntax allows it"),
            }
        }
    }
}
