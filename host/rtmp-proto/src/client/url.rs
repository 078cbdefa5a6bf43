//! URLs of streams: `rtmp://host[:port]/app/name?query`.

use std::fmt;

/// The registered port of RTMP, and what servers use with TLS.
const PORT: u16 = 1935;
const TLS_PORT: u16 = 443;

/// Where a stream is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    /// Whether the link is TLS (`rtmps`).
    pub tls: bool,
    /// Name or address; of an IPv6 address without brackets.
    pub host: String,
    /// The port; 1935, or 443 with TLS, if the URL names none.
    pub port: u16,
    /// Everything of the path but its last segment.
    pub app: String,
    /// The last segment with its query; may be empty.
    pub name: String,
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
        // What stands before `@` are credentials, which RTMP has no place for.
        let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
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
        let (path, query) = path.split_once('?').map_or((path, None), |(path, query)| (path, Some(query)));
        let path = path.trim_start_matches('/');
        let (app, name) = path.rsplit_once('/').unwrap_or((path, ""));
        let app = app.trim_matches('/');
        if app.is_empty() {
            return Err(UrlError::App);
        }
        let name = match query {
            Some(query) => format!("{name}?{query}"),
            None => name.to_owned(),
        };
        Ok(Url { tls, host: host.to_owned(), port, app: app.to_owned(), name })
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
    fn origin(&self) -> String {
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

#[cfg(test)]
mod tests;
