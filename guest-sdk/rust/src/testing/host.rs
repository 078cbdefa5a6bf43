//! What the fake host remembers, per thread.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::frame::InHand;
use super::media::Item as Piece;
use crate::MediaKind;
use crate::bindings::weir::filter::{kv::Item, log::Level, outbound};

/// A line that the filter wrote to the log.
#[derive(Clone, Debug, PartialEq)]
pub struct LogLine {
    /// How grave.
    pub level: Level,
    /// The text.
    pub message: String,
    /// Names and values.
    pub fields: Vec<(String, String)>,
}

pub(crate) struct Host {
    pub(crate) config: String,
    pub(crate) secrets: BTreeMap<String, String>,
    pub(crate) log: Vec<LogLine>,
    pub(crate) unix_ms: u64,
    pub(crate) started_ms: u64,
    pub(crate) counters: BTreeMap<String, u64>,
    pub(crate) gauges: BTreeMap<String, f64>,
    pub(crate) random: u64,
    pub(crate) buckets: BTreeSet<String>,
    pub(crate) kv: BTreeMap<(String, String), (Item, Option<u64>)>,
    pub(crate) version: u64,
    pub(crate) requests: Vec<outbound::Request>,
    pub(crate) replies: VecDeque<Result<outbound::Response, outbound::CallError>>,
    pub(crate) in_hand: Option<InHand>,
    /// App and name of the stream in hand.
    pub(crate) stream: (String, String),
    /// `derive` is granted.
    pub(crate) derive: bool,
    /// Suffixes of names that are in use.
    pub(crate) taken: BTreeSet<String>,
    pub(crate) derived: Vec<(String, Piece)>,
    /// `tracks` is granted.
    pub(crate) tracks: bool,
    /// Tracks that the stream has, and those of them that the filter added.
    pub(crate) known: Vec<(MediaKind, u16)>,
    pub(crate) added: Vec<(MediaKind, u16)>,
}

/// 2026-01-01 00:00:00 UTC.
const START_MS: u64 = 1_767_225_600_000;

thread_local! {
    static HOST: RefCell<Host> = RefCell::new(Host {
        config: "{}".into(),
        secrets: BTreeMap::new(),
        log: Vec::new(),
        unix_ms: START_MS,
        started_ms: START_MS,
        counters: BTreeMap::new(),
        gauges: BTreeMap::new(),
        random: 0x9e37_79b9_7f4a_7c15,
        buckets: BTreeSet::new(),
        kv: BTreeMap::new(),
        version: 0,
        requests: Vec::new(),
        replies: VecDeque::new(),
        in_hand: None,
        stream: (String::new(), String::new()),
        derive: false,
        taken: BTreeSet::new(),
        derived: Vec::new(),
        tracks: false,
        known: Vec::new(),
        added: Vec::new(),
    });
}

pub(crate) fn with<R>(f: impl FnOnce(&mut Host) -> R) -> R {
    HOST.with_borrow_mut(f)
}

/// What the filter wrote to the log so far.
pub fn log() -> Vec<LogLine> {
    with(|h| h.log.clone())
}

/// What the filter added to a counter so far.
pub fn counter(name: &str) -> u64 {
    with(|h| h.counters.get(name).copied().unwrap_or(0))
}

/// What the filter last set a gauge to.
pub fn gauge(name: &str) -> Option<f64> {
    with(|h| h.gauges.get(name).copied())
}

/// The clock: milliseconds since 1970-01-01 UTC. It starts at 2026-01-01.
pub fn unix_ms() -> u64 {
    with(|h| h.unix_ms)
}

/// Moves the clock.
pub fn set_unix_ms(ms: u64) {
    with(|h| h.unix_ms = ms);
}

/// A secret of the operator's file.
pub fn set_secret(name: &str, value: &str) {
    with(|h| h.secrets.insert(name.into(), value.into()));
}

/// Grants `kv:BUCKET`; a call for another bucket is denied.
pub fn grant_bucket(bucket: &str) {
    with(|h| h.buckets.insert(bucket.into()));
}

/// Grants `derive`: streams beside the one that is filtered.
pub fn grant_derive() {
    with(|h| h.derive = true);
}

/// Grants `tracks`: tracks of the filter's own in the stream that it filters.
pub fn grant_tracks() {
    with(|h| h.tracks = true);
}

/// Whether the name of the stream with this suffix is in use: then it is not published.
pub fn set_taken(suffix: &str, taken: bool) {
    with(|h| if taken { h.taken.insert(suffix.into()) } else { h.taken.remove(suffix) });
}

/// What the next HTTP request gets; without one the origin counts as not granted.
pub fn reply_http(reply: Result<outbound::Response, outbound::CallError>) {
    with(|h| h.replies.push_back(reply));
}

/// What the next HTTP request gets: a response.
pub fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) {
    let headers = headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    reply_http(Ok(outbound::Response { status, headers, body: body.into() }));
}

/// The HTTP requests so far.
pub fn http_requests() -> Vec<outbound::Request> {
    with(|h| h.requests.clone())
}
