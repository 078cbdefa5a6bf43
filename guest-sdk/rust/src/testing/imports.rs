//! The functions of the host as the filter calls them, with the names and types of the generated ones.

pub(crate) mod log {
    pub use crate::bindings::weir::filter::log::Level;
    use crate::testing::host::{LogLine, with};

    /// Whether a line of this level would be written.
    pub fn enabled(_: Level) -> bool {
        true
    }

    pub(crate) fn write(level: Level, message: &str, fields: &[(String, String)]) {
        with(|h| h.log.push(LogLine { level, message: message.into(), fields: fields.to_vec() }));
    }
}

pub(crate) mod metrics {
    use crate::testing::host::with;

    /// Adds to a counter.
    pub fn add(counter: &str, delta: u64) {
        with(|h| {
            let n = h.counters.entry(counter.into()).or_default();
            *n = n.saturating_add(delta);
        });
    }

    /// Sets a gauge.
    pub fn set(gauge: &str, value: f64) {
        with(|h| h.gauges.insert(gauge.into(), value));
    }

    /// Notes one observation of a histogram.
    pub fn observe(histogram: &str, _: f64) {
        add(histogram, 1);
    }
}

pub(crate) mod clock {
    use crate::testing::host::with;

    /// Nanoseconds from a fixed point; never goes back.
    pub fn monotonic_ns() -> u64 {
        with(|h| h.unix_ms.saturating_sub(h.started_ms).saturating_mul(1_000_000))
    }

    /// Milliseconds since 1970-01-01 UTC.
    pub fn unix_ms() -> u64 {
        with(|h| h.unix_ms)
    }
}

pub(crate) mod config {
    use crate::testing::host::with;

    pub(crate) fn json() -> String {
        with(|h| h.config.clone())
    }

    pub(crate) fn secret(name: &str) -> Option<String> {
        with(|h| h.secrets.get(name).cloned())
    }
}

pub(crate) mod entropy {
    use crate::testing::host::with;

    /// `len` random bytes, at most 4096 at a time. The fake's are the same in every run.
    pub fn fill(len: u32) -> Vec<u8> {
        assert!(len <= 4096, "entropy.fill: at most 4096 bytes at a time");
        let byte = |h: &mut super::super::host::Host| {
            h.random ^= h.random << 13;
            h.random ^= h.random >> 7;
            h.random ^= h.random << 17;
            h.random.to_le_bytes()[0]
        };
        with(|h| (0..len).map(|_| byte(h)).collect())
    }
}

pub(crate) mod kv {
    pub use crate::bindings::weir::filter::kv::{Item, KvError};
    use crate::testing::host::{Host, with};

    fn live<'h>(h: &'h mut Host, bucket: &str, key: &str) -> Result<Option<&'h Item>, KvError> {
        if !h.buckets.contains(bucket) {
            return Err(KvError::Denied);
        }
        let now = h.unix_ms;
        let at = (bucket.to_owned(), key.to_owned());
        if h.kv.get(&at).is_some_and(|(_, until)| until.is_some_and(|t| t <= now)) {
            h.kv.remove(&at);
        }
        Ok(h.kv.get(&at).map(|(item, _)| item))
    }

    fn put(h: &mut Host, bucket: &str, key: &str, value: &[u8], ttl_ms: Option<u64>) -> u64 {
        h.version += 1;
        let until = ttl_ms.map(|ms| h.unix_ms.saturating_add(ms));
        let item = Item { value: value.to_vec(), version: h.version };
        h.kv.insert((bucket.into(), key.into()), (item, until));
        h.version
    }

    /// The value of a key.
    pub fn get(bucket: &str, key: &str) -> Result<Option<Item>, KvError> {
        with(|h| live(h, bucket, key).map(|i| i.cloned()))
    }

    /// Returns the new version.
    pub fn set(bucket: &str, key: &str, value: &[u8], ttl_ms: Option<u64>) -> Result<u64, KvError> {
        with(|h| {
            live(h, bucket, key)?;
            Ok(put(h, bucket, key, value, ttl_ms))
        })
    }

    /// As `set`, if the version is still `expect`.
    pub fn compare_and_set(
        bucket: &str,
        key: &str,
        expect: Option<u64>,
        value: &[u8],
        ttl_ms: Option<u64>,
    ) -> Result<u64, KvError> {
        with(|h| {
            if live(h, bucket, key)?.map(|i| i.version) != expect {
                return Err(KvError::Conflict);
            }
            Ok(put(h, bucket, key, value, ttl_ms))
        })
    }

    /// Adds to a decimal number.
    pub fn add(bucket: &str, key: &str, delta: i64, ttl_ms: Option<u64>) -> Result<i64, KvError> {
        with(|h| {
            let text = live(h, bucket, key)?.map(|i| String::from_utf8_lossy(&i.value).into_owned());
            let have: i64 = match text {
                Some(t) => t.parse().map_err(|_| KvError::Unavailable("not a number".into()))?,
                None => 0,
            };
            let sum = have.saturating_add(delta);
            put(h, bucket, key, sum.to_string().as_bytes(), ttl_ms);
            Ok(sum)
        })
    }

    /// Forgets a key.
    pub fn delete(bucket: &str, key: &str) -> Result<(), KvError> {
        with(|h| {
            live(h, bucket, key)?;
            h.kv.remove(&(bucket.into(), key.into()));
            Ok(())
        })
    }
}

pub(crate) mod outbound {
    pub use crate::bindings::weir::filter::outbound::{CallError, Request, Response};
    use crate::testing::host::with;

    /// One HTTP request.
    pub fn send(req: &Request) -> Result<Response, CallError> {
        with(|h| {
            h.requests.push(req.clone());
            h.replies.pop_front().unwrap_or(Err(CallError::Denied))
        })
    }
}

pub(crate) use super::{frame, output};
