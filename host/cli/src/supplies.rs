//! Filters that come from elsewhere, as the router runs: what was kept at the start, what servers have now and then.
//!
//! What is new is not trusted for having come: the runtime checks, compiles and tries it, and only then it is the last good one of its
//! source, from which the next start goes on. What does not come, or is not good, changes nothing.

mod keeper;

use std::{collections::BTreeMap, path::PathBuf, time::Instant};

use supply::{Answer, Fetched, Order, Settings, Supplier};
use tokio::{sync::mpsc, task::JoinSet};

pub(crate) use self::keeper::Arrival;
use self::keeper::Keeper;
use crate::config::Config;

/// Asks servers for filters.
pub(crate) struct Supplies {
    supplier: Option<(Settings, Supplier)>,
    /// One task for each source that is asked again. Dropping it ends them.
    keepers: JoinSet<()>,
    arrivals: mpsc::Receiver<Arrival>,
    arrive: mpsc::Sender<Arrival>,
}

/// A file that may be loaded.
#[derive(Clone, Debug)]
pub(crate) struct Supplied {
    pub(crate) order: Order,
    /// Where it is; the runtime reads it with its digest.
    pub(crate) file: PathBuf,
    pub(crate) digest: supply::Digest,
    /// It has just come: whether it is good is not known.
    pub(crate) fetched: Option<Fetched>,
    keeper: Keeper,
}

impl Supplies {
    pub(crate) fn new() -> Supplies {
        // The sender waits while the one before is tried out.
        let (arrive, arrivals) = mpsc::channel(1);
        Supplies { supplier: None, keepers: JoinSet::new(), arrivals, arrive }
    }

    /// What there is for every order: what was kept, or else what the server has. Nobody is asked again until
    /// [`follow`](Supplies::follow). What goes wrong has been told.
    pub(crate) async fn find(&mut self, config: &Config, orders: Vec<(String, Order)>) -> BTreeMap<String, Supplied> {
        // What still comes was ordered by what held before.
        self.keepers.abort_all();
        if orders.is_empty() {
            return BTreeMap::new();
        }
        let Some(supplier) = self.supplier(config) else { return BTreeMap::new() };
        let mut found = BTreeMap::new();
        let mut looking = JoinSet::new();
        for (name, order) in orders {
            let (supplier, refresh) =
                (supplier.clone(), config.filters.get(&name).map(|filter| filter.origin.refresh).unwrap_or_default());
            let keeper = Keeper::new(name, order, refresh);
            looking.spawn(async move {
                let supplied = look(&supplier, keeper.clone()).await;
                (keeper, supplied)
            });
        }
        while let Some(looked) = looking.join_next().await {
            match looked {
                Ok((keeper, Some(supplied))) => {
                    found.insert(keeper.name.clone(), supplied);
                }
                Ok((keeper, None)) => self.keep_asking(&supplier, keeper),
                Err(error) => tracing::error!(%error, "a filter's source was not asked"),
            }
        }
        found
    }

    /// Goes on asking for what [`find`](Supplies::find) found; `good` says that it runs.
    pub(crate) fn follow(&mut self, supplied: Supplied, good: bool) {
        let Some((_, supplier)) = self.supplier.clone() else { return };
        let Supplied { order, fetched, mut keeper, .. } = supplied;
        if let Some(fetched) = &fetched {
            settle(&supplier, &keeper.name, &order, fetched, good);
            keeper.came(fetched, good);
        }
        self.keep_asking(&supplier, keeper);
    }

    fn keep_asking(&mut self, supplier: &Supplier, keeper: Keeper) {
        while self.keepers.try_join_next().is_some() {}
        self.keepers.spawn(keeper.ask(supplier.clone(), self.arrive.clone()));
    }

    /// The next file that has come. Cancel safe.
    pub(crate) async fn arrived(&mut self) -> Arrival {
        match self.arrivals.recv().await {
            Some(arrival) => arrival,
            // The other end lives as long as `self`.
            None => std::future::pending().await,
        }
    }

    /// An arrival was tried out.
    pub(crate) fn settle(&self, arrival: Arrival, good: bool) {
        if let Some((_, supplier)) = &self.supplier {
            settle(supplier, &arrival.name, &arrival.order, &arrival.fetched, good);
        }
        // Nobody may wait for it any more.
        let _ = arrival.good.send(good);
    }

    fn supplier(&mut self, config: &Config) -> Option<Supplier> {
        let wanted = settings(config);
        if let Some((_, supplier)) = self.supplier.as_ref().filter(|(settings, _)| *settings == wanted) {
            return Some(supplier.clone());
        }
        match Supplier::new(wanted.clone()) {
            Ok(supplier) => {
                self.supplier = Some((wanted, supplier.clone()));
                Some(supplier)
            }
            Err(error) => {
                tracing::error!("{error}: filters from elsewhere are not fetched");
                None
            }
        }
    }
}

/// What the supplier is told.
pub(crate) fn settings(config: &Config) -> Settings {
    let fetch = &config.fetch;
    Settings {
        dir: fetch.dir.clone(),
        max_bytes: config.wasm.max_file_bytes,
        timeout: fetch.timeout,
        ca: fetch.ca.clone(),
    }
}

/// What was kept; without it, what the server has.
async fn look(supplier: &Supplier, mut keeper: Keeper) -> Option<Supplied> {
    let (name, order) = (keeper.name.clone(), keeper.order.clone());
    let source = order.source.to_string();
    let (looker, of) = (supplier.clone(), order.clone());
    match tokio::task::spawn_blocking(move || looker.kept(&of)).await {
        Ok(Ok(Some(kept))) => {
            let (digest, age) = (kept.digest, keeper::ago(kept.age));
            tracing::info!(filter = name, source, %digest, "found what was fetched {age} ago");
            keeper.has(&kept);
            return Some(Supplied { order, file: kept.file, digest, fetched: None, keeper });
        }
        Ok(Ok(None)) => {}
        Ok(Err(error)) => tracing::warn!(filter = name, source, "not used: {error}"),
        Err(error) => tracing::error!(filter = name, source, %error, "what was kept was not read"),
    }
    let start = Instant::now();
    match supplier.fetch(&order, None).await {
        Ok(Answer::New(fetched)) => {
            keeper::told(&name, &order, &fetched, start);
            Some(Supplied { order, file: fetched.file.clone(), digest: fetched.digest, fetched: Some(fetched), keeper })
        }
        Ok(Answer::Unchanged) => None,
        Err(error) => {
            tracing::error!(filter = name, source, took = ?start.elapsed(), "not fetched, and nothing was kept: {error}");
            None
        }
    }
}

fn settle(supplier: &Supplier, name: &str, order: &Order, fetched: &Fetched, good: bool) {
    if !good {
        supplier.discard(fetched);
    } else if let Err(error) = supplier.keep(order, fetched) {
        tracing::error!(filter = name, source = %order.source, "a restart without the network will not have it: {error}");
    }
}
