//! What an operator writes of a filter.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use crate::placement::Queue;
use crate::rollout::Swap;
use crate::tape::recorder;
use crate::{Error, Placement, origin, outbound};

/// One `[filters.NAME]` table: everything that decides what a generation is.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The operator's name for it; appears in logs, counters and messages.
    pub name: String,
    /// A `.wasm` file: a component, or a core module that carries its component type.
    pub path: PathBuf,
    /// SHA-256 that the file must have; `None`: any. What was checked elsewhere, such as a signature, holds for these bytes only.
    pub digest: Option<[u8; 32]>,
    /// What it may import beyond what is always there.
    pub grants: Grants,
    /// What it may use.
    pub limits: Limits,
    /// What happens when it fails.
    pub on_failure: OnFailure,
    /// Where its media hooks run.
    pub placement: Placement,
    /// Whether each stream has an instance of its media hooks to itself.
    pub isolation: Isolation,
    /// What may wait for it where frames do not.
    pub queue: Queue,
    /// After the filter has dropped a video frame that others refer to, drop on to the next key frame, so that no decoder sees a
    /// picture without what it is made from.
    pub repair: bool,
    /// Shown to the guest as JSON; an object, or null for none.
    pub config: serde_json::Value,
    /// Shown to the guest one by one, by name; never logged.
    pub secrets: BTreeMap<String, String>,
    /// How streams go over to another generation. No part of what makes one.
    pub swap: Swap,
    /// Texts of `config` that are secrets: they stand in no recording.
    pub hidden: BTreeSet<String>,
    /// Keep the newest calls of its streams, for a file when one fails. None: nothing is kept, and nothing paid.
    pub record: Option<recorder::Settings>,
}

impl Spec {
    /// A filter with default limits, no grants and an empty configuration.
    pub fn new(name: impl Into<String>, path: impl Into<PathBuf>) -> Spec {
        Spec {
            name: name.into(),
            path: path.into(),
            digest: None,
            grants: Grants::default(),
            limits: Limits::default(),
            on_failure: OnFailure::default(),
            placement: Placement::default(),
            isolation: Isolation::default(),
            queue: Queue::default(),
            repair: false,
            config: serde_json::Value::Null,
            secrets: BTreeMap::new(),
            swap: Swap::default(),
            hidden: BTreeSet::new(),
            record: None,
        }
    }
}

/// What a filter may import beyond `log`, `metrics`, `clock`, `config`, `frame` and `output`. Nothing unless written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// `weir:filter/entropy`: random bytes.
    pub entropy: bool,
    /// `output.derived`: streams of its own beside the one that it filters.
    pub derive: bool,
    /// `output.add-track`: tracks of its own in the stream that it filters.
    pub tracks: bool,
    /// `weir:filter/kv`: the buckets that it may read and write, by name.
    pub kv: BTreeSet<String>,
    /// `weir:filter/outbound`: where HTTP calls may lead, scheme, host and port, or `*` for every public address.
    pub http: BTreeSet<String>,
    /// Where `push-to` of an allowance may lead: scheme, host and port, or `*` for everywhere.
    pub push: BTreeSet<String>,
}

impl Grants {
    /// Whether a stream may be pushed to this URL because the filter says so.
    pub fn may_push(&self, url: &str) -> bool {
        origin::of(url).is_some_and(|origin| self.push.contains("*") || self.push.contains(&origin))
    }

    /// Whether a call to this URL is granted.
    pub fn may_call(&self, url: &str) -> bool {
        let origin = || url.parse().ok().and_then(|uri| outbound::origin::Origin::of(&uri).ok());
        self.http.contains("*") || origin().is_some_and(|origin| self.http.contains(&origin.to_string()))
    }

