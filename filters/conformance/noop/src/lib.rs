//! A media filter that wants every frame and passes it: what a call costs.

use guest_sdk::{Config, Description, Fault, Interest, MediaFilter, SavedState, StreamInfo, Subscription};

/// Passes everything.
pub struct Noop;

impl MediaFilter for Noop {
    type Settings = ();

    fn describe() -> Description {
        Description::new("noop", env!("CARGO_PKG_VERSION"), "Wants every frame and passes it.")
    }

    fn configure(_: Config) -> Result<(), Fault> {
        Ok(())
    }

    fn open(_: &(), _: StreamInfo, _: Option<SavedState>) -> Result<Noop, Fault> {
        Ok(Noop)
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to([Interest::any()])
    }
}

guest_sdk::export_media!(Noop);
