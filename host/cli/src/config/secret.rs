//! `${env:NAME}` inside a string: a secret that stays out of the file.

/// What a string became.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Resolved {
    /// The text with every reference replaced.
    pub(crate) text: String,
    /// Variables that are not set, whose fallback stands in the text.
    pub(crate) fallbacks: Vec<String>,
}

/// A string taken apart.
#[derive(Debug, PartialEq, Eq)]
enum Part<'r> {
    Text(&'r str),
    Variable { name: &'r str, fallback: Option<&'r str> },
}

/// Replaces `${env:NAME}` by the variable's value and `${env:NAME:-text}` by `text` if the variable is not set.
/// `$${env:` stands for `${env:` itself.
///
/// Errors say what is wrong, without the value of anything.
pub(crate) fn resolve(raw: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Resolved, String> {
    let mut resolved = Resolved { text: String::new(), fallbacks: Vec::new() };
    for part in parts(raw)? {
        match part {
            Part::Text(text) => resolved.text.push_str(text),
            Part::Variable { name, fallback } => match (variable(name), fallback) {
                (Some(value), _) => resolved.text.push_str(&value),
                (None, Some(fallback)) => {
                    resolved.text.push_str(fallback);
                    resolved.fallbacks.push(name.to_owned());
                }
                (None, None) => return Err(format!("the environment variable {name} is not set")),
            },
        }
    }
    Ok(resolved)
}

/// The same, with what stands for the references passed through `escape`.
pub(crate) fn resolve_escaped(
    raw: &str,
    variable: &dyn Fn(&str) -> Option<String>,
    escape: fn(&str) -> String,
) -> Result<String, String> {
    resolve(raw, &|name| variable(name).map(|value| escape(&value))).map(|resolved| resolved.text)
}

/// The same for a command line that may be shown: a variable that is set stays `${NAME}`, for the reader's shell to fill in.
pub(crate) fn mention(raw: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<String, String> {
    let mention = |part| match part {
        Part::Text(text) => text.to_owned(),
        Part::Variable { name, fallback: Some(fallback) } if variable(name).is_none() => fallback.to_owned(),
        Part::Variable { name, .. } => format!("${{{name}}}"),
    };
    Ok(parts(raw)?.into_iter().map(mention).collect())
}

fn parts(raw: &str) -> Result<Vec<Part<'_>>, String> {
    const OPEN: &str = "${env:";
    let mut parts = Vec::new();
    let mut rest = raw;
    while let Some(at) = rest.find(OPEN) {
        let (before, behind) = (&rest[..at], &rest[at + OPEN.len()..]);
        if let Some(before) = before.strip_suffix('$') {
            parts.extend([Part::Text(before), Part::Text(OPEN)]);
            rest = behind;
            continue;
        }
        parts.push(Part::Text(before));
        let Some((reference, behind)) = behind.split_once('}') else {
            return Err("`${env:` without its `}`".into());
        };
        let (name, fallback) = match reference.split_once(":-") {
            Some((name, fallback)) => (name, Some(fallback)),
            None => (reference, None),
        };
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            return Err("`${env:NAME}` expects a variable's name of letters, digits and underscores".into());
        }
        parts.push(Part::Variable { name, fallback });
        rest = behind;
    }
    parts.push(Part::Text(rest));
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variable(name: &str) -> Option<String> {
        (name == "KEY").then(|| "s3cret".into())
    }

    #[test]
    fn references() {
        let table = [
            ("plain", "plain", &[][..]),
            ("${env:KEY}", "s3cret", &[]),
            ("a-${env:KEY}-b-${env:KEY}", "a-s3cret-b-s3cret", &[]),
            ("${env:KEY:-x}", "s3cret", &[]),
            ("${env:NONE:-x}y", "xy", &["NONE"]),
            ("${env:NONE:-}", "", &["NONE"]),
            ("$${env:KEY}", "${env:KEY}", &[]),
            ("$5 {env:KEY}", "$5 {env:KEY}", &[]),
        ];
        for (raw, text, fallbacks) in table {
            let got = resolve(raw, &variable).unwrap();
            assert_eq!((got.text.as_str(), got.fallbacks), (text, fallbacks.iter().map(ToString::to_string).collect()));
        }
    }

    #[test]
    fn wrong_references() {
        let name = "`${env:NAME}` expects a variable's name of letters, digits and underscores";
        let table = [
            ("${env:NONE}", "the environment variable NONE is not set"),
            ("${env:KEY", "`${env:` without its `}`"),
            ("${env:}", name),
            ("${env:A B}", name),
        ];
        for (raw, expected) in table {
            assert_eq!(resolve(raw, &variable).unwrap_err(), expected, "{raw}");
        }
    }

    #[test]
    fn what_is_shown_never_holds_a_variable() {
        let table = [
            ("key=${env:KEY}&a=b", "key=${KEY}&a=b"),
            ("key=${env:KEY:-x}", "key=${KEY}"),
            ("key=${env:NONE:-x}", "key=x"),
            ("key=${env:NONE}", "key=${NONE}"),
        ];
        for (raw, shown) in table {
            assert_eq!(mention(raw, &variable).unwrap(), shown);
        }
    }
}
