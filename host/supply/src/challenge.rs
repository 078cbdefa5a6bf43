//! `WWW-Authenticate` of a registry (RFC 9110 §11, Docker's token authentication): who is to be asked for a token.

use ureq_proto::http::header::{self, HeaderMap};

/// What a server wants to hear.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Challenge {
    /// User and password.
    Basic,
    /// A token, from this service.
    Bearer { realm: String, service: Option<String>, scope: Option<String> },
}

impl Challenge {
    /// The first one that is understood.
    pub(crate) fn read(headers: &HeaderMap) -> Option<Challenge> {
        headers.get_all(header::WWW_AUTHENTICATE).iter().filter_map(|value| one(value.to_str().ok()?)).next()
    }
}

fn one(text: &str) -> Option<Challenge> {
    let (scheme, rest) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
    if scheme.eq_ignore_ascii_case("basic") {
        return Some(Challenge::Basic);
    }
    if !scheme.eq_ignore_ascii_case("bearer") {
        return None;
    }
    let (mut realm, mut service, mut scope) = (None, None, None);
    for (name, value) in parameters(rest) {
        match name.to_ascii_lowercase().as_str() {
            "realm" => realm = Some(value),
            "service" => service = Some(value),
            "scope" => scope = Some(value),
            _ => {}
        }
    }
    Some(Challenge::Bearer { realm: realm?, service, scope })
}

/// `name="value"` and `name=value`, with commas between them.
fn parameters(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, behind)) = rest.split_once('=') {
        let name = name.trim_matches([' ', ',', '\t']);
        let mut value = String::new();
        rest = match behind.strip_prefix('"') {
            Some(quoted) => {
                let mut letters = quoted.char_indices();
                let end = loop {
                    match letters.next() {
                        Some((at, '"')) => break at + 1,
                        Some((_, '\\')) => value.extend(letters.next().map(|(_, letter)| letter)),
                        Some((_, letter)) => value.push(letter),
                        None => break quoted.len(),
                    }
                };
                quoted.get(end..).unwrap_or_default()
            }
            None => {
                let (plain, behind) = behind.split_once(',').unwrap_or((behind, ""));
                value.push_str(plain.trim());
                behind
            }
        };
        found.push((name, value));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<Challenge> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(header::WWW_AUTHENTICATE, value.parse().unwrap());
        }
        Challenge::read(&headers)
    }

    #[test]
    fn challenges_are_read() {
        let bearer = |realm: &str, service: Option<&str>, scope: Option<&str>| {
            Some(Challenge::Bearer {
                realm: realm.into(),
                service: service.map(Into::into),
                scope: scope.map(Into::into),
            })
        };
        let usual = r#"Bearer realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull,push""#;
        let read_usual = bearer("https://auth.example/token", Some("r.example"), Some("repository:a/b:pull,push"));
        assert_eq!(read(&[usual]), read_usual);
        assert_eq!(read(&[r#"bearer  scope=x , realm="a\"b""#]), bearer("a\"b", None, Some("x")));
        assert_eq!(read(&["Basic realm=\"r\""]), Some(Challenge::Basic));
        assert_eq!(read(&["Negotiate", usual]), read_usual);
        for none in ["Bearer", "Bearer realm", "Digest realm=\"x\"", "Bearer service=\"x", ""] {
            assert_eq!(read(&[none]), None, "{none}");
        }
    }
}
