//! Paths and queries as peers write them.
//!
//! Clients cut `rtmp://host/live/eu/cam?token=x` into application and stream name at different places, and put the query
//! on either. Here the two are joined to one path, so that all of them mean the same stream: the name is its last
//! segment, the application all before it.

use std::time::Duration;

use fanout::Start;
use filter::session::{Attributes, StreamKey};

/// Bytes of a whole path; peers may not grow the registry by long names.
pub const PATH_BYTES: usize = 1024;
/// Arguments of a query that are read; further ones are left out.
pub const ARGUMENTS: usize = 64;

/// Why a path is no name.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Error {
    /// No segment is left for the name.
    #[error("the URL names no stream")]
    Empty,
    /// More than [`PATH_BYTES`].
    #[error("the stream's name is longer than {PATH_BYTES} bytes")]
    Long,
    /// Control characters, or a `.` or `..` segment, which a URL has no business to keep.
    #[error("the stream's name holds control characters or `.` and `..` segments")]
    Odd,
}

/// The stream that application and name stand for, both as the peer sent them. Arguments of the name come first, then
/// those of the application, then those of the tcUrl; one that is given twice with the same value counts once.
pub fn stream(app: &str, name: &str, tc_url: &str) -> Result<StreamKey, Error> {
    let (name_path, name_query) = split(name);
    let (app_path, app_query) = split(app);
    let path = path(&format!("{app_path}/{name_path}"))?;
    let (app, name) = match path.rsplit_once('/') {
        Some((app, name)) => (app.to_owned(), name.to_owned()),
        None => (String::new(), path),
    };
    if name.is_empty() {
        return Err(Error::Empty);
    }
    let query = merge([name_query, app_query, split(tc_url).1]);
    Ok(StreamKey { app, name, query })
}

/// The application of a connect command, and the arguments on it and on the tcUrl. The path may be empty.
pub fn app(app: &str, tc_url: &str) -> Result<(String, Attributes), Error> {
    let (app_path, app_query) = split(app);
    Ok((path(app_path)?, merge([app_query, split(tc_url).1])))
}

/// A path in its one form: percent-decoded, without empty segments.
pub fn path(text: &str) -> Result<String, Error> {
    if text.len() > PATH_BYTES.saturating_mul(3) {
        return Err(Error::Long);
    }
    let decoded = decode(text);
    let segments: Vec<&str> = decoded.split('/').filter(|s| !s.is_empty()).collect();
    let odd = |s: &&str| *s == "." || *s == ".." || s.chars().any(char::is_control);
    if segments.iter().any(odd) {
        return Err(Error::Odd);
    }
    let path = segments.join("/");
    if path.len() > PATH_BYTES { Err(Error::Long) } else { Ok(path) }
}

/// Where a player wants to begin: `key`, `next-key`, `live`, or `buffered:3s` with whole seconds or milliseconds (`ms`). None
/// if it says anything else, which may mean something to a filter.
pub fn start(text: &str) -> Option<Start> {
    match text {
        "key" => Some(Start::Key),
        "next-key" => Some(Start::NextKey),
        "live" => Some(Start::Live),
        _ => {
            let time = text.strip_prefix("buffered:")?;
            let milliseconds = time.strip_suffix("ms").map(|ms| ms.parse().map(Duration::from_millis));
            let seconds = || time.strip_suffix('s').map(|s| s.parse().map(Duration::from_secs));
            milliseconds.or_else(seconds)?.ok().map(Start::Buffered)
        }
    }
}

/// Path and query.
fn split(text: &str) -> (&str, &str) {
    text.split_once('?').unwrap_or((text, ""))
}

fn merge<'a>(queries: impl IntoIterator<Item = &'a str>) -> Attributes {
    let mut merged = Attributes::new();
    for argument in queries.into_iter().flat_map(arguments) {
        if merged.len() < ARGUMENTS && !merged.contains(&argument) {
            merged.push(argument);
        }
    }
    merged
}

/// The arguments of a query, percent-decoded. A `+` is a plus sign (RFC 3986): tokens are often base64.
fn arguments(query: &str) -> impl Iterator<Item = (String, String)> + '_ {
    query.split('&').filter(|a| !a.is_empty()).map(|argument| {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        (decode(name), decode(value))
    })
}

/// Percent-decoding; what is not `%` and two digits stays, and so does a text that would not be UTF-8.
fn decode(text: &str) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        match after {
            [high, low, behind @ ..] if first == b'%' && high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push((digit(*high) << 4) | digit(*low));
                rest = behind;
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn digit(hex: u8) -> u8 {
    match hex {
        b'0'..=b'9' => hex - b'0',
        b'a'..=b'f' => hex - b'a' + 10,
        b'A'..=b'F' => hex - b'A' + 10,
        _ => 0,
    }
}
