//! What the operator orders.

use std::sync::Arc;
use std::time::Duration;

use retry::Backoff;
use router::StreamKey;
use rtmp::dial::{DialSettings, tls};

use crate::template::{Address, TemplateError};
use crate::{Pattern, Template};

/// All relays of a configuration.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// In the order of the file: the first that fits a name fetches it.
    pub pulls: Vec<Arc<Pull>>,
    /// Each that fits a stream carries it.
    pub pushes: Vec<Arc<Push>>,
}

/// How other servers are talked to.
#[derive(Clone, Debug, Default)]
pub struct Link {
    /// Whom to trust.
    pub trust: tls::Trust,
    /// The name to ask for and to find in the certificate, in place of the URL's host.
    pub sni: Option<String>,
    /// Made of both; files are read when it is made.
    pub tls: tls::Client,
    /// Timeouts, bounds, what the server is told.
    pub dial: DialSettings,
    /// When to try again.
    pub backoff: Backoff,
}

/// Streams that come from other servers.
#[derive(Clone, Debug, PartialEq)]
pub struct Pull {
    /// The application that they are published in.
    pub app: String,
    /// Which, and when.
    pub which: Which,
    /// Where they come from. Tried one after the other, beginning with the first again after each time one was live.
    pub from: Vec<Template>,
    /// The link to each of them.
    pub link: Link,
}

/// Which streams are pulled, and when.
#[derive(Clone, Debug, PartialEq)]
pub enum Which {
    /// This one, for ever.
    Always(String),
    /// Those that a play waits for and whose names match.
    OnDemand {
        /// Which.
        names: Pattern,
        /// Closed when nobody has watched for so long.
        idle: Duration,
        /// Streams at a time: names come from peers.
        most: usize,
    },
}

/// Streams that go to another server.
#[derive(Clone, Debug, PartialEq)]
pub struct Push {
    /// The application of the streams.
    pub app: String,
    /// Which of them.
    pub names: Pattern,
    /// Where they go to.
    pub to: Template,
    /// The link to it.
    pub link: Link,
}

impl PartialEq for Link {
    /// What was read from files does not count: new contents are no new order, they hold for connections to come.
    fn eq(&self, other: &Link) -> bool {
        (&self.trust, &self.sni, &self.dial, &self.backoff) == (&other.trust, &other.sni, &other.dial, &other.backoff)
    }
}

impl Pull {
    /// What the pattern caught, if this fetches the stream on demand.
    pub(crate) fn captures(&self, key: &StreamKey) -> Option<Vec<Option<String>>> {
        match &self.which {
            Which::OnDemand { names, .. } if self.app == key.app => names.captures(&key.name),
            _ => None,
        }
    }

    /// Where a stream may come from.
    pub(crate) fn addresses(
        &self,
        key: &StreamKey,
        captures: &[Option<String>],
    ) -> Result<Vec<Address>, TemplateError> {
        self.from.iter().map(|from| from.address(key, captures)).collect()
    }
}

impl Push {
    /// Where a stream goes to, if this carries it.
    pub(crate) fn address(&self, key: &StreamKey) -> Option<Result<Address, TemplateError>> {
        if self.app != key.app {
            return None;
        }
        let captures = self.names.captures(&key.name)?;
        Some(self.to.address(key, &captures))
    }
}