    /// Scheme, host and, if it is not the usual one, port of a URL that can be called.
    pub fn origin_of(url: &str) -> Option<String> {
        let origin = url.parse().ok().and_then(|uri| outbound::origin::Origin::of(&uri).ok())?;
        let text = origin.to_string();
        let usual = if origin.tls { ":443" } else { ":80" };
        Some(text.strip_suffix(usual).map(str::to_owned).unwrap_or(text))
    }

    /// Reads the `grants` list of the operator's file: `"entropy"`, `"kv:BUCKET"`, `"http:https://HOST"`,
    /// `"http:*"`, `"push:rtmp://HOST"`, `"push:*"`.
    ///
    /// # Errors
    /// [`Error::Grant`] for a grant that is unknown, and
    /// for a bucket whose name is none: letters, digits, `-`, `_` and `.`, at most 64 of them.
    pub fn parse<S: AsRef<str>>(list: impl IntoIterator<Item = S>) -> Result<Grants, Error> {
        let mut grants = Grants::default();
        for grant in list {
            let grant = grant.as_ref();
            let why = match grant.split_once(':').unwrap_or((grant, "")) {
                ("entropy", "") if grant == "entropy" => {
                    grants.entropy = true;
                    continue;
                }
                ("derive", "") if grant == "derive" => {
                    grants.derive = true;
                    continue;
                }
                ("tracks", "") if grant == "tracks" => {
                    grants.tracks = true;
                    continue;
                }
                ("kv", bucket) if is_bucket(bucket) => {
                    grants.kv.insert(bucket.to_owned());
                    continue;
                }
                ("kv", _) => "expected kv:BUCKET, with a name of letters, digits, `-`, `_` and `.`, at most 64 of them"
                    .to_owned(),
                ("http", "*") => {
                    grants.http.insert("*".to_owned());
                    continue;
                }
                ("http", to) => match outbound::origin::Origin::parse(to) {
                    Some(origin) => {
                        grants.http.insert(origin.to_string());
                        continue;
                    }
                    None => "expected http:https://HOST or http:http://HOST, with a port if it is not the usual one and nothing \
                             behind it, or http:* for every public address"
                        .to_owned(),
                },
                ("push", "*") => {
                    grants.push.insert("*".to_owned());
                    continue;
                }
                ("push", to) => match origin::of(to) {
                    Some(origin) => {
                        grants.push.insert(origin);
                        continue;
                    }
                    None => "expected push:rtmp://HOST or push:rtmps://HOST, with a port if it is not the usual one, or push:*"
                        .to_owned(),
                },
                _ => "there is no such grant; this router offers `entropy`, `derive`, `tracks`, `kv:BUCKET`, `http:ORIGIN` and `push:ORIGIN`"
                    .to_owned(),
            };
            return Err(Error::Grant { grant: grant.to_owned(), why });
        }
        Ok(grants)
    }
}

fn is_bucket(name: &str) -> bool {
    (1..=64).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
}

