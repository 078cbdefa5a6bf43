//! Who watches a stream: a list in the bucket, of who and until when. A place that nobody renews is free again, so that neither a
//! crash nor a lost connection keeps it for ever.

use guest_sdk::{clock, kv, log};

/// How often a viewer's place is renewed.
pub(crate) const RENEW_MS: u32 = 20_000;
/// Two renewals may be missed.
const LASTS_MS: u64 = 65_000;
/// Others change the list at the same time; after so many tries the answer is no.
const TRIES: usize = 50;
const ENTRY: usize = 16;

fn key(path: &str) -> String {
    format!("viewers/{path}")
}

/// Entries that still hold, without this viewer's.
fn others(list: &[u8], viewer: u64, now: u64) -> Vec<u8> {
    let holds = |entry: &&[u8]| {
        let number = |at: usize| entry.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
        number(0) != viewer && number(8) > now
    };
    list.chunks_exact(ENTRY).filter(holds).flatten().copied().collect()
}

/// Viewers cannot be counted at the moment. Why stands in the log: it is none of theirs.
pub(crate) struct Uncounted;

/// Takes a place, or renews it. `false`: all of them are taken.
pub(crate) fn enter(bucket: &str, path: &str, viewer: u64, most: u32) -> Result<bool, Uncounted> {
    let unavailable = |error: kv::KvError| uncounted(bucket, path, &kv::why(&error));
    let key = key(path);
    for _ in 0..TRIES {
        let now = clock::unix_ms();
        let item = kv::get(bucket, &key).map_err(unavailable)?;
        let mut list = others(item.as_ref().map_or(&[], |item| &item.value), viewer, now);
        if list.len() / ENTRY >= most as usize {
            return Ok(false);
        }
        list.extend(viewer.to_be_bytes());
        list.extend(now.saturating_add(LASTS_MS).to_be_bytes());
        match kv::compare_and_set(bucket, &key, item.map(|item| item.version), &list, Some(LASTS_MS)) {
            Ok(_) => return Ok(true),
            Err(kv::KvError::Conflict) => {}
            Err(error) => return Err(unavailable(error)),
        }
    }
    Err(uncounted(bucket, path, "too many come at once"))
}

fn uncounted(bucket: &str, path: &str, why: &str) -> Uncounted {
    log::write(log::Level::Error, "viewers cannot be counted", &[("stream", path), ("bucket", bucket), ("why", why)]);
    Uncounted
}

/// Gives a place back.
pub(crate) fn leave(bucket: &str, path: &str, viewer: u64) {
    let key = key(path);
    for _ in 0..TRIES {
        let Ok(Some(item)) = kv::get(bucket, &key) else { return };
        let list = others(&item.value, viewer, clock::unix_ms());
        match kv::compare_and_set(bucket, &key, Some(item.version), &list, Some(LASTS_MS)) {
            Err(kv::KvError::Conflict) => {}
            _ => return,
        }
    }
}
