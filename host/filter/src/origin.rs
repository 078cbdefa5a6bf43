//! Which servers a filter may have streams pushed to.

/// Where a URL leads: scheme, host and port, in one form. `None` if it is no URL of RTMP.
///
/// It is taken apart as who dials takes it apart: what is granted here is what is dialled there.
pub(crate) fn of(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let usual = match scheme.as_str() {
        "rtmp" => 1935,
        "rtmps" => 443,
        _ => return None,
    };
    let authority = rest.split_once('/').map_or(rest, |(authority, _)| authority);
    let authority = authority.rsplit_once('@').map_or(authority, |(_, authority)| authority);
    let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((host, after)) => (host, after.strip_prefix(':')),
        None => authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
    };
    let port = match port {
        None | Some("") => usual,
        Some(port) => port.parse::<u16>().ok()?,
    };
    let fine = |c: char| c.is_alphanumeric() || "-_.:".contains(c);
    (!host.is_empty() && host.chars().all(fine)).then(|| format!("{scheme}://{}:{port}", host.to_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_form() {
        for (url, origin) in [
            ("rtmp://CDN.example/live/x?k=1", Some("rtmp://cdn.example:1935")),
            ("rtmp://cdn.example:1935", Some("rtmp://cdn.example:1935")),
            ("RTMPS://user:pass@cdn.example", Some("rtmps://cdn.example:443")),
            ("rtmp://[::1]:19350/live/x", Some("rtmp://::1:19350")),
            ("rtmp://good/@evil/x", Some("rtmp://good:1935")),
            ("rtmp://good?@evil/x", Some("rtmp://evil:1935")),
            ("rtmp://good@evil/x", Some("rtmp://evil:1935")),
            ("rtmp://good?x/y", None),
            ("http://cdn.example", None),
            ("rtmp:///live", None),
            ("rtmp://a:99999/b", None),
        ] {
            assert_eq!(of(url).as_deref(), origin, "{url}");
        }
    }
}
