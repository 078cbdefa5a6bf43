//! HTTP from session filters and job planners to the origins that they were granted (`weir:filter/outbound`).
//!
//! | room | what |
//! |---|---|
//! | `origin` | scheme, host and port: what is granted, and where a URL leads |
//! | `request` | what a guest may ask for, as a request of HTTP/1.1 |
//! | [`address`] | which addresses a name may lead to |
//! | `connect` | name → checked address → TCP → TLS |
//! | `exchange` | a request and its response over one connection |
//! | `pool` | connections that wait for the next call |
//!
//! A call suspends the guest's fiber: no thread waits, and waiting is no CPU time of the guest. Connections are kept and used again
//! by all filters; a filter is asked for its own grants on every call, before a connection is looked for.

pub mod address;
mod connect;
mod exchange;
pub(crate) mod origin;
mod pool;
mod request;

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use filter_wit::media::weir::filter::log;
use filter_wit::session::weir::filter::outbound as wit;

use self::address::Network;
use self::connect::{Connector, Link};
use self::exchange::{Broken, Exchanged};
use self::origin::Origin;
use self::pool::Pool;
use self::request::Request;
use crate::counters::Counters;
use crate::engine::Engines;
use crate::host::State;
use crate::{Error, Limits, Spec};

/// What holds for the calls of all filters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// A PEM file with authorities that are trusted beside the machine's own.
    pub ca: Option<PathBuf>,
    /// Private networks that names may lead to. Without them a name must lead to a public address.
    pub networks: Vec<Network>,
    /// Connections to one server that are kept without a call. Default 8.
    pub idle_connections: usize,
    /// How long they are kept. Default 4 s: a little less than what common servers keep them for, so that none of them closes a
    /// connection in the moment when it is used again.
    pub idle_time: Duration,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { ca: None, networks: Vec::new(), idle_connections: 8, idle_time: Duration::from_secs(4) }
    }
}

/// The client of all filters, made when the first one has a grant.
pub(crate) struct Exchange {
    settings: Settings,
    client: Mutex<Option<Arc<Client>>>,
    /// By the name of the filter.
    budgets: Mutex<HashMap<String, Weak<Budget>>>,
}

pub(crate) struct Client {
    networks: Vec<Network>,
    connector: Connector,
    pool: Pool,
}

/// What one generation may do.
pub(crate) struct Granted {
    client: Arc<Client>,
    origins: BTreeSet<String>,
    budget: Arc<Budget>,
    engines: Arc<Engines>,
}

/// Why there is no response.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Failure {
    /// Not among the grants; the origin.
    Denied(String),
    /// The name leads to an address that it may not lead to.
    Address(String),
    Budget,
    Timeout,
    Connect(String),
    Tls(String),
    TooLarge,
    Protocol(String),
}

impl Failure {
    /// Their names in reports, by [`Failure::index`].
    pub(crate) const NAMES: [&'static str; 8] =
        ["denied", "address", "budget", "timeout", "connect", "tls", "too-large", "protocol"];

    pub(crate) fn index(&self) -> usize {
        match self {
            Failure::Denied(_) => 0,
            Failure::Address(_) => 1,
            Failure::Budget => 2,
            Failure::Timeout => 3,
            Failure::Connect(_) => 4,
            Failure::Tls(_) => 5,
            Failure::TooLarge => 6,
            Failure::Protocol(_) => 7,
        }
    }
}

impl From<Failure> for wit::CallError {
    fn from(failure: Failure) -> wit::CallError {
        match failure {
            Failure::Denied(_) => wit::CallError::Denied,
            Failure::Address(why) | Failure::Connect(why) => wit::CallError::Connect(why),
            Failure::Budget => wit::CallError::BudgetExhausted,
            Failure::Timeout => wit::CallError::Timeout,
            Failure::Tls(why) => wit::CallError::Tls(why),
            Failure::TooLarge => wit::CallError::TooLarge,
            Failure::Protocol(why) => wit::CallError::Protocol(why),
        }
    }
}

/// Calls that a filter has under way and has made, of all its generations together: while one takes over from another, the servers
/// are not asked more than before. What is allowed each generation knows itself.
#[derive(Default)]
struct Budget {
    under_way: AtomicUsize,
    /// The second in the upper half, calls in it in the lower.
    window: AtomicU64,
}

/// One call under way.
struct Place<'a>(&'a Budget);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Relaxed);
    }
}

impl Budget {
    fn enter(&self, limits: &Limits, second: u64) -> Option<Place<'_>> {
        let most = limits.http_calls;
        self.under_way.fetch_update(Relaxed, Relaxed, |calls| (calls < most).then_some(calls + 1)).ok()?;
        let place = Place(self);
        self.admits(u64::from(limits.http_calls_per_second), second).then_some(place)
    }

    fn admits(&self, per_second: u64, second: u64) -> bool {
        let second = second & 0xffff_ffff;
        let taken = self.window.fetch_update(Relaxed, Relaxed, |window| {
            let used = if window >> 32 == second { window & 0xffff_ffff } else { 0 };
            (used < per_second).then_some((second << 32) | (used + 1))
        });
        taken.is_ok()
    }
}

impl Exchange {
    pub(crate) fn new(settings: Settings) -> Exchange {
        Exchange { settings, client: Mutex::default(), budgets: Mutex::default() }
    }

