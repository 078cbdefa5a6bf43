//! The world `session-filter`.

pub use crate::bindings::exports::weir::filter::session::{
    Decision, Denial, Grant, Redirection, Role, SessionRef, Summary,
};
use crate::{Config, ConnectionInfo, Description, Fault, PlayRequest, PublishRequest};

/// A filter that says who may connect, publish and play.
///
/// The value is made once per instance by `configure`. Instances are pooled: two calls about one session may reach two of
/// them, so what must be remembered of a session belongs into the tags of its grant.
pub trait SessionFilter: Sized + 'static {
    /// What the filter says of itself. Asked without any configuration.
    fn describe() -> Description;

    /// Reads the settings, once per instance.
    ///
    /// # Errors
    /// [`Fault::InvalidConfig`] keeps the filter from being loaded, and everything it guards stays shut.
    fn configure(config: Config) -> Result<Self, Fault>;

    /// The connect command.
    fn on_connect(&mut self, connection: &ConnectionInfo) -> Decision {
        let _ = connection;
        Decision::Abstain
    }

    /// The publish command.
    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        let _ = request;
        Decision::Abstain
    }

    /// The play command.
    fn on_play(&mut self, request: &PlayRequest) -> Decision {
        let _ = request;
        Decision::Abstain
    }

    /// `recheck_ms` after an `allow`; only a denial or a redirect ends the session.
    fn on_recheck(&mut self, session: &SessionRef) -> Decision {
        let _ = session;
        Decision::Abstain
    }

    /// A session that was allowed is over.
    fn on_close(&mut self, session: &SessionRef, summary: &Summary) {
        let _ = (session, summary);
    }
}

#[allow(clippy::derivable_impls, reason = "the type is generated")]
impl Default for Grant {
    /// A yes without terms.
    fn default() -> Grant {
        Grant {
            rename: None,
            tags: Vec::new(),
            max_kbps: None,
            max_duration_ms: None,
            recheck_ms: None,
            push_to: Vec::new(),
        }
    }
}

impl Decision {
    /// A yes without terms.
    pub fn allow() -> Decision {
        Decision::Allow(Grant::default())
    }

    /// A no with the usual status code and the text that the encoder shows.
    pub fn deny(reason: impl Into<String>) -> Decision {
        Decision::Deny(Denial { code: String::new(), reason: reason.into(), disconnect: false, hold_ms: 0 })
    }
}