/// What a filter may use. All of it is enforced on every call.
#[derive(Clone, Debug, PartialEq)]
pub struct Limits {
    /// Linear memory of one instance, in bytes, all its memories together, however many streams share it. Default 16 MiB.
    pub memory_bytes: usize,
    /// Time of one media call, as CPU time of its thread; a call that runs longer is ended. So is one for which four times as long
    /// and half a second more have passed on the clock, however little of that the machine ran it. Default 5 ms.
    pub media_time: Duration,
    /// CPU time of one session call. Default 1 s.
    pub session_time: Duration,
    /// Time of one session call with all its waiting. Default 5 s.
    pub session_wait: Duration,
    /// Time to start an instance: its start function, `configure`, `open` and `subscribe`, each; counted as `media_time` is.
    /// Default 100 ms.
    pub start_time: Duration,
    /// Instances of one session filter that answer at the same time; 0: twice the number of cores, and at least 32 if the filter
    /// is granted HTTP, for then most of them wait. Default 0.
    pub session_instances: usize,
    /// Ends of sessions (`on-close`) that it may still have to be told of at a time; of what is over it does not hear. At most half
    /// of its instances are told at the same time: who asks does not wait behind who has gone. Default 50,000.
    pub session_closes: usize,
    /// Streams in one instance, where they share it ([`Isolation::Shared`]); with more there is a further one. Default 256.
    pub streams_per_instance: usize,
    /// Elements of one table. Default 20,000.
    pub table_elements: usize,
    /// Bytes of payloads that the filter may keep of one stream by `packet` handles. Default 8 MiB.
    pub retained_bytes: usize,
    /// Emitted bytes per byte that came in, averaged over the stream with 1 MiB to begin with; what goes into streams beside it
    /// counts too. Default 2.0.
    pub emit_ratio: f64,
    /// Viewers at a time that it works for one by one ([`Placement::Egress`]), each with a stream filter of its own; another
    /// one is refused. Default 1000.
    pub viewers: usize,
    /// Streams that it may make beside one stream. Default 8.
    pub derived_streams: usize,
    /// Bytes that may be copied between host and guest in one call. Default 16 MiB.
    pub copied_bytes: usize,
    /// Host functions that may be called in one call. Default 100,000.
    pub host_calls: u32,
    /// HTTP calls at the same time. Default 32.
    pub http_calls: usize,
    /// HTTP calls per second. Default 200.
    pub http_calls_per_second: u32,
    /// URL, headers and body of an HTTP request, in bytes. Default 64 KiB.
    pub http_request_bytes: usize,
    /// Headers and body of an HTTP response, in bytes. Default 1 MiB.
    pub http_response_bytes: usize,
    /// Time of one HTTP call, from looking the name up to the last byte. Default 4 s: the filter hears of it before its own time
    /// ([`Limits::session_wait`]) is over.
    pub http_time: Duration,
    /// Lines it may log per second; what is over it is counted and said once. Default 20.
    pub log_lines_per_second: u32,
    /// Faults within [`Limits::breaker_window`] after which a stream goes on without the filter. Default 5.
    pub breaker_faults: u32,
    /// Default 60 s.
    pub breaker_window: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        const MIB: usize = 1 << 20;
        Limits {
            memory_bytes: 16 * MIB,
            media_time: Duration::from_millis(5),
            session_time: Duration::from_secs(1),
            session_wait: Duration::from_secs(5),
            start_time: Duration::from_millis(100),
            session_instances: 0,
            session_closes: 50_000,
            streams_per_instance: 256,
            table_elements: 20_000,
            retained_bytes: 8 * MIB,
            emit_ratio: 2.0,
            viewers: 1000,
            derived_streams: 8,
            copied_bytes: 16 * MIB,
            host_calls: 100_000,
            http_calls: 32,
            http_calls_per_second: 200,
            http_request_bytes: 64 << 10,
            http_response_bytes: MIB,
            http_time: Duration::from_secs(4),
            log_lines_per_second: 20,
            breaker_faults: 5,
            breaker_window: Duration::from_secs(60),
        }
    }
}

/// Which streams have an instance of a media filter together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Isolation {
    /// None: each has one to itself, and what goes wrong in one stays there.
    #[default]
    Stream,
    /// Up to [`Limits::streams_per_instance`]. The guest's memory is shared: it could mix streams up, and where a call of one
    /// stream fails, the others have to be opened again. What the host has of a stream is kept apart.
    Shared,
}

/// What happens when a filter traps, runs too long or is not there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OnFailure {
    /// For session hooks.
    pub session: SessionFailure,
    /// For media hooks.
    pub media: MediaFailure,
}

/// See [`OnFailure`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SessionFailure {
    /// The peer is refused.
    #[default]
    Deny,
    /// As if the filter had allowed it.
    Allow,
}

/// See [`OnFailure`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MediaFailure {
    /// Frames go on as they came until the filter is back.
    #[default]
    Bypass,
    /// Frames are dropped until the filter is back, which is at a key frame.
    DropToKey,
    /// The publication ends.
    EndStream,
}

