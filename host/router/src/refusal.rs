//! What a peer is told when it may not, or no longer.

use std::borrow::Cow;

use filter::session::{Denial, EndReason, Redirection};

/// A connect, publish or play that was refused. The hold time of a denial has been waited for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct Refusal {
    /// The status code, such as `NetStream.Publish.BadName`.
    pub code: String,
    /// The text that the encoder or player shows.
    pub description: String,
    /// Close the connection, too.
    pub disconnect: bool,
    /// Where to go instead.
    pub redirect: Option<Redirection>,
}

/// A session that was allowed and must end now.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct Kick {
    /// The status code.
    pub code: String,
    /// The text that the encoder or player shows.
    pub description: String,
    /// Close the connection, too.
    pub disconnect: bool,
    /// Where to go instead.
    pub redirect: Option<Redirection>,
    /// Why, in the words of filters.
    pub reason: EndReason,
}

/// What a peer asked for; decides the codes that nobody chose.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Asked {
    Connect,
    Publish,
    Play,
}

impl Asked {
    /// The status code of a denial that names none.
    pub(crate) fn denied(self) -> &'static str {
        match self {
            Asked::Connect => "NetConnection.Connect.Rejected",
            Asked::Publish => "NetStream.Publish.Denied",
            Asked::Play => "NetStream.Play.Failed",
        }
    }

    /// The status code at the end of the time that was allowed. A play got what it was to get: that is no failure.
    pub(crate) fn over(self) -> &'static str {
        match self {
            Asked::Play => "NetStream.Play.Stop",
            Asked::Connect | Asked::Publish => self.denied(),
        }
    }
}

impl Refusal {
    pub(crate) fn new(code: &str, description: impl Into<String>) -> Refusal {
        Refusal { code: code.to_owned(), description: description.into(), disconnect: false, redirect: None }
    }

    pub(crate) fn denied(asked: Asked, denial: Denial) -> Refusal {
        let code = if denial.code.is_empty() { asked.denied().to_owned() } else { denial.code };
        let description = if denial.reason.is_empty() { "not allowed".to_owned() } else { denial.reason };
        Refusal { code, description, disconnect: denial.disconnect || asked == Asked::Connect, redirect: None }
    }

    /// The URL stands in the text as well: clients that do not know redirects show it.
    pub(crate) fn redirected(asked: Asked, to: Redirection) -> Refusal {
        Refusal {
            code: asked.denied().to_owned(),
            description: format!("the stream is at {}", to.url),
            disconnect: true,
            redirect: Some(to),
        }
    }

    /// The description for the log: of another place only its server, for the rest of a URL may hold keys.
    pub fn why(&self) -> Cow<'_, str> {
        why(&self.description, self.redirect.as_ref())
    }

    pub(crate) fn into_kick(self, reason: EndReason) -> Kick {
        let Refusal { code, description, disconnect, redirect } = self;
        Kick { code, description, disconnect, redirect, reason }
    }
}

impl Kick {
    /// The description for the log, as [`Refusal::why`].
    pub fn why(&self) -> Cow<'_, str> {
        why(&self.description, self.redirect.as_ref())
    }

    pub(crate) fn new(code: &str, description: impl Into<String>, reason: EndReason) -> Kick {
        Refusal::new(code, description).into_kick(reason)
    }
}

fn why<'a>(description: &'a str, redirect: Option<&Redirection>) -> Cow<'a, str> {
    match redirect {
        Some(to) => Cow::Owned(format!("the stream is at {}", server(&to.url))),
        None => Cow::Borrowed(description),
    }
}

/// Scheme and host of a URL, without login, path and query.
fn server(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return "another place".to_owned() };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_names_the_server_of_a_redirect_and_the_peer_gets_all_of_it() {
        let url = "rtmp://u:pw@203.0.113.5:1936/live/foo?key=s3cret".to_owned();
        let refusal = Refusal::redirected(Asked::Play, Redirection { url: url.clone(), permanent: false });
        assert_eq!(refusal.why(), "the stream is at rtmp://203.0.113.5:1936");
        assert!(refusal.description.ends_with(&url));
        let kick = refusal.into_kick(EndReason::Denied);
        assert_eq!(kick.why(), "the stream is at rtmp://203.0.113.5:1936");
        assert_eq!(Refusal::new("", "no such stream").why(), "no such stream");
        assert_eq!(
            (server("rtmps://[::1]:443?k=v"), server("k3y")),
            ("rtmps://[::1]:443".into(), "another place".into())
        );
    }
}
