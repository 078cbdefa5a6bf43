//! A subscription that can be polled beside others, without an allocation per batch.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use fanout::Entry;
use router::Subscription;

/// What a subscription told.
pub(crate) type Told = router::Event;

/// Runs `Subscription::next` again and again as one future that lives as long as the subscription.
pub(crate) struct Feed {
    slot: Arc<Mutex<Slot>>,
    pump: Pin<Box<dyn Future<Output = ()> + Send>>,
}

#[derive(Default)]
struct Slot {
    batch: Vec<Arc<Entry>>,
    told: Option<Told>,
}

impl Feed {
    pub(crate) fn new(subscription: Box<Subscription>) -> Feed {
        let slot = Arc::new(Mutex::new(Slot::default()));
        Feed { slot: slot.clone(), pump: Box::pin(pump(subscription, slot)) }
    }

    /// The next event; frames are put into `batch`, which must be empty.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>, batch: &mut Vec<Arc<Entry>>) -> Poll<Told> {
        let _ = self.pump.as_mut().poll(cx);
        let mut slot = self.slot.lock().unwrap_or_else(PoisonError::into_inner);
        match slot.told.take() {
            Some(told) => {
                std::mem::swap(&mut slot.batch, batch);
                Poll::Ready(told)
            }
            None => Poll::Pending,
        }
    }
}

async fn pump(mut subscription: Box<Subscription>, slot: Arc<Mutex<Slot>>) {
    let mut batch = Vec::new();
    loop {
        let told = subscription.next(&mut batch).await;
        {
            let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::swap(&mut slot.batch, &mut batch);
            slot.told = Some(told);
        }
        // Stops here until the next poll: a player that is still writing is not woken by frames that it cannot take.
        let mut stopped = false;
        std::future::poll_fn(|_| if std::mem::replace(&mut stopped, true) { Poll::Ready(()) } else { Poll::Pending })
            .await;
    }
}
