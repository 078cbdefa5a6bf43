//! What may stand in place of a placeholder.

use std::fmt;

use regex::{Regex, RegexBuilder};

/// Bytes of a value.
const MOST_BYTES: usize = 256;
/// Bytes that a compiled expression may take.
const MOST_PATTERN_BYTES: usize = 1 << 20;

/// One placeholder of a profile.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// What its value may be.
    pub allowed: Allowed,
    /// What it is if a rendition does not say; none: it must.
    pub default: Option<String>,
}

/// What a value may be.
#[derive(Clone, Debug)]
pub enum Allowed {
    /// A whole number in this range, ends included.
    Range(i64, i64),
    /// One of these.
    OneOf(Vec<String>),
    /// What this regular expression matches as a whole. It never begins with `-`, whatever the expression says: a program would
    /// take it for an option.
    Pattern(Box<Regex>),
}

impl PartialEq for Allowed {
    fn eq(&self, other: &Allowed) -> bool {
        match (self, other) {
            (Allowed::Range(a, b), Allowed::Range(c, d)) => (a, b) == (c, d),
            (Allowed::OneOf(a), Allowed::OneOf(b)) => a == b,
            (Allowed::Pattern(a), Allowed::Pattern(b)) => a.as_str() == b.as_str(),
            _ => false,
        }
    }
}

impl fmt::Display for Allowed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Allowed::Range(min, max) => write!(f, "a whole number from {min} to {max}"),
            Allowed::OneOf(words) => write!(f, "one of {}", words.join(", ")),
            Allowed::Pattern(pattern) => {
                let whole = pattern.as_str();
                let own = whole.strip_prefix(BEFORE).and_then(|w| w.strip_suffix(BEHIND)).unwrap_or(whole);
                write!(f, "what matches `{own}` and does not begin with -")
            }
        }
    }
}

const BEFORE: &str = r"\A(?:";
const BEHIND: &str = r")\z";

impl Allowed {
    /// What a regular expression matches as a whole.
    ///
    /// # Errors
    /// It is none, or too large.
    pub fn pattern(text: &str) -> Result<Allowed, Box<regex::Error>> {
        let whole = RegexBuilder::new(&format!("{BEFORE}{text}{BEHIND}")).size_limit(MOST_PATTERN_BYTES).build();
        // Without the parentheses it has to be one as well.
        RegexBuilder::new(text).size_limit(MOST_PATTERN_BYTES).build().map_err(Box::new)?;
        Ok(Allowed::Pattern(Box::new(whole.map_err(Box::new)?)))
    }

    /// Whether it may be this value.
    pub fn fits(&self, value: &str) -> bool {
        if value.len() > MOST_BYTES || value.chars().any(char::is_control) {
            return false;
        }
        match self {
            Allowed::Range(min, max) => {
                let digits = value.strip_prefix('-').unwrap_or(value);
                let plain = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
                plain && value.parse::<i64>().is_ok_and(|n| (*min..=*max).contains(&n))
            }
            Allowed::OneOf(words) => words.iter().any(|word| word == value),
            Allowed::Pattern(pattern) => !value.starts_with('-') && pattern.is_match(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_allowed_fits() {
        let range = Allowed::Range(-1, 1080);
        for (value, fits) in [("0", true), ("-1", true), ("1080", true), ("1081", false), ("-2", false), ("", false)] {
            assert_eq!(range.fits(value), fits, "{value:?}");
        }
        for value in ["+5", "5 ", " 5", "5k", "0x5", "5\n", "-", "99999999999999999999", "5;rm"] {
            assert!(!range.fits(value), "{value:?}");
        }
        let words = Allowed::OneOf(vec!["fast".into(), "slow".into()]);
        assert!(words.fits("fast") && !words.fits("fas") && !words.fits("fast ") && !words.fits(""));
        let pattern = Allowed::pattern("[0-9]+k|-?x|a b").unwrap();
        assert!(pattern.fits("800k") && pattern.fits("x") && pattern.fits("a b"));
        for value in ["800", "800k\n", "800kk", "-x", "x; rm -rf /", "$(id)", "`id`", ""] {
            assert!(!pattern.fits(value), "{value:?}");
        }
        let all = Allowed::pattern("(?s).*").unwrap();
        assert!(all.fits("a b") && !all.fits("-vf") && !all.fits("a\0b") && !all.fits("a\nb"));
        assert!(!all.fits(&"x".repeat(MOST_BYTES + 1)));
    }

    #[test]
    fn an_expression_cannot_leave_its_parentheses() {
        assert!(Allowed::pattern("a)|(.*").is_err());
        assert!(Allowed::pattern("(").is_err());
        assert_eq!(Allowed::pattern("a+").unwrap().to_string(), "what matches `a+` and does not begin with -");
    }
}
