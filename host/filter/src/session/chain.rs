//! The filters that are asked on connect, publish and play, in order.

use std::sync::Arc;

use super::{ConnectionInfo, Decision, Denial, Grant, PlayRequest, PublishRequest, SessionRef, Summary};
use crate::Filter;
use crate::spec::SessionFailure;

/// Filters in the order in which they are asked. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct SessionChain {
    filters: Arc<[Arc<Filter>]>,
}

impl SessionChain {
    /// These filters, asked in this order.
    pub fn new(filters: Vec<Arc<Filter>>) -> SessionChain {
        SessionChain { filters: filters.into() }
    }

    /// Whether nobody is asked.
    pub fn is_empty(&self) -> bool {
        self.filters.is_empty()
    }

    /// The connect command.
    pub async fn on_connect(&self, info: &ConnectionInfo) -> Decision {
        let _ = info;
        self.failed()
    }

    /// The publish command.
    pub async fn on_publish(&self, req: &PublishRequest) -> Decision {
        let _ = req;
        self.failed()
    }

    /// The play command.
    pub async fn on_play(&self, req: &PlayRequest) -> Decision {
        let _ = req;
        self.failed()
    }

    /// Asked again, `recheck_ms` after an allowance. Anything but a denial or a redirect means go on.
    pub async fn on_recheck(&self, who: &SessionRef) -> Decision {
        let _ = who;
        self.failed()
    }

    /// A session that was allowed is over.
    pub async fn on_close(&self, who: &SessionRef, how: Summary) {
        let _ = (who, how);
    }

    fn failed(&self) -> Decision {
        match self.filters.iter().map(|f| f.spec().on_failure.session).next() {
            None => Decision::Abstain,
            Some(SessionFailure::Allow) => Decision::Allow(Grant::default()),
            Some(SessionFailure::Deny) => {
                Decision::Deny(Denial { reason: "authorization is not available".into(), ..Denial::default() })
            }
        }
    }
}
