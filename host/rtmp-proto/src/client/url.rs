//! URLs of streams: `rtmp://[user:password@]host[:port]/app/name?query`.
//!
//! The last segment of the path is the stream's name, all before it the application; [`Url::with_app`] cuts elsewhere. A
//! query behind the name belongs to the name, one behind an application of one segment to the application:
//! `rtmp://host/app?key=1/name`.

mod reference;

use std::fmt;

/// The registered port of RTMP, and what servers use with TLS.
const PORT: u16 = 1935;
const TLS_PORT: u16 = 443;

/// Where a stream is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Who asks, if the URL says so. It is not shown with the URL.
    pub login: Option<Login>,
    /// Whether the link is TLS (`rtmps`).
    pub tls: bool,
    /// Name or address; of an IPv6 address without brackets.
    pub host: String,
    /// The port; 1935, or 443 with TLS, if the URL names none.
    pub port: u16,
    /// Everything of the path but its last segment; a query of its own may stand behind it.
    pub app: String,
    /// The last segment with its query; may be empty.
    pub name: String,
}

/// User and password of a URL, percent-decoded.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The user.
    pub user: String,
    /// The password; may be empty.
    pub password: String,
}

impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login").field("user", &self.user).finish_non_exhaustive()
    }
}

/// Why a URL was not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// Neither `rtmp` nor `rtmps`.
    #[error("the URL must begin with rtmp:// or rtmps://")]
    Scheme,
    /// No host, or none that can be.
    #[error("the URL names no host")]
    Host,
    /// Not a number from 1 to 65535.
    #[error("the URL's port is not a number from 1 to 65535")]
    Port,
    /// No path.
    #[error("the URL names no application: rtmp://host/app/name")]
    App,
}

impl Url {
    /// Takes a URL apart. One path segment is an application without a name; with more, the last one is the name.
    ///
    /// # Errors
    /// It is no URL of a stream.
    pub fn parse(text: &str) -> Result<Url, UrlError> {
        let (scheme, rest) = text.split_once("://").ok_or(UrlError::Scheme)?;
        let tls = match scheme.to_ascii_lowercase().as_str() {
            "rtmp" => false,
            "rtmps" => true,
            _ => return Err(UrlError::Scheme),
        };
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, authority) = match authority.rsplit_once('@') {
            Some((login, authority)) => (Login::parse(login), authority),
            None => (None, authority),
        };
        let (host, port) = match authority.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((host, after)) => (host, after.strip_prefix(':')),
            None => authority.rsplit_once(':').map_or((authority, None), |(host, port)| (host, Some(port))),
        };
        // Brackets, spaces and control characters are in no name or address, and would be read as something else again.
        if host.is_empty() || host.contains(|c: char| c.is_whitespace() || c.is_control() || "[]@".contains(c)) {
            return Err(UrlError::Host);
        }
        let port = match port {
            None | Some("") => [PORT, TLS_PORT].into_iter().nth(tls.into()).unwrap_or(PORT),
            Some(port) => port.parse().ok().filter(|port| *port > 0).ok_or(UrlError::Port)?,
        };
        let (app, name) = cut(path.trim_start_matches('/'));
        if app.is_empty() || app.starts_with('?') {
            return Err(UrlError::App);
        }
        Ok(Url { login, tls, host: host.to_owned(), port, app: app.to_owned(), name: name.to_owned() })
    }

    /// The same URL, cut so that `app` is the application, for servers whose applications have more segments, or whose
    /// stream names do, than the last slash tells. `None`: the path does not begin with that application.
    pub fn with_app(&self, app: &str) -> Option<Url> {
        let app = app.trim_matches('/');
        let path = if self.name.is_empty() { self.app.clone() } else { format!("{}/{}", self.app, self.name) };
        let name = path.strip_prefix(app)?;
        if app.is_empty() || !(name.is_empty() || name.starts_with('/')) {
            return None;
        }
        let name = name.trim_start_matches('/').to_owned();
        Some(Url { app: app.to_owned(), name, ..self.clone() })
    }

    /// The URL without the name, as connect says it.
    pub fn tc_url(&self) -> String {
        format!("{}/{}", self.origin(), self.app)
    }

    /// Scheme, host and, if it is not the usual one, port.
    pub fn origin(&self) -> String {
        let (scheme, usual) = if self.tls { ("rtmps", TLS_PORT) } else { ("rtmp", PORT) };
        let host = if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() };
        if self.port == usual { format!("{scheme}://{host}") } else { format!("{scheme}://{host}:{}", self.port) }
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.tc_url(), self.name)
    }
}

impl Login {
    fn parse(text: &str) -> Option<Login> {
        let (user, password) = text.split_once(':').unwrap_or((text, ""));
        (!user.is_empty()).then(|| Login { user: decode(user), password: decode(password) })
    }
}

/// Application and name of a path with its query.
fn cut(path: &str) -> (&str, &str) {
    let (bare, query) = path.split_once('?').map_or((path, None), |(bare, query)| (bare, Some(query)));
    let whole = |at: usize| {
        let (app, name) = path.split_at_checked(at).unwrap_or((path, ""));
        (app.trim_end_matches('/'), name.trim_start_matches('/'))
    };
    match (bare.trim_end_matches('/').rfind('/'), query) {
        // A slash behind several segments is one of the query.
        (Some(at), _) => whole(if bare.ends_with('/') { bare.len() } else { at }),
        (None, None) => (bare.trim_end_matches('/'), ""),
        (None, Some(_)) if bare.ends_with('/') => whole(bare.len()),
        // The query of an application ends where the name begins, which may have a query too.
        (None, Some(query)) => {
            let own = query.split_once('?').map_or(query, |(own, _)| own);
            let behind = bare.len().saturating_add(1);
            whole(own.rfind('/').map_or(path.len(), |at| behind.saturating_add(at)))
        }
    }
}

/// Percent-decoding; what is not `%` and two digits stays, and so does a text that would not be UTF-8.
fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let digits = after.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        let hex = digits.filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests;