impl OnFailure {
    /// Reads `on_failure`: `deny`, `allow` (session), `bypass`, `drop-to-key`, `end-stream` (media). The other half keeps its default.
    pub fn parse(text: &str) -> Option<OnFailure> {
        let d = OnFailure::default();
        Some(match text {
            "deny" => OnFailure { session: SessionFailure::Deny, ..d },
            "allow" => OnFailure { session: SessionFailure::Allow, ..d },
            "bypass" => OnFailure { media: MediaFailure::Bypass, ..d },
            "drop-to-key" => OnFailure { media: MediaFailure::DropToKey, ..d },
            "end-stream" => OnFailure { media: MediaFailure::EndStream, ..d },
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_are_read_and_what_is_not_offered_is_said() {
        assert_eq!(Grants::parse(Vec::<String>::new()).unwrap(), Grants::default());
        let all = Grants::parse(["entropy", "derive", "tracks", "kv:sessions", "kv:a.b_c-9", "kv:sessions"]).unwrap();
        let kv = ["a.b_c-9", "sessions"].map(String::from).into();
        assert_eq!(all, Grants { entropy: true, derive: true, tracks: true, kv, ..Grants::default() });
        let long = format!("kv:{}", "x".repeat(65));
        for (grant, says) in [
            ("kv", "expected kv:BUCKET"),
            ("kv:", "expected kv:BUCKET"),
            ("kv:a/b", "expected kv:BUCKET"),
            (&long, "at most 64"),
            ("http", "expected http:https://HOST"),
            ("http:https://auth.example/path", "expected http:https://HOST"),
            ("http:rtmp://auth.example", "expected http:https://HOST"),
            ("tracks:2", "no such grant"),
            ("push:http://cdn.example", "expected push:rtmp://HOST"),
            ("entropie", "no such grant"),
            ("entropy:much", "no such grant"),
            ("derive:_x", "no such grant"),
        ] {
            let text = Grants::parse(["entropy", grant]).unwrap_err().to_string();
            assert!(text.contains(says) && text.contains(grant), "{text}");
        }
    }

    #[test]
    fn pushes_are_granted_by_server() {
        let grants = Grants::parse(["push:rtmp://CDN.example", "push:rtmps://[::1]:8443"]).unwrap();
        for (url, may) in [
            ("rtmp://cdn.example:1935/live/x?k=1", true),
            ("rtmps://[::1]:8443/live/x", true),
            ("rtmps://cdn.example/live/x", false),
            ("rtmp://cdn.example:1936/live/x", false),
            ("rtmp://cdn.example@evil/live/x", false),
            ("file:///etc/passwd", false),
        ] {
            assert_eq!(grants.may_push(url), may, "{url}");
        }
        let http = Grants::parse(["http:https://Auth.example", "http:http://127.0.0.1:8080", "http:*"]).unwrap().http;
        assert_eq!(http, ["*", "http://127.0.0.1:8080", "https://auth.example:443"].map(String::from).into());
        let all = Grants::parse(["push:*"]).unwrap();
        assert!(all.may_push("rtmp://anywhere/live/x") && !all.may_push("http://anywhere/x"));
        assert!(!Grants::default().may_push("rtmp://cdn.example/live/x"));
    }

    #[test]
    fn on_failure_sets_one_half() {
        assert_eq!(OnFailure::parse("allow").unwrap().session, SessionFailure::Allow);
        assert_eq!(OnFailure::parse("allow").unwrap().media, MediaFailure::Bypass);
        assert_eq!(OnFailure::parse("end-stream").unwrap().media, MediaFailure::EndStream);
        assert_eq!(OnFailure::parse("end-stream").unwrap().session, SessionFailure::Deny);
        assert_eq!(OnFailure::parse("ignore"), None);
    }
}
