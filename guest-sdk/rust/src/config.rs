//! The operator's settings.

use serde::de::DeserializeOwned;

use crate::Fault;

/// The filter's `config` table from the operator's file.
pub struct Config {
    json: String,
}

impl Config {
    #[doc(hidden)]
    pub fn new(json: String) -> Config {
        Config { json }
    }

    /// The table as a JSON object.
    pub fn json(&self) -> &str {
        &self.json
    }

    /// The table as a value of the filter's own type.
    ///
    /// # Errors
    /// [`Fault::InvalidConfig`], which names the key and what is expected there.
    pub fn parse<T: DeserializeOwned>(&self) -> Result<T, Fault> {
        let mut json = serde_json::Deserializer::from_str(&self.json);
        serde_path_to_error::deserialize(&mut json).map_err(|e| {
            let at = e.path().to_string();
            let what = e.into_inner().to_string();
            // The operator wrote TOML: positions in the JSON made of it mean nothing there.
            let what = what.split(" at line ").next().unwrap_or_default();
            Fault::InvalidConfig(if at == "." { what.into() } else { format!("{at}: {what}") })
        })
    }
}
