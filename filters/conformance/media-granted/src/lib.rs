//! A media filter that uses what must be granted, and reports what came of it in a data message `onGranted`.

use guest_sdk::{
    Config, Description, Fault, Frame, FrameMeta, Interest, MediaFilter, Metadata, SavedState, Scalar, StreamInfo,
    Subscription, Verdict, entropy, kv, metrics, output, secret,
};
use serde::Deserialize;

/// Uses `entropy` and the bucket `conformance`.
pub struct Granted {
    count: bool,
}

/// What to do beside it.
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Count streams that are opened and frames, in the bucket and as metrics.
    count: bool,
    /// Of no use but to make another generation.
    version: u32,
}

impl Granted {
    fn count(&self, what: &str) {
        if self.count {
            metrics::add(what, 1);
            // Refused like any other where the bucket is not granted: then there is nothing to count.
            let _ = kv::add(BUCKET, what, 1, None);
        }
    }
}

const BUCKET: &str = "conformance";

impl MediaFilter for Granted {
    type Settings = Settings;

    fn describe() -> Description {
        Description::new("media-granted", env!("CARGO_PKG_VERSION"), "Uses entropy and kv, and reports.")
    }

    fn configure(config: Config) -> Result<Settings, Fault> {
        config.parse()
    }

    fn open(settings: &Settings, _: StreamInfo, _: Option<SavedState>) -> Result<Granted, Fault> {
        let it = Granted { count: settings.count };
        it.count("opened");
        Ok(it)
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to(self.count.then(Interest::any)).with_metadata()
    }

    fn on_frame(&mut self, _: &FrameMeta, _: &mut Frame<'_>) -> Verdict {
        self.count("frames");
        Verdict::Pass
    }

    fn on_metadata(&mut self, _: Metadata) -> Result<Verdict, Fault> {
        let random = entropy::fill(16);
        let first = kv::set(BUCKET, "k", b"one", None);
        let read = kv::get(BUCKET, "k").map(|i| i.map(|i| String::from_utf8_lossy(&i.value).into_owned()));
        let swapped = first.clone().and_then(|v| kv::compare_and_set(BUCKET, "k", Some(v), b"two", Some(60_000)));
        let conflict = kv::compare_and_set(BUCKET, "k", None, b"three", None);
        let sum = kv::add(BUCKET, "n", 2, None);
        let gone = kv::delete(BUCKET, "k").and_then(|()| kv::get(BUCKET, "k"));
        let fields = [
            ("random", format!("{}", random.len())),
            ("zero", format!("{}", random.iter().all(|b| *b == 0))),
            ("set", format!("{}", first.is_ok())),
            ("get", format!("{read:?}")),
            ("swapped", format!("{}", swapped.is_ok())),
            ("conflict", format!("{conflict:?}")),
            ("add", format!("{sum:?}")),
            ("deleted", format!("{:?}", gone.map(|i| i.is_none()))),
            ("other", format!("{:?}", kv::get("another", "k").map(|i| i.is_some()))),
            ("opened", format!("{:?}", kv::add(BUCKET, "opened", 0, None))),
            ("frames", format!("{:?}", kv::add(BUCKET, "frames", 0, None))),
            ("secret", format!("{:?}", secret("conformance"))),
        ];
        let fields = fields.map(|(k, v)| (k.to_owned(), Scalar::Text(v))).into();
        let report = Metadata { name: "onGranted".into(), fields };
        output::set_metadata(&report).map_err(|e| Fault::Internal(format!("{e:?}")))?;
        Ok(Verdict::Edited)
    }
}

guest_sdk::export_media!(Granted);
