//! A session filter that asks a server of the operator's who may publish, and remembers the answer: `{ url = "http://..." }`.

use guest_sdk::{
    Config, Decision, Description, Fault, Grant, PublishRequest, SessionFilter, clock, entropy, kv, outbound,
};
use serde::Deserialize;

/// Asks `url` with the stream's path as the body; 200 allows, everything else denies.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asking {
    url: String,
    #[serde(default = "a_second")]
    timeout_ms: u32,
}

fn a_second() -> u32 {
    1000
}

const BUCKET: &str = "conformance";

impl SessionFilter for Asking {
    fn describe() -> Description {
        Description::new("session-granted", env!("CARGO_PKG_VERSION"), "Asks a server who may publish.")
    }

    fn configure(config: Config) -> Result<Asking, Fault> {
        config.parse()
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        let path = request.key.path();
        let nonce: String = entropy::fill(8).iter().map(|b| format!("{b:02x}")).collect();
        let started = clock::monotonic_ns();
        if let Err(e) = kv::add(BUCKET, &path, 1, Some(60_000)) {
            return Decision::deny(format!("kv: {e:?}"));
        }
        let reply = outbound::send(&outbound::Request {
            method: "POST".into(),
            url: self.url.clone(),
            headers: vec![("X-Nonce".into(), nonce)],
            body: path.into_bytes(),
            timeout_ms: self.timeout_ms,
        });
        let waited_ms = (clock::monotonic_ns() - started) / 1_000_000;
        match reply {
            Ok(r) if r.status == 200 => {
                let said = String::from_utf8_lossy(&r.body).into_owned();
                let tags = vec![("said".into(), said), ("waited_ms".into(), waited_ms.to_string())];
                Decision::Allow(Grant { tags, ..Grant::default() })
            }
            Ok(r) => Decision::deny(format!("the server said {}", r.status)),
            Err(e) => Decision::deny(format!("the server was not asked: {e:?}")),
        }
    }
}

guest_sdk::export_session!(Asking);
