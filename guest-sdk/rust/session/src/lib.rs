//! my-filter: who knows the key may publish; everyone may play.

use guest_sdk::{Config, Decision, Description, Fault, Grant, PlayRequest, PublishRequest, SessionFilter, secret};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    #[serde(default = "publisher")]
    role: String,
}

fn publisher() -> String {
    "publisher".into()
}

/// The settings of one instance.
pub struct MyFilter {
    key: String,
    role: String,
}

impl SessionFilter for MyFilter {
    fn describe() -> Description {
        Description::new("my-filter", env!("CARGO_PKG_VERSION"), "Publishers need ?key=… behind the stream's name.")
    }

    fn configure(config: Config) -> Result<Self, Fault> {
        let settings: Settings = config.parse()?;
        let hint = "write secrets = { key = \"...\" } in the filter's table";
        let key = secret("key").ok_or_else(|| Fault::InvalidConfig(hint.into()))?;
        Ok(MyFilter { key, role: settings.role })
    }

    fn on_publish(&mut self, request: &PublishRequest) -> Decision {
        if request.key.argument("key") != Some(self.key.as_str()) {
            return Decision::deny("the key behind the stream's name is wrong or missing");
        }
        Decision::Allow(Grant { tags: vec![("role".into(), self.role.clone())], ..Grant::default() })
    }

    fn on_play(&mut self, _: &PlayRequest) -> Decision {
        Decision::allow()
    }
}

guest_sdk::export_session!(MyFilter);
