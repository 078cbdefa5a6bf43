//! The URL for a stream, and what of it may be shown.

use router::StreamKey;
use rtmp::dial::{Url, UrlError};

use crate::Pattern;

/// A URL with places for what is known of a stream:
///
/// | place | what |
/// |---|---|
/// | `{app}` | the application |
/// | `{stream}` | the stream's name behind it, slashes included |
/// | `{query}` | the arguments that its publisher, or the play that waits for it, came with |
/// | `{query.NAME}` | one of them; nothing if there is none |
/// | `{1}`, `{NAME}`, `$1` | what a group of the pattern caught |
///
/// `${…}` is the same as `{…}`; `{{` and `$$` are a brace and a dollar sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    parts: Vec<Part>,
    /// Where the application ends, as it was written: in which part, behind how many bytes of it. Names of streams may
    /// hold slashes.
    cut: Option<(usize, usize)>,
    hide: Hide,
}

/// What of a URL is kept out of logs, besides its query and what stands before `@`, which always are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hide {
    /// Nothing else.
    Query,
    /// The stream's name if it is the same for every stream: it is a key then.
    Name,
    /// The whole path: there is a secret in it.
    Path,
}

/// Why a text is no template.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace without the other one.
    #[error("`{{` without its `}}`; a brace itself is written `{{{{`")]
    Open,
    /// Nothing is called so.
    #[error("{{{0}}} stands for nothing; known here: {{app}}, {{stream}}, {{query}}, {{query.NAME}}{1}")]
    Unknown(String, String),
    /// It does not become a URL.
    #[error("{0}")]
    Url(#[from] UrlError),
    /// There is no stream's name at its end.
    #[error("the URL names no stream: rtmp://host/app/name")]
    Name,
    /// A value that came from a peer would choose the host.
    #[error("`{0}` cannot be part of a host's name")]
    Host(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Place(What, Zone),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    App,
    Stream,
    Query,
    Argument(String),
    Group(usize),
}

/// Where in the URL something stands: what is safe there differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Zone {
    Host,
    Path,
    Query,
}

/// A URL for one stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where to. Holds secrets.
    pub url: Url,
    /// The same for the eyes of people.
    pub shown: String,
    /// What is to be kept out of what a server says.
    secrets: Vec<String>,
}

