//! Sets, removes and renames fields of `onMetaData`.

mod config;

use guest_sdk::{
    Config, Description, Fault, MediaFilter, Metadata, SavedState, StreamInfo, Subscription, Verdict, output,
};

pub use crate::config::Edits;

/// Edits the data messages of its list.
pub struct MetadataEdit {
    edits: Edits,
}

impl MediaFilter for MetadataEdit {
    type Settings = Edits;

    fn describe() -> Description {
        let summary = "Sets, removes and renames fields of onMetaData.";
        Description::new("metadata-edit", env!("CARGO_PKG_VERSION"), summary)
            .with_config_schema(include_str!("../config.schema.json"))
    }

    fn configure(config: Config) -> Result<Edits, Fault> {
        Edits::read(&config)
    }

    fn open(edits: &Edits, _: StreamInfo, _: Option<SavedState>) -> Result<MetadataEdit, Fault> {
        Ok(MetadataEdit { edits: edits.clone() })
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to([]).with_metadata()
    }

    fn on_metadata(&mut self, metadata: Metadata) -> Result<Verdict, Fault> {
        if !self.edits.messages.contains(&metadata.name) {
            return Ok(Verdict::Pass);
        }
        let edited = Metadata { name: metadata.name.clone(), fields: self.edits.apply(&metadata.fields) };
        if edited == metadata {
            return Ok(Verdict::Pass);
        }
        output::set_metadata(&edited).map_err(|e| Fault::Internal(format!("set-metadata: {e:?}")))?;
        Ok(Verdict::Edited)
    }
}

guest_sdk::export_media!(MetadataEdit);
