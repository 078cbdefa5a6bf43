//! Where a server sends us: `ex.redirect` of a refused connect, tcUrl of a reconnect request.

use super::{Url, UrlError};

impl Url {
    /// The URL of the same stream where `to` leads: absolute, or relative to ours (E-RTMP v2, Reconnect Request).
    ///
    /// Servers name the new place with or without the stream's name. A path with more segments than our application, or
    /// whose last segment is our stream's name, has one; else ours goes along. So does our query, if there is none.
    /// A login goes along only to the same host.
    ///
    /// # Errors
    /// It is no URL of a stream.
    pub fn redirected(&self, to: &str) -> Result<Url, UrlError> {
        if to.is_empty() {
            return Ok(self.clone());
        }
        let absolute = self.resolve(to);
        let behind = absolute.split_once("://").map_or("", |(_, rest)| rest);
        let path = behind.split_once('/').map_or("", |(_, path)| path).trim_matches('/');
        if path.is_empty() {
            let there = Url::parse(&format!("{}/{}", absolute.trim_end_matches('/'), self.app))?;
            return Ok(self.at(there.clone(), there.app, self.name.clone()));
        }
        let there = Url::parse(&absolute)?;
        let (bare, query) = path.split_once('?').map_or((path, None), |(bare, query)| (bare, Some(query)));
        let last = bare.rsplit_once('/').map(|(_, last)| last);
        let (name, own_query) = self.name.split_once('?').map_or((self.name.as_str(), None), |(n, q)| (n, Some(q)));
        let named = last == Some(name) || segments(bare) > segments(&self.app);
        Ok(match (named, query, own_query) {
            (true, None, Some(own)) => {
                let name = format!("{}?{own}", there.name);
                self.at(there.clone(), there.app, name)
            }
            (true, ..) => self.at(there.clone(), there.app, there.name),
            (false, None, _) => self.at(there, bare.to_owned(), self.name.clone()),
            (false, Some(query), _) => self.at(there, format!("{bare}?{query}"), self.name.clone()),
        })
    }

    fn at(&self, there: Url, app: String, name: String) -> Url {
        let same = there.host.eq_ignore_ascii_case(&self.host);
        let login = there.login.clone().or_else(|| self.login.clone().filter(|_| same));
        Url { login, app, name, ..there }
    }

    /// RFC 3986 §5.2, with our connection's URL as the base.
    fn resolve(&self, to: &str) -> String {
        let scheme = if self.tls { "rtmps" } else { "rtmp" };
        if to.contains("://") {
            to.to_owned()
        } else if to.starts_with("//") {
            format!("{scheme}:{to}")
        } else if to.starts_with('/') {
            format!("{}{to}", self.origin())
        } else {
            let folder = self.app.rsplit_once('/').map_or("", |(folder, _)| folder);
            let slash = if folder.is_empty() { "" } else { "/" };
            format!("{}/{folder}{slash}{to}", self.origin())
        }
    }
}

/// Segments of a path, without its query.
fn segments(path: &str) -> usize {
    let bare = path.split_once('?').map_or(path, |(bare, _)| bare);
    bare.split('/').filter(|segment| !segment.is_empty()).count()
}