impl Template {
    /// Reads a template; `pattern` says which groups there are.
    ///
    /// # Errors
    /// A place stands for nothing, or it never becomes a URL of a stream.
    pub fn parse(text: &str, pattern: &Pattern, hide: Hide) -> Result<Template, TemplateError> {
        // Texts among the parts, and where each begins.
        let (mut parts, mut begins) = (Vec::new(), Vec::new());
        let (mut literal, mut all) = (String::new(), String::new());
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let zone = zone(&all);
            let (name, behind) = match place(rest)? {
                Token::Literal(text, behind) => {
                    literal.push_str(text);
                    all.push_str(text);
                    rest = behind;
                    continue;
                }
                Token::Place(name, behind) => (name, behind),
                Token::None => {
                    literal.push(first);
                    all.push(first);
                    rest = rest.get(first.len_utf8()..).unwrap_or_default();
                    continue;
                }
            };
            if !literal.is_empty() {
                begins.push((parts.len(), all.len() - literal.len()));
                parts.push(Part::Text(std::mem::take(&mut literal)));
            }
            parts.push(Part::Place(what(name, pattern)?, zone));
            all.push('x');
            rest = behind;
        }
        if !literal.is_empty() {
            begins.push((parts.len(), all.len() - literal.len()));
            parts.push(Part::Text(literal));
        }
        let url = Url::parse(&all)?;
        if url.name.is_empty() || url.name.starts_with('?') {
            return Err(TemplateError::Name);
        }
        let slash = path_of(&all).rfind('/');
        let cut = slash.and_then(|slash| {
            let (part, begin) = begins.iter().rev().find(|(_, begin)| *begin <= slash)?;
            Some((*part, slash - begin))
        });
        let fixed = match parts.iter().rposition(|part| matches!(part, Part::Place(_, Zone::Path))) {
            // A place behind the last slash of the path makes a name of its own for each stream.
            Some(at) => parts[at..].iter().any(|part| matches!(part, Part::Text(text) if path_of(text).contains('/'))),
            None => true,
        };
        // What stood behind `?` is as secret in a path.
        let asked = |part: &Part| matches!(part, Part::Place(What::Query | What::Argument(_), Zone::Path));
        let hide = match hide {
            _ if parts.iter().any(asked) => Hide::Path,
            Hide::Name if !fixed => Hide::Query,
            hide => hide,
        };
        Ok(Template { parts, cut, hide })
    }

    /// A URL without places, as a filter names it.
    pub fn literal(text: &str, hide: Hide) -> Result<Template, TemplateError> {
        let url = Url::parse(text)?;
        if url.name.is_empty() || url.name.starts_with('?') {
            return Err(TemplateError::Name);
        }
        Ok(Template { parts: vec![Part::Text(text.to_owned())], cut: None, hide })
    }

    /// Whether it holds what a publisher or player came with: `{query}`, `{query.NAME}`.
    pub fn wants_query(&self) -> bool {
        self.parts.iter().any(|part| matches!(part, Part::Place(What::Query | What::Argument(_), _)))
    }

    /// The URL for a stream, of which the pattern's groups caught `captures`.
    ///
    /// # Errors
    /// A value that came from a peer does not fit where it stands.
    pub fn address(&self, key: &StreamKey, captures: &[Option<String>]) -> Result<Address, TemplateError> {
        let mut text = String::new();
        let mut app = None;
        for (at, part) in self.parts.iter().enumerate() {
            if let Some((in_part, bytes)) = self.cut
                && in_part == at
            {
                app = Some(text.len() + bytes);
            }
            match part {
                Part::Text(literal) => text.push_str(literal),
                Part::Place(What::Query, zone) => {
                    let pair = |(name, value): &(String, String)| match value.as_str() {
                        "" => encoded(name, Zone::Query),
                        value => format!("{}={}", encoded(name, Zone::Query), encoded(value, Zone::Query)),
                    };
                    let pairs: Vec<String> = key.query.iter().map(pair).collect();
                    text.push_str(&fitting(&pairs.join("&"), *zone, false)?);
                }
                Part::Place(what, zone) => {
                    let value = match what {
                        What::App => key.app.as_str(),
                        What::Stream => key.name.as_str(),
                        What::Argument(name) => {
                            key.query.iter().find(|(n, _)| n == name).map_or("", |(_, value)| value.as_str())
                        }
                        What::Group(number) => captures.get(*number).and_then(Option::as_deref).unwrap_or_default(),
                        What::Query => "",
                    };
                    text.push_str(&fitting(value, *zone, true)?);
                }
            }
        }
        let mut url = Url::parse(&text)?;
        let app = app.and_then(|end| text.get(..end)).and_then(|text| text.split_once("://")?.1.split_once('/'));
        if let Some(cut) = app.and_then(|(_, app)| url.with_app(app)) {
            url = cut;
        }
        // What an empty query leaves behind.
        url.name.truncate(url.name.trim_end_matches(['?', '&']).len());
        if url.name.is_empty() || url.name.starts_with('?') {
            return Err(TemplateError::Name);
        }
        Ok(self.shown(url))
    }

    fn shown(&self, url: Url) -> Address {
        let tail = url.name.clone();
        let (name, query) = tail.split_once('?').map_or((tail.as_str(), ""), |(name, query)| (name, query));
        let mut secrets = Vec::new();
        let plain = Url { name: String::new(), ..url.clone() }.to_string();
        let host = plain.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
        let mut shown = match self.hide {
            Hide::Query => format!("{plain}{name}"),
            Hide::Name => format!("{plain}***"),
            Hide::Path => format!("{host}/***"),
        };
        if !query.is_empty() {
            shown.push_str("?***");
            secrets.push(query.to_owned());
            secrets.extend(query.split('&').filter_map(|pair| pair.split_once('=')).map(|(_, value)| value.to_owned()));
        }
        if self.hide != Hide::Query {
            secrets.push(name.to_owned());
        }
        if self.hide == Hide::Path {
            secrets.push(url.app.clone());
        }
        // Short ones would blot out words.
        secrets.retain(|secret| secret.len() >= 3);
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Address { url, shown, secrets }
    }
}

