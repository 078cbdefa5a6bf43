//! http and https URLs, and what of them may be shown.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use ureq_proto::http::Uri;

/// An `http` or `https` URL. Shown without what stands before `@` and behind `?`, which are secrets as often as not.
#[derive(Clone, PartialEq, Eq)]
pub struct Url {
    /// Without user and password.
    uri: Uri,
    login: Option<(String, String)>,
}

/// Why a text is no URL.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Another scheme, or none.
    #[error("expected https://HOST/PATH")]
    Scheme,
    /// It cannot be read.
    #[error("it is no URL: {0}")]
    Malformed(String),
}

impl Url {
    pub(crate) fn is_https(&self) -> bool {
        self.uri.scheme_str() == Some("https")
    }

    /// Without brackets.
    pub(crate) fn host(&self) -> &str {
        let host = self.uri.host().unwrap_or_default();
        host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
    }

    pub(crate) fn port(&self) -> u16 {
        self.uri.port_u16().unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// Whether it leads to this machine, where nobody can listen in between.
    pub fn is_loopback(&self) -> bool {
        is_loopback(self.host())
    }

    /// Whether what comes from there could be changed on the way.
    pub(crate) fn is_open(&self) -> bool {
        !self.is_https() && !self.is_loopback()
    }

    /// Without user and password.
    pub(crate) fn uri(&self) -> &Uri {
        &self.uri
    }

    fn authority(&self) -> &str {
        self.uri.authority().map_or("", |authority| authority.as_str())
    }

    fn target(&self) -> &str {
        self.uri.path_and_query().map_or("/", |target| target.as_str())
    }

    /// User and password that it was written with.
    pub(crate) fn login(&self) -> Option<(&str, &str)> {
        self.login.as_ref().map(|(user, password)| (user.as_str(), password.as_str()))
    }

    /// Whether it leads to the same server.
    pub(crate) fn same_origin(&self, other: &Url) -> bool {
        (self.is_https(), self.port()) == (other.is_https(), other.port())
            && self.host().eq_ignore_ascii_case(other.host())
    }

    /// The same with more behind its path.
    pub(crate) fn with_suffix(&self, suffix: &str) -> Url {
        let (path, query) = self.target().split_once('?').map_or((self.target(), None), |(p, q)| (p, Some(q)));
        let query = query.map(|query| format!("?{query}")).unwrap_or_default();
        let text = format!("{}://{}{path}{suffix}{query}", self.scheme(), self.authority());
        // What was a URL still is one: the suffix holds nothing that has a meaning.
        text.parse().map_or_else(|_| self.clone(), |url| Url { login: self.login.clone(), ..url })
    }

    /// Where a `Location` of this URL leads (RFC 3986 §5.2).
    pub(crate) fn join(&self, to: &str) -> Result<Url, UrlError> {
        if to.split_once("://").is_some_and(|(scheme, _)| scheme.bytes().all(|b| b.is_ascii_alphanumeric())) {
            return to.parse();
        }
        let (scheme, authority) = (self.scheme(), self.authority());
        let path = self.uri.path();
        let text = if to.starts_with("//") {
            format!("{scheme}:{to}")
        } else if to.starts_with('/') {
            format!("{scheme}://{authority}{to}")
        } else if to.starts_with('?') {
            format!("{scheme}://{authority}{path}{to}")
        } else {
            let folder = path.rfind('/').and_then(|at| path.get(..=at)).unwrap_or("/");
            format!("{scheme}://{authority}{folder}{to}")
        };
        text.parse()
    }

    fn scheme(&self) -> &str {
        self.uri.scheme_str().unwrap_or("https")
    }

    /// The whole text without user and password: what tells two sources apart. Not to be shown.
    pub(crate) fn identity(&self) -> String {
        self.uri.to_string()
    }
}

impl FromStr for Url {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Url, UrlError> {
        // What is behind `#` never leaves the asking side.
        let text = text.split('#').next().unwrap_or_default();
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
        if scheme != "https" && scheme != "http" {
            return Err(UrlError::Scheme);
        }
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let (login, host) = match authority.rsplit_once('@') {
            Some((login, host)) => {
                let (user, password) = login.split_once(':').unwrap_or((login, ""));
                (Some((decoded(user), decoded(password))), host)
            }
            None => (None, authority),
        };
        let uri: Uri = format!("{scheme}://{host}{path}").parse().map_err(|e| UrlError::Malformed(format!("{e}")))?;
        let has_host = uri.host().is_some_and(|host| !host.is_empty() && host != "[]");
        if !has_host || (host.contains(':') && !host.ends_with(']') && uri.port_u16().is_none()) {
            return Err(UrlError::Scheme);
        }
        Ok(Url { uri, login })
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query = if self.uri.query().is_some() { "?…" } else { "" };
        write!(f, "{}://{}{}{query}", self.scheme(), self.authority(), self.uri.path())
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A host without brackets.
pub(crate) fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// `%40` → `@`; what is no such code stays.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let code = behind.get(..2).filter(|_| *first == b'%').and_then(|code| std::str::from_utf8(code).ok());
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = behind.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
    }

    #[test]
    fn secrets_are_not_shown() {
        let it = url("https://me:p%40ss@host.example:8443/a/f.wasm?sig=s3cret#x");
        assert_eq!(it.to_string(), "https://host.example:8443/a/f.wasm?…");
        assert_eq!(format!("{it:?}"), it.to_string());
        assert_eq!(it.login(), Some(("me", "p@ss")));
        assert_eq!((it.host(), it.port(), it.target()), ("host.example", 8443, "/a/f.wasm?sig=s3cret"));
        assert_eq!(it.authority(), "host.example:8443");
    }

    #[test]
    fn what_is_no_url_is_refused() {
        for text in [
            "f.wasm",
            "ftp://h/f",
            "https://",
            "https:///f",
            "http://:80/f",
            "https://h:port/f",
            "https://h/a b",
            "file:x",
        ] {
            assert!(text.parse::<Url>().is_err(), "{text}");
        }
    }

    #[test]
    fn this_machine_is_known() {
        for (text, loopback) in [
            ("http://127.0.0.1:80/f", true),
            ("http://[::1]/f", true),
            ("http://LOCALHOST/f", true),
            ("http://127.0.0.1.example/f", false),
            ("http://localhost@evil.example/f", false),
            ("http://10.0.0.1/f", false),
        ] {
            assert_eq!(url(text).is_loopback(), loopback, "{text}");
        }
    }

    #[test]
    fn locations_are_followed() {
        let from = url("https://h:8443/a/b.wasm?q=1");
        for (to, leads) in [
            ("https://other/x", "https://other/x"),
            ("//other/x?y=1", "https://other/x?y=1"),
            ("/x/y?z=1", "https://h:8443/x/y?z=1"),
            ("c.wasm", "https://h:8443/a/c.wasm"),
            ("?z=2", "https://h:8443/a/b.wasm?z=2"),
            ("/x?to=http://y", "https://h:8443/x?to=http://y"),
        ] {
            assert_eq!(from.join(to).unwrap().identity(), leads, "{to}");
        }
        assert!(from.join("ftp://x/y").is_err());
    }

    #[test]
    fn the_signature_stands_beside_the_file() {
        let of = |text| url(text).with_suffix(".minisig").identity();
        assert_eq!(of("https://h/a/f.wasm"), "https://h/a/f.wasm.minisig");
        assert_eq!(of("https://h/f.wasm?token=x"), "https://h/f.wasm.minisig?token=x");
    }
}
