//! Lets those in whose address stands on a list.
//!
//! It fails closed: a wrong configuration keeps the filter from being loaded, and the router then denies.

mod config;
mod network;

use guest_sdk::{
    Config, ConnectionInfo, Decision, Denial, Description, Fault, Grant, PlayRequest, PublishRequest, Role,
    SessionFilter, SessionRef, log,
};

pub use crate::config::Lists;
pub use crate::network::Network;

/// Asks where a peer comes from.
pub struct IpAllow {
    lists: Lists,
}

impl IpAllow {
    fn decide(&self, role: Role, ip: &str) -> Decision {
        let address = ip.parse().ok();
        let (wanted, code) = match role {
            Role::Connecting => (&self.lists.connect, "NetConnection.Connect.Rejected"),
            Role::Publishing => (&self.lists.publish, "NetStream.Publish.Denied"),
            Role::Playing => (&self.lists.play, "NetStream.Play.Failed"),
        };
        if self.lists.deny.holds(address) || wanted.as_ref().is_some_and(|list| !list.holds(address)) {
            let reason = "this address is not allowed here";
            log::write(log::Level::Info, reason, &[("ip", ip), ("code", code)]);
            let hold_ms = self.lists.hold_ms;
            return Decision::Deny(Denial { code: code.into(), reason: reason.into(), disconnect: false, hold_ms });
        }
        match (wanted, self.lists.recheck_ms) {
            (None, None) => Decision::Abstain,
            (_, recheck_ms) => Decision::Allow(Grant { recheck_ms, ..Grant::default() }),
        }
    }
}

impl SessionFilter for IpAllow {
    fn describe() -> Description {
        let summary = "Lets those in whose address stands on a list.";
        Description::new("ip-allow", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<IpAllow, Fault> {
        Lists::read(&config).map(|lists| IpAllow { lists })
    }

    fn on_connect(&mut self, connection: &ConnectionInfo) -> Decision {
        self.decide(Role::Connecting, &connection.peer_ip)
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        self.decide(Role::Publishing, &request.conn.peer_ip)
    }

    fn on_play(&mut self, request: &PlayRequest) -> Decision {
        self.decide(Role::Playing, &request.conn.peer_ip)
    }

    fn on_recheck(&mut self, session: &SessionRef) -> Decision {
        self.decide(session.role, &session.conn.peer_ip)
    }
}

guest_sdk::export_session!(IpAllow);
