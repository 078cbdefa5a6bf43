//! Where a server sends us.

use std::time::Duration;

use rtmp_proto::client::Url;
use rtmp_proto::client::answer::Info;
use rtmp_proto::client::login::{self, Asked};
use rtmp_proto::client::url::{Login, UrlError};

use super::ask::Over;
use super::{DialSettings, End, Target};

/// A connection that served for so long was the right one: what is followed from there is counted anew.
const SERVED: Duration = Duration::from_secs(60);

/// Why a redirect is not followed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RedirectError {
    /// It leads back to where we were sent from.
    #[error("in a circle, back to {0}")]
    Loop(String),
    /// One after the other.
    #[error("more than {max} times in a row, the last time to {url}")]
    TooMany {
        /// What is followed.
        max: u32,
        /// The last one.
        url: String,
    },
    /// To what is no URL of a stream.
    #[error("to {url:?}, which cannot be understood: {why}")]
    Url {
        /// What the server said.
        url: String,
        /// What is wrong with it.
        why: UrlError,
    },
    /// From rtmps:// to rtmp://: names and keys would go in the clear.
    #[error("to {0}, without TLS, from a URL with TLS: that is not followed")]
    Downgrade(String),
}

/// The way to the server that takes us: where it leads now, and what has been tried.
#[derive(Debug)]
pub(super) struct Way<'a> {
    target: &'a Target,
    pub(super) url: Url,
    /// Redirects and reconnect requests in a row.
    followed: u32,
    /// Every place that a redirect was followed from.
    seen: Vec<String>,
    /// Whether connect announces Enhanced RTMP.
    pub(super) enhanced: bool,
    /// What is added to application and tcUrl to log in.
    pub(super) login: String,
}

impl<'a> Way<'a> {
    pub(super) fn new(target: &'a Target) -> Way<'a> {
        Way {
            target,
            url: target.url.clone(),
            followed: 0,
            seen: Vec::new(),
            enhanced: target.settings.enhanced,
            login: String::new(),
        }
    }

    /// What connect names as the application.
    pub(super) fn app(&self) -> String {
        self.with_login(&self.url.app)
    }

    /// What connect names as its URL. The operator's own word for it holds for the operator's own URL.
    pub(super) fn tc_url(&self) -> String {
        match &self.settings().tc_url {
            Some(tc_url) if self.seen.is_empty() => self.with_login(tc_url),
            _ => self.with_login(&self.url.tc_url()),
        }
    }

    fn with_login(&self, text: &str) -> String {
        let login = match text.contains('?') {
            true => self.login.replacen('?', "&", 1),
            false => self.login.clone(),
        };
        format!("{text}{login}")
    }

    fn settings(&self) -> &'a DialSettings {
        &self.target.settings
    }

    /// Goes on where a connection left off that lasted `lived`.
    ///
    /// # Errors
    /// There is no going on.
    pub(super) fn turn(&mut self, over: Over, lived: Duration, random: u32) -> Result<(), End> {
        if lived >= SERVED {
            self.followed = 0;
            self.seen.clear();
        }
        match over {
            Over::End(end) => Err(end),
            Over::Unanswered(end) if !self.enhanced => Err(end),
            Over::Unanswered(_) => {
                tracing::info!(
                    "the server closed the connection in answer to connect: asking again without Enhanced RTMP"
                );
                self.enhanced = false;
                Ok(())
            }
            Over::Refused(info) => self.log_in(info, random),
            Over::Redirected(to) => self.redirected(&to),
            Over::Reconnect(to) => self.reconnect(to.as_deref().unwrap_or_default()),
        }
    }

    fn log_in(&mut self, info: Info, random: u32) -> Result<(), End> {
        let Some(asked) = login::asked(&info.description) else {
            return Err(End::Refused { code: info.code, description: info.description });
        };
        let Some(Login { user, password }) = &self.url.login else {
            let why = "put user and password into its URL, rtmp://USER:PASSWORD@HOST/…".to_owned();
            return Err(End::Login(format!("{why} ({})", info.description)));
        };
        // Each step of a login comes once.
        let step = match asked {
            Asked::Name(_) => self.login.is_empty(),
            Asked::Proof(_) => !self.login.contains("response="),
            Asked::Denied => false,
        };
        if !step {
            return Err(End::Login(format!("it does not take user and password of the URL ({})", info.description)));
        }
        self.login = asked.answer(user, password, &self.url.app, random);
        Ok(())
    }

    fn redirected(&mut self, to: &str) -> Result<(), End> {
        let url = self.resolve(to)?;
        self.seen.push(self.url.to_string());
        if self.seen.contains(&url.to_string()) {
            return Err(RedirectError::Loop(url.to_string()).into());
        }
        self.followed += 1;
        if self.followed > self.settings().max_redirects {
            return Err(RedirectError::TooMany { max: self.settings().max_redirects, url: url.to_string() }.into());
        }
        // What stands behind the host may be a key.
        tracing::info!(from = self.url.origin(), to = url.origin(), "redirected");
        self.go(url);
        Ok(())
    }

    /// A server that is about to restart sends us to where we are: that is no circle, but it has an end, too.
    fn reconnect(&mut self, to: &str) -> Result<(), End> {
        let url = self.resolve(to)?;
        self.followed += 1;
        if self.followed > self.settings().max_redirects {
            return Err(End::Reconnect { url: Box::new(url) });
        }
        tracing::info!(from = self.url.origin(), to = url.origin(), "the server asks to connect anew");
        if url != self.url {
            self.seen.push(self.url.to_string());
        }
        self.go(url);
        Ok(())
    }

    fn resolve(&self, to: &str) -> Result<Url, RedirectError> {
        let url = self.url.redirected(to).map_err(|why| RedirectError::Url { url: to.to_owned(), why })?;
        if self.url.tls && !url.tls { Err(RedirectError::Downgrade(url.to_string())) } else { Ok(url) }
    }

    fn go(&mut self, url: Url) {
        self.url = url;
        self.login.clear();
        self.enhanced = self.settings().enhanced;
    }
}

#[cfg(test)]
mod tests;
