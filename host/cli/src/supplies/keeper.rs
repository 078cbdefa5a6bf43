//! One source, asked now and then whether it has something else.

use std::time::{Duration, Instant, SystemTime};

use supply::{Answer, Fetched, Kept, Order, Seen, Supplier};
use tokio::sync::{mpsc, oneshot};

/// While there is nothing to run, a server is asked this often, whatever `refresh` says.
const IMPATIENT: Duration = Duration::from_secs(10);

/// A file has come.
#[derive(Debug)]
pub(crate) struct Arrival {
    pub(crate) name: String,
    pub(crate) order: Order,
    pub(crate) fetched: Fetched,
    /// Whoever tries it out says whether it is good.
    pub(super) good: oneshot::Sender<bool>,
}

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Keeper {
    pub(super) name: String,
    pub(super) order: Order,
    refresh: Duration,
    /// What the server said last.
    seen: Option<Seen>,
    /// When the last good one was fetched.
    since: Option<SystemTime>,
    /// It was just asked.
    asked: bool,
}

impl Keeper {
    pub(super) fn new(name: String, order: Order, refresh: Duration) -> Keeper {
        Keeper { name, order, refresh, seen: None, since: None, asked: false }
    }

    /// There is one from before.
    pub(super) fn has(&mut self, kept: &Kept) {
        self.seen = Some(kept.seen.clone());
        self.since = SystemTime::now().checked_sub(kept.age);
    }

    /// One has just come. One that is not good is not asked for again either, until the server has another.
    pub(super) fn came(&mut self, fetched: &Fetched, good: bool) {
        self.seen = Some(fetched.seen.clone());
        self.asked = true;
        if good {
            self.since = Some(SystemTime::now());
        }
    }

    /// Asks until there is no reason to. What comes goes to `arrive`.
    pub(super) async fn ask(mut self, supplier: Supplier, arrive: mpsc::Sender<Arrival>) {
        // What was kept may be old: the server is asked at once. Who has just answered, or not, has time.
        if self.asked || self.since.is_none() {
            let Some(pause) = self.pause() else { return };
            tokio::time::sleep(pause).await;
        } else if self.order.is_fixed() {
            return;
        }
        loop {
            self.ask_once(&supplier, &arrive).await;
            let Some(pause) = self.pause() else { return };
            tokio::time::sleep(pause).await;
        }
    }

    /// Until it is asked again; `None`: there is no reason to.
    fn pause(&self) -> Option<Duration> {
        match self.since {
            Some(_) if self.order.is_fixed() || self.refresh.is_zero() => None,
            Some(_) => Some(self.refresh),
            None if self.refresh.is_zero() => Some(IMPATIENT),
            None => Some(self.refresh.min(IMPATIENT)),
        }
    }

    async fn ask_once(&mut self, supplier: &Supplier, arrive: &mpsc::Sender<Arrival>) {
        let (name, source, start) = (&self.name, self.order.source.to_string(), Instant::now());
        match supplier.fetch(&self.order, self.seen.as_ref()).await {
            Ok(Answer::Unchanged) => {
                tracing::debug!(filter = name, source, took = ?start.elapsed(), "source unchanged")
            }
            Ok(Answer::New(fetched)) => {
                told(name, &self.order, &fetched, start);
                let (good, judged) = oneshot::channel();
                let arrival = Arrival { name: name.clone(), order: self.order.clone(), fetched: fetched.clone(), good };
                if arrive.send(arrival).await.is_ok() {
                    let good = judged.await.unwrap_or(false);
                    self.came(&fetched, good);
                }
            }
            Err(error) => match self.since {
                Some(since) => {
                    let age = ago(SystemTime::now().duration_since(since).unwrap_or_default());
                    let took = start.elapsed();
                    tracing::warn!(
                        filter = name,
                        source,
                        ?took,
                        "not fetched: {error}; what was fetched {age} ago goes on"
                    );
                }
                None => {
                    tracing::error!(filter = name, source, took = ?start.elapsed(), "not fetched, and nothing was kept: {error}");
                }
            },
        }
    }
}

/// Tells that a file has come and is what was ordered.
pub(super) fn told(name: &str, order: &Order, fetched: &Fetched, start: Instant) {
    let (source, digest, took) = (order.source.to_string(), fetched.digest, start.elapsed());
    let bytes = fetched.bytes;
    match &fetched.signed {
        Some(signed) => {
            tracing::info!(filter = name, source, %digest, bytes, ?took, signed, "fetched, the signature holds")
        }
        None => tracing::info!(filter = name, source, %digest, bytes, ?took, "fetched"),
    }
}

/// A time that has passed, for people: the largest unit that leaves two of them or more.
pub(super) fn ago(time: Duration) -> String {
    let seconds = time.as_secs();
    let units = [(86_400, "days"), (3600, "hours"), (60, "minutes")];
    match units.iter().find(|(unit, _)| seconds >= 2 * unit) {
        Some((unit, name)) => format!("{} {name}", seconds / unit),
        None => format!("{seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_for_people() {
        for (seconds, text) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 minutes"),
            (7199, "119 minutes"),
            (7200, "2 hours"),
            (500_000, "5 days"),
        ] {
            assert_eq!(ago(Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_server_is_asked_as_long_as_there_is_a_reason() {
        let order = |text: &str| Order::new(text.parse().unwrap());
        let keeper = |order: Order, refresh, has: bool| {
            let since = has.then(SystemTime::now);
            Keeper { since, ..Keeper::new("f".into(), order, Duration::from_secs(refresh)) }
        };
        let pinned = Order { digest: Some(supply::Digest::of(b"x")), ..order("https://h/f") };
        let seconds = |keeper: Keeper| keeper.pause().map(|pause| pause.as_secs());
        assert_eq!(seconds(keeper(order("https://h/f"), 300, true)), Some(300));
        assert_eq!(seconds(keeper(order("https://h/f"), 300, false)), Some(10));
        assert_eq!(seconds(keeper(order("https://h/f"), 0, true)), None);
        assert_eq!(seconds(keeper(order("https://h/f"), 0, false)), Some(10));
        assert_eq!(seconds(keeper(pinned.clone(), 300, true)), None);
        assert_eq!(seconds(keeper(pinned, 2, false)), Some(2));
    }
}
