//! What a peer is told when it may not, or no longer.

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

    pub(crate) fn into_kick(self, reason: EndReason) -> Kick {
        let Refusal { code, description, disconnect, redirect } = self;
        Kick { code, description, disconnect, redirect, reason }
    }
}

impl Kick {
    pub(crate) fn new(code: &str, description: impl Into<String>, reason: EndReason) -> Kick {
        Refusal::new(code, description).into_kick(reason)
    }
}
