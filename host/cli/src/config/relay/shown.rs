//! The URLs of pulls and pushes as `weir config show` prints them: without what is secret in them.

use ::relay::Hide;

use super::super::tree::{Node, Value, quote};

/// A URL, or a list of them.
pub(super) fn urls(node: &Node, hide: Hide) -> String {
    match &node.value {
        Value::Text(raw) => quote(&url(raw, hide)),
        Value::List(list) => format!("[{}]", list.iter().map(|node| urls(node, hide)).collect::<Vec<_>>().join(", ")),
        _ => node.toml(),
    }
}

const HIDDEN: &str = "***";

/// User and password, values of the query, and what a log does not show of the path are replaced, unless they are places or stand
/// in the environment: those are what the operator has to know, and no secret.
fn url(raw: &str, hide: Hide) -> String {
    let raw = without_fallbacks(raw);
    let Some((scheme, rest)) = raw.split_once("://") else { return HIDDEN.into() };
    let (path, query) = match rest.split_once('?') {
        Some((path, query)) => (path, Some(query)),
        None => (rest, None),
    };
    let (host, path) = path.split_once('/').unwrap_or((path, ""));
    let mut shown = format!("{scheme}://");
    match host.rsplit_once('@') {
        Some((login, host)) => {
            let (user, password) = cut(login);
            let password = password.map_or(String::new(), |password| format!(":{}", masked(password)));
            shown.push_str(&format!("{}{password}@{host}", masked(user)));
        }
        None => shown.push_str(host),
    }
    let (app, name) = path.rsplit_once('/').unwrap_or((path, ""));
    shown.push('/');
    shown.push_str(app);
    if path.contains('/') {
        shown.push('/');
        // A name that differs from stream to stream is none that only who knows it may use.
        shown.push_str(if hide == Hide::Query || name.contains(['{', '$']) { name } else { HIDDEN });
    }
    if let Some(query) = query {
        let pair = |pair: &str| match pair.split_once('=') {
            Some((name, value)) => format!("{name}={}", masked(value)),
            None => masked(pair),
        };
        shown.push('?');
        shown.push_str(&query.split('&').map(pair).collect::<Vec<_>>().join("&"));
    }
    shown
}

/// User and password: the colon between them stands in no reference.
fn cut(login: &str) -> (&str, Option<&str>) {
    let mut inside = false;
    for (at, c) in login.char_indices() {
        match c {
            '{' => inside = true,
            '}' => inside = false,
            ':' if !inside => return (login.get(..at).unwrap_or_default(), login.get(at + 1..)),
            _ => {}
        }
    }
    (login, None)
}

/// A text of nothing but references stays.
fn masked(text: &str) -> String {
    let mut rest = text;
    while !rest.is_empty() {
        let inside =
            rest.strip_prefix("${").or_else(|| rest.strip_prefix('{')).and_then(|inside| inside.split_once('}'));
        let digits = |rest: &str| rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
        rest = match (inside, rest.strip_prefix('$')) {
            (Some((_, behind)), _) => behind,
            (None, Some(behind)) if digits(behind) > 0 => behind.get(digits(behind)..).unwrap_or_default(),
            _ => return HIDDEN.into(),
        };
    }
    text.into()
}

/// `${env:NAME:-text}` is a secret that stands in the file.
fn without_fallbacks(raw: &str) -> String {
    let mut shown = String::new();
    for (n, part) in raw.split("${env:").enumerate() {
        if n == 0 {
            shown.push_str(part);
            continue;
        }
        let (reference, behind) = part.split_once('}').unwrap_or((part, ""));
        let name = reference.split_once(":-").map_or(reference.to_owned(), |(name, _)| format!("{name}:-{HIDDEN}"));
        shown.push_str(&format!("${{env:{name}}}{behind}"));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_in_a_url_is_hidden() {
        for (raw, hide, shown) in [
            ("rtmp://cdn/live/{stream}", Hide::Name, "rtmp://cdn/live/{stream}"),
            ("rtmp://cdn/live/s3cret", Hide::Name, "rtmp://cdn/live/***"),
            (
                "rtmps://a:b@cdn/x/live/{1}?k=s3cret&t={query.t}",
                Hide::Name,
                "rtmps://***:***@cdn/x/live/{1}?k=***&t={query.t}",
            ),
            ("rtmp://o/live/cam?s3cret", Hide::Query, "rtmp://o/live/cam?***"),
            ("rtmp://o/live/cam?{query}", Hide::Query, "rtmp://o/live/cam?{query}"),
            ("rtmp://cdn/live/${env:KEY}", Hide::Name, "rtmp://cdn/live/${env:KEY}"),
            ("rtmp://u:${env:P:-s/cr?t}@o/live/$1", Hide::Query, "rtmp://***:${env:P:-***}@o/live/$1"),
            ("rtmp://${env:U}:s3cret@o/live/x", Hide::Query, "rtmp://${env:U}:***@o/live/x"),
            ("rtmp://o/live?k=s3cret/cam", Hide::Query, "rtmp://o/live?k=***"),
            ("s3cret", Hide::Query, "***"),
        ] {
            assert_eq!(url(raw, hide), shown, "{raw}");
        }
    }
}