impl Address {
    /// A text of the other server, without what is secret.
    pub fn clean(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "***"))
    }
}

enum Token<'t> {
    /// What stands for itself.
    Literal(&'static str, &'t str),
    Place(&'t str, &'t str),
    None,
}

/// The place that a text begins with.
fn place(text: &str) -> Result<Token<'_>, TemplateError> {
    for (escape, literal) in [("{{", "{"), ("}}", "}"), ("$$", "$")] {
        if let Some(behind) = text.strip_prefix(escape) {
            return Ok(Token::Literal(literal, behind));
        }
    }
    if let Some(inside) = text.strip_prefix("${").or_else(|| text.strip_prefix('{')) {
        let (name, behind) = inside.split_once('}').ok_or(TemplateError::Open)?;
        return Ok(Token::Place(name, behind));
    }
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    match text.strip_prefix('$') {
        Some(behind) if digits(behind) > 0 => {
            let (name, behind) = behind.split_at(digits(behind));
            Ok(Token::Place(name, behind))
        }
        _ => Ok(Token::None),
    }
}

fn what(name: &str, pattern: &Pattern) -> Result<What, TemplateError> {
    match name {
        "app" => Ok(What::App),
        "stream" => Ok(What::Stream),
        "query" => Ok(What::Query),
        _ => match (name.strip_prefix("query."), pattern.group(name)) {
            (Some(argument), _) if !argument.is_empty() => Ok(What::Argument(argument.to_owned())),
            (_, Some(number)) => Ok(What::Group(number)),
            _ => {
                let groups = match pattern.groups() {
                    0 => String::new(),
                    1 => ", {1}".to_owned(),
                    many => format!(", {{1}} to {{{many}}}"),
                };
                Err(TemplateError::Unknown(name.to_owned(), groups))
            }
        },
    }
}

/// Where in a URL what comes behind `before` stands.
fn zone(before: &str) -> Zone {
    let behind = before.split_once("://").map_or("", |(_, rest)| rest);
    match (behind.contains('?'), behind.contains('/')) {
        (true, _) => Zone::Query,
        (false, true) => Zone::Path,
        (false, false) => Zone::Host,
    }
}

fn path_of(text: &str) -> &str {
    text.split('?').next().unwrap_or_default()
}

/// A value as it may stand in a zone.
fn fitting(value: &str, zone: Zone, encode: bool) -> Result<String, TemplateError> {
    let in_host = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    match zone {
        // Values come from peers: no dot, so that they name no host but those of the operator's domain.
        Zone::Host if !value.is_empty() && value.len() < 64 && value.chars().all(in_host) => Ok(value.to_owned()),
        Zone::Host => Err(TemplateError::Host(value.chars().take(64).collect())),
        _ if encode => Ok(encoded(value, zone)),
        _ => Ok(value.to_owned()),
    }
}

/// Percent-encodes what would end the path or the argument, and what no URL holds. All else is sent as it is: many servers
/// decode nothing.
fn encoded(value: &str, zone: Zone) -> String {
    let ends = |c: char| match zone {
        Zone::Query => "%#&=+".contains(c),
        _ => "%#?".contains(c),
    };
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        if c.is_control() || c == ' ' || ends(c) {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                out.push_str(&format!("%{byte:02X}"));
            }
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests;
