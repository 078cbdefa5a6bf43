//! Scheme, host and port of an HTTP URL: the unit in which calls are granted.

use std::fmt;
use std::net::IpAddr;

use ureq_proto::http::Uri;

/// See the module. One place has one form: `https://auth.example:443`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Origin {
    pub(crate) tls: bool,
    /// In lower case; an IPv6 address without brackets, in its shortest form.
    pub(crate) host: String,
    pub(crate) port: u16,
}

impl Origin {
    /// Where a URL leads, or what is wrong with it.
    pub(crate) fn of(uri: &Uri) -> Result<Origin, &'static str> {
        let tls = match uri.scheme_str() {
            Some("http") => false,
            Some("https") => true,
            _ => return Err("expected a URL that begins with http:// or https://"),
        };
        let authority = uri.authority().ok_or("the URL names no host")?;
        // Of a password in a URL nobody would know who sees it.
        if authority.as_str().contains('@') {
            return Err("a URL with a user in it: send an Authorization header instead");
        }
        let host = authority.host();
        let host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(v6) => match v6.parse::<IpAddr>() {
                Ok(ip @ IpAddr::V6(_)) => ip.to_string(),
                _ => return Err("what stands in brackets is no IPv6 address"),
            },
            None => host.to_ascii_lowercase(),
        };
        let fine = |c: char| c.is_ascii_alphanumeric() || "-_.:".contains(c);
        if host.is_empty() || !host.chars().all(fine) {
            return Err("the URL's host is no name and no address");
        }
        let port = match authority.as_str().rsplit_once(':') {
            // The colons of an IPv6 address stand before its bracket.
            Some((_, port)) if !port.ends_with(']') => {
                let digits = Some(port).filter(|port| port.bytes().all(|b| b.is_ascii_digit()));
                digits.and_then(|port| port.parse().ok()).ok_or("the URL's port is no number to 65535")?
            }
            _ if tls => 443,
            _ => 80,
        };
        Ok(Origin { tls, host, port })
    }

    /// A URL of an origin and nothing behind it.
    pub(crate) fn parse(text: &str) -> Option<Origin> {
        let uri: Uri = text.parse().ok()?;
        let bare = uri.path() == "/" && uri.query().is_none() && !text.contains('#') && !text.ends_with('/');
        Origin::of(&uri).ok().filter(|_| bare)
    }

    /// The address, if it names one rather than a host.
    pub(crate) fn literal(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Host and port as a URL has them, without the usual port.
    pub(crate) fn authority(&self) -> String {
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        match (self.tls, self.port) {
            (true, 443) | (false, 80) => host,
            (_, port) => format!("{host}:{port}"),
        }
    }

    pub(crate) fn scheme(&self) -> &'static str {
        if self.tls { "https" } else { "http" }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, host, port) = (self.scheme(), &self.host, self.port);
        if host.contains(':') { write!(f, "{scheme}://[{host}]:{port}") } else { write!(f, "{scheme}://{host}:{port}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_place_has_one_form() {
        for (text, origin) in [
            ("https://Auth.Example", Some("https://auth.example:443")),
            ("http://auth.example:8080", Some("http://auth.example:8080")),
            ("HTTP://127.0.0.1", Some("http://127.0.0.1:80")),
            ("http://[0:0::1]:81", Some("http://[::1]:81")),
            ("https://auth.example.", Some("https://auth.example.:443")),
            ("https://auth.example/", None),
            ("https://auth.example/path", None),
            ("https://auth.example?x", None),
            ("https://auth.example#x", None),
            ("https://good@evil", None),
            ("https://good:pass@evil", None),
            ("https://a:99999", None),
            ("https://a:", None),
            ("https://a:+80", None),
            ("https://", None),
            ("ftp://auth.example", None),
            ("rtmp://auth.example", None),
            ("//auth.example", None),
            ("auth.example", None),
            ("https://a b", None),
            ("https://a\r\nb", None),
            ("https://a%2eb", None),
            ("https://[::1%25lo]", None),
        ] {
            assert_eq!(Origin::parse(text).map(|o| o.to_string()).as_deref(), origin, "{text}");
        }
    }

    #[test]
    fn an_authority_leaves_the_usual_port_out() {
        for (text, authority) in
            [("https://a:443", "a"), ("http://a:80", "a"), ("https://a:80", "a:80"), ("http://[::1]:81", "[::1]:81")]
        {
            assert_eq!(Origin::parse(text).unwrap().authority(), authority);
        }
    }
}
