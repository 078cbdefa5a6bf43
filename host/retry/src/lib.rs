//! The retry loop, the only one of the house: connections to other servers and encoders are tried again by it.
//!
//! What is tried is the caller's ([`Work`]); when it is tried again is said here ([`Backoff`]).
#![forbid(unsafe_code)]

mod backoff;

use std::time::Duration;

use tokio::time::{Instant, sleep};

pub use backoff::{Backoff, Tries};

/// What is tried again and again.
pub trait Work: Send {
    /// One try, to its end.
    fn attempt(&mut self) -> impl Future<Output = Tried> + Send;

    /// The waits that hold now.
    fn backoff(&self) -> Backoff;

    /// It is tried again after this; `refused`: it would be in vain until somebody changes something.
    fn waits(&mut self, refused: bool, wait: Duration);
}

/// How a try ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// There is nothing left to try.
    Done,
    /// It is to be tried again.
    Again {
        /// How long it was live; none: it was not.
        live: Option<Duration>,
        /// It was refused, and would be again until somebody changes something.
        refused: bool,
    },
}

/// Tries, and waits longer and longer while it is in vain. Returns when there is nothing left to try.
pub async fn keep(mut work: impl Work) {
    let born = Instant::now();
    let mut tries = Tries::default();
    loop {
        let Tried::Again { live, refused } = work.attempt().await else { return };
        if let Some(time) = live {
            tries.was_live(time, born.elapsed());
        }
        let wait = tries.wait(work.backoff(), refused, born.elapsed(), rand::random());
        work.waits(refused, wait);
        sleep(wait).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Script {
        tries: Vec<Tried>,
        waits: Vec<(bool, u64)>,
    }

    impl Work for &mut Script {
        async fn attempt(&mut self) -> Tried {
            if self.tries.is_empty() { Tried::Done } else { self.tries.remove(0) }
        }
        fn backoff(&self) -> Backoff {
            Backoff::default()
        }
        fn waits(&mut self, refused: bool, wait: Duration) {
            self.waits.push((refused, wait.as_secs_f64().round() as u64));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_tried_until_it_is_done() {
        let again = |live: Option<u64>, refused| Tried::Again { live: live.map(Duration::from_secs), refused };
        let tries = vec![again(None, false), again(None, true), again(Some(60), false)];
        let mut script = Script { tries, waits: Vec::new() };
        keep(&mut script).await;
        let refused: Vec<bool> = script.waits.iter().map(|(refused, _)| *refused).collect();
        assert_eq!(refused, [false, true, false]);
        assert_eq!((script.waits[0].1, script.waits[2].1), (1, 1), "{:?}", script.waits);
        assert!(script.waits[1].1 >= 24, "{:?}", script.waits);
    }
}
