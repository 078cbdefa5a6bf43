//! Waiting for what sends no word: the port or the file of another program, a counter in a report.
//!
//! Whatever does send word is waited for by it: a line by [`Process::line`](crate::process::Process::line), a message by
//! [`flow::receive`](crate::flow::receive). No other room sleeps.

use std::fmt::Display;
use std::time::{Duration, Instant};

use crate::PATIENCE;

/// From one look to the next.
const LOOK: Duration = Duration::from_millis(10);

/// Looks until it is so.
pub fn until(what: &str, mut is: impl FnMut() -> bool) {
    until_some(what, || is().then_some(()).ok_or("it is not so"));
}

/// Looks until there is something, and says what there is instead if it does not come.
pub fn until_some<T, E: Display>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let mut instead = None;
    let found = within(PATIENCE, || look().map_err(|other| instead = Some(other)).ok());
    found.unwrap_or_else(|| panic!("in vain waited for: {what}; {}", instead.map_or(String::new(), |e| e.to_string())))
}

/// Looks for so long; at least once.
pub fn within<T>(patience: Duration, mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + patience;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() >= deadline {
            return None;
        }
        std::thread::sleep(LOOK);
    }
}

/// Keeps what is sent to its times: one that is due `at` after the start does not go before.
pub fn due(started: Instant, at: Duration) {
    std::thread::sleep(at.saturating_sub(started.elapsed()));
}

/// By how much something grows in a span of time, which is all that passes in it.
pub fn growth(span: Duration, count: impl Fn() -> u64) -> u64 {
    let before = count();
    std::thread::sleep(span);
    count() - before
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_looked_for_until_it_is_there() {
        let mut looks = 0;
        let found = until_some("the third look", || {
            looks += 1;
            if looks == 3 { Ok(looks) } else { Err(looks) }
        });
        assert_eq!(found, 3);
        assert_eq!(within(Duration::ZERO, || None::<()>), None);
        assert_eq!(within(Duration::ZERO, || Some(1)), Some(1));
    }
}
