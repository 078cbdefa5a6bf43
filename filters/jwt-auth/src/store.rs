//! The keys at hand: fetched, kept for a while, and fetched again for a key that nobody knows yet.

use guest_sdk::{http, kv, log};
use serde::{Deserialize, Serialize};

use crate::config::Jwks;
use crate::keys::{self, Key};

/// After a fetch that failed the server has this long to come back, in milliseconds.
const RETRY_MS: u64 = 5000;
/// The key in the bucket under which the set is kept.
const KEPT: &str = "jwks";

/// See the module. One per instance; a bucket is what instances share.
pub(crate) struct Store {
    jwks: Jwks,
    keys: Vec<Key>,
    /// When the keys were fetched, in unix time in milliseconds; 0: never.
    fetched_ms: u64,
    /// When a fetch was last tried.
    tried_ms: u64,
}

#[derive(Serialize, Deserialize)]
struct Kept {
    fetched_ms: u64,
    url: String,
    jwks: String,
}

impl Store {
    pub(crate) fn new(jwks: Jwks) -> Store {
        Store { jwks, keys: Vec::new(), fetched_ms: 0, tried_ms: 0 }
    }

    /// The keys, fetched if they are too old. None: there are none that may still be used.
    pub(crate) fn keys(&mut self, now_ms: u64) -> Option<&[Key]> {
        if !self.younger_than(self.jwks.refresh_ms, now_ms) {
            self.recall();
        }
        if !self.younger_than(self.jwks.refresh_ms, now_ms) && now_ms.saturating_sub(self.tried_ms) >= RETRY_MS {
            self.fetch(now_ms);
        }
        self.younger_than(self.jwks.max_age_ms, now_ms).then_some(self.keys.as_slice())
    }

    /// Looks for keys that are new. At most every `refetch`, or who invents key names would make us flood the server.
    pub(crate) fn look_again(&mut self, now_ms: u64) -> &[Key] {
        let recently = |at: u64, within: u64| now_ms.saturating_sub(at) < within;
        self.recall();
        if !recently(self.fetched_ms.max(self.tried_ms), self.jwks.refetch_ms) {
            self.fetch(now_ms);
        }
        &self.keys
    }

    fn younger_than(&self, age_ms: u64, now_ms: u64) -> bool {
        self.fetched_ms != 0 && now_ms.saturating_sub(self.fetched_ms) < age_ms
    }

    /// Takes over what another instance has fetched, if that is newer.
    fn recall(&mut self) {
        let bucket = &self.jwks.bucket;
        let item = match kv::get(bucket, KEPT) {
            Ok(Some(item)) => item,
            Ok(None) => return,
            Err(error) => return log::warn(&format!("the bucket {bucket} cannot be read: {}", kv::why(&error))),
        };
        let kept = serde_json::from_slice::<Kept>(&item.value).ok();
        if let Some(kept) = kept.filter(|kept| kept.fetched_ms > self.fetched_ms && kept.url == self.jwks.url)
            && let Ok(keys) = keys::read(kept.jwks.as_bytes())
        {
            (self.keys, self.fetched_ms) = (keys, kept.fetched_ms);
        }
    }

    fn fetch(&mut self, now_ms: u64) {
        self.tried_ms = now_ms;
        let url = &self.jwks.url;
        let fetched =
            http::Request::get(url).header("accept", "application/json").timeout_ms(self.jwks.timeout_ms).send();
        let read = match fetched {
            Ok(response) if response.status() == 200 => keys::read(response.body()).map(|keys| (keys, response.text())),
            Ok(response) => Err(format!("status {}", response.status())),
            Err(error) => Err(error.to_string()),
        };
        match read {
            Ok((keys, jwks)) => {
                (self.keys, self.fetched_ms) = (keys, now_ms);
                let kept = Kept { fetched_ms: now_ms, url: url.clone(), jwks };
                let bucket = &self.jwks.bucket;
                if let Ok(kept) = serde_json::to_vec(&kept)
                    && let Err(error) = kv::set(bucket, KEPT, &kept, Some(self.jwks.max_age_ms))
                {
                    log::warn(&format!("the bucket {bucket} cannot be written: {}", kv::why(&error)));
                }
            }
            Err(why) => log::warn(&format!("the keys at {url} cannot be had: {why}")),
        }
    }
}
