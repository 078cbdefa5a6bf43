//! A media filter that uses what must be granted, and reports what came of it in a data message `onGranted`.

use guest_sdk::{
    Config, Description, Fault, MediaFilter, Metadata, SavedState, Scalar, StreamInfo, Subscription, Verdict, entropy,
    kv, output, secret,
};

/// Uses `entropy` and the bucket `conformance`.
pub struct Granted;

impl MediaFilter for Granted {
    type Settings = ();

    fn describe() -> Description {
        Description::new("media-granted", env!("CARGO_PKG_VERSION"), "Uses entropy and kv, and reports.")
    }

    fn configure(_: Config) -> Result<(), Fault> {
        Ok(())
    }

    fn open(_: &(), _: StreamInfo, _: Option<SavedState>) -> Result<Granted, Fault> {
        Ok(Granted)
    }

    fn subscribe(&self) -> Subscription {
        Subscription::to([]).with_metadata()
    }

    fn on_metadata(&mut self, _: Metadata) -> Result<Verdict, Fault> {
        const BUCKET: &str = "conformance";
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
            ("secret", format!("{:?}", secret("conformance"))),
        ];
        let fields = fields.map(|(k, v)| (k.to_owned(), Scalar::Text(v))).into();
        let report = Metadata { name: "onGranted".into(), fields };
        output::set_metadata(&report).map_err(|e| Fault::Internal(format!("{e:?}")))?;
        Ok(Verdict::Edited)
    }
}

guest_sdk::export_media!(Granted);