    /// What a filter's grants open. Reads the authorities if nobody has yet.
    pub(crate) fn grant(&self, spec: &Spec, engines: &Arc<Engines>) -> Result<Option<Granted>, Error> {
        if spec.grants.http.is_empty() {
            return Ok(None);
        }
        let mut current = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        let client = match &*current {
            Some(client) => Arc::clone(client),
            None => {
                let made = Client::new(&self.settings);
                let made = made.map_err(|why| Error::Outbound { name: spec.name.clone(), why })?;
                current.insert(Arc::new(made)).clone()
            }
        };
        drop(current);
        let (engines, origins) = (Arc::clone(engines), spec.grants.http.clone());
        Ok(Some(Granted { client, engines, origins, budget: self.budget(&spec.name) }))
    }

    /// That of the filter's other generations, if there is one.
    fn budget(&self, filter: &str) -> Arc<Budget> {
        let mut budgets = self.budgets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(budget) = budgets.get(filter).and_then(Weak::upgrade) {
            return budget;
        }
        budgets.retain(|_, budget| budget.strong_count() > 0);
        let budget = Arc::default();
        budgets.insert(filter.to_owned(), Arc::downgrade(&budget));
        budget
    }
}

impl Client {
    fn new(settings: &Settings) -> Result<Client, String> {
        let pool = Pool::new(settings.idle_connections, settings.idle_time);
        Ok(Client { networks: settings.networks.clone(), connector: Connector::new(settings)?, pool })
    }
}

impl Granted {
    fn may(&self, origin: &Origin) -> Result<(), Failure> {
        let text = origin.to_string();
        if self.origins.contains(&text) {
            return Ok(());
        }
        if !self.origins.contains("*") {
            return Err(Failure::Denied(text));
        }
        // An address that the operator did not write himself is judged as one that a name leads to.
        match origin.literal() {
            Some(ip) if !address::may(ip, &self.client.networks) => {
                Err(Failure::Address(address::refused(&text, &[ip])))
            }
            _ => Ok(()),
        }
    }

    async fn send(&self, request: wit::Request, limits: &Limits, second: u64) -> Result<wit::Response, Failure> {
        let time = match request.timeout_ms {
            0 => limits.http_time,
            ms => limits.http_time.min(Duration::from_millis(ms.into())),
        };
        let request = Request::build(request, limits.http_request_bytes)?;
        self.may(&request.origin)?;
        let _place = self.budget.enter(limits, second).ok_or(Failure::Budget)?;
        let answer = self.client.send(&request, limits.http_response_bytes);
        tokio::time::timeout(time, answer).await.unwrap_or(Err(Failure::Timeout))
    }
}

impl Client {
    /// Over a connection that is at hand, or a new one.
    async fn send(&self, request: &Request, most: usize) -> Result<wit::Response, Failure> {
        if let Some(mut link) = self.pool.take(&request.origin).await {
            match exchange::exchange(&mut link, request, most).await {
                // The server may have closed it in the very moment when it was taken: nobody has heard of the request then.
                Err(Broken { failure: _, unheard: true }) if request.is_idempotent() => {}
                done => return self.done(request, link, done),
            }
        }
        let mut link = self.connector.connect(&request.origin).await?;
        let done = exchange::exchange(&mut link, request, most).await;
        self.done(request, link, done)
    }

    fn done(&self, request: &Request, link: Link, done: Result<Exchanged, Broken>) -> Result<wit::Response, Failure> {
        let Exchanged { response, reusable } = done.map_err(|broken| broken.failure)?;
        if reusable {
            self.pool.keep(&request.origin, link);
        }
        Ok(response)
    }
}

/// Counts a call however it ends: one that is dropped while it waits ran out of the time of its hook.
struct Counted<'a> {
    counters: &'a Counters,
    started: Instant,
    failure: Option<usize>,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.counters.outbound(self.started.elapsed(), self.failure);
    }
}

impl wit::Host for State {
    async fn send(&mut self, request: wit::Request) -> wasmtime::Result<Result<wit::Response, wit::CallError>> {
        let head = request.headers.iter().fold(0, |n, (name, value)| n + name.len() + value.len());
        self.budget.host_call(request.method.len() + request.url.len() + head + request.body.len())?;
        // What stands behind the `?` may be a key.
        let to = request.url.split('?').next().unwrap_or_default();
        self.noted(|| format!("outbound.send({} {to})", request.method));
        let guest = Arc::clone(&self.guest);
        // A module that imports it without a grant is not loaded.
        let Some(outbound) = &guest.outbound else { return Ok(Err(wit::CallError::Denied)) };
        let timeout = Failure::Timeout.index();
        let mut counted = Counted { counters: &guest.counters, started: Instant::now(), failure: Some(timeout) };
        let answer = {
            let _resting = outbound.engines.rest();
            outbound.send(request, &guest.limits, guest.clock.monotonic_ns() / 1_000_000_000).await
        };
        counted.failure = answer.as_ref().err().map(Failure::index);
        drop(counted);
        self.noted(|| match &answer {
            Ok(response) => format!("outbound.send -> {}, {} bytes", response.status, response.body.len()),
            Err(failure) => format!("outbound.send -> {failure:?}"),
        });
        match &answer {
            Ok(response) => {
                let head = response.headers.iter().fold(0, |n, (name, value)| n + name.len() + value.len());
                self.budget.copy(head + response.body.len())?;
            }
            Err(Failure::Denied(origin)) => self.say(log::Level::Warn, &format!("not granted: http:{origin}"), &[]),
            Err(Failure::Address(why)) => self.say(log::Level::Warn, why, &[]),
            Err(_) => {}
        }
        Ok(answer.map_err(Into::into))
    }
}
