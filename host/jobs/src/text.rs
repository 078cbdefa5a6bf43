//! An argument with placeholders: `scale=-2:{height}`.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// One argument, or one value of the environment. What is put in place of a placeholder never becomes two arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text(Vec<Piece>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Literal(String),
    Placeholder(String),
}

/// Why a text cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// A brace that is not closed, or one that closes nothing.
    #[error("a brace stands alone: a placeholder is {{name}}, a brace itself is written twice")]
    Brace,
    /// Braces around what is no name.
    #[error("`{{{0}}}` is no placeholder: a name is made of letters, digits and _")]
    Name(String),
}

impl FromStr for Text {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Text, TextError> {
        let mut pieces = Vec::new();
        let mut literal = String::new();
        let mut rest = text.chars().peekable();
        while let Some(c) = rest.next() {
            match c {
                '{' | '}' if rest.peek() == Some(&c) => {
                    rest.next();
                    literal.push(c);
                }
                '}' => return Err(TextError::Brace),
                '{' => {
                    let mut name = String::new();
                    loop {
                        match rest.next() {
                            Some('}') => break,
                            Some(c) => name.push(c),
                            None => return Err(TextError::Brace),
                        }
                    }
                    if name.is_empty() || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
                        return Err(TextError::Name(name));
                    }
                    if !literal.is_empty() {
                        pieces.push(Piece::Literal(std::mem::take(&mut literal)));
                    }
                    pieces.push(Piece::Placeholder(name));
                }
                c => literal.push(c),
            }
        }
        if !literal.is_empty() {
            pieces.push(Piece::Literal(literal));
        }
        Ok(Text(pieces))
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.0 {
            match piece {
                Piece::Literal(text) => f.write_str(&text.replace('{', "{{").replace('}', "}}"))?,
                Piece::Placeholder(name) => write!(f, "{{{name}}}")?,
            }
        }
        Ok(())
    }
}

impl Text {
    /// The names of its placeholders, in their order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Placeholder(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// Puts values in place of the placeholders; nothing in place of one that has none.
    pub(crate) fn fill(&self, values: &BTreeMap<&str, &str>) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Literal(text) => text.clone(),
            Piece::Placeholder(name) => values.get(name.as_str()).copied().unwrap_or_default().to_owned(),
        };
        self.0.iter().map(piece).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_in_and_braces_stay() {
        let text: Text = "scale=-2:{height},{{x}}{a}{b}".parse().unwrap();
        assert_eq!(text.placeholders().collect::<Vec<_>>(), ["height", "a", "b"]);
        let values = BTreeMap::from([("height", "720"), ("a", "{b} -y; rm"), ("b", "1")]);
        assert_eq!(text.fill(&values), "scale=-2:720,{x}{b} -y; rm1", "a value is not read again");
        assert_eq!(text.to_string().parse::<Text>().unwrap(), text);
        assert_eq!("".parse::<Text>().unwrap().fill(&values), "");
    }

    #[test]
    fn what_is_no_placeholder_is_told() {
        for (text, error) in [
            ("{", TextError::Brace),
            ("a}b", TextError::Brace),
            ("{a", TextError::Brace),
            ("{}", TextError::Name(String::new())),
            ("{a b}", TextError::Name("a b".into())),
        ] {
            assert_eq!(text.parse::<Text>(), Err(error), "{text}");
        }
    }
}
