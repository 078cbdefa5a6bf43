//! Waiting for what sends no word: a counter, a listing, the port of another program. Nothing else here sleeps but a source that keeps a pace.

use std::time::Duration;

use crate::process::PATIENCE;

/// Looks until there is something, and says what there is instead if it does not come.
pub async fn until<T, E: std::fmt::Display>(what: &str, mut look: impl FnMut() -> Result<T, E>) -> T {
    let mut instead = None;
    let looking = async {
        loop {
            match look() {
                Ok(found) => return found,
                Err(other) => instead = Some(other),
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.unwrap_or_else(|_| panic!("in vain waited for: {what}; {}", instead.map_or(String::new(), |e| e.to_string())))
}
