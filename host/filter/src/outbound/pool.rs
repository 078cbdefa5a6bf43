//! Connections that wait for the next call.

use std::collections::HashMap;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, ReadBuf};

use super::connect::Link;
use super::origin::Origin;

/// See the module.
pub(super) struct Pool {
    /// Of one server.
    most: usize,
    time: Duration,
    idle: Arc<Mutex<Idle>>,
}

#[derive(Default)]
struct Idle {
    /// By server; those that came last are used first.
    links: HashMap<String, Vec<(Link, Instant)>>,
    /// A task is there that closes those whose time is over.
    swept: bool,
}

fn lock(idle: &Mutex<Idle>) -> MutexGuard<'_, Idle> {
    idle.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Pool {
    pub(super) fn new(most: usize, time: Duration) -> Pool {
        Pool { most, time, idle: Arc::default() }
    }

    /// A connection on which nothing has happened since it was kept.
    pub(super) async fn take(&self, origin: &Origin) -> Option<Link> {
        loop {
            let (mut link, since) = lock(&self.idle).links.get_mut(&origin.to_string())?.pop()?;
            if since.elapsed() < self.time && is_quiet(&mut link).await {
                return Some(link);
            }
        }
    }

    pub(super) fn keep(&self, origin: &Origin, link: Link) {
        let mut idle = lock(&self.idle);
        let links = idle.links.entry(origin.to_string()).or_default();
        if links.len() < self.most {
            links.push((link, Instant::now()));
        }
        if !std::mem::replace(&mut idle.swept, true) {
            tokio::spawn(sweep(Arc::clone(&self.idle), self.time));
        }
    }
}

/// Whether the server has neither said anything nor closed.
async fn is_quiet(link: &mut Link) -> bool {
    let mut byte = [0];
    poll_fn(|cx| Poll::Ready(Pin::new(&mut *link).poll_read(cx, &mut ReadBuf::new(&mut byte)).is_pending())).await
}

/// Closes connections whose time is over, until there are none.
async fn sweep(idle: Arc<Mutex<Idle>>, time: Duration) {
    loop {
        tokio::time::sleep(time).await;
        let mut idle = lock(&idle);
        for links in idle.links.values_mut() {
            links.retain(|(_, since)| since.elapsed() < time);
        }
        idle.links.retain(|_, links| !links.is_empty());
        if idle.links.is_empty() {
            idle.swept = false;
            return;
        }
    }
}
