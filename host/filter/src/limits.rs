//! What one instance may use: memory and tables, and per call host functions and copied bytes.

use wasmtime::ResourceLimiter;

use crate::Limits;

/// The host's refusal inside a call: it ends the call as a trap does.
#[derive(Debug, thiserror::Error)]
#[error("{why}")]
pub(crate) struct Overstep {
    why: String,
    /// The key of the configuration that says how much it may be.
    pub(crate) limit: Option<&'static str>,
}

/// An error that traps, with this text.
pub(crate) fn overstep(text: impl Into<String>) -> wasmtime::Error {
    wasmtime::Error::new(Overstep { why: text.into(), limit: None })
}

/// The same for more than the operator allows.
fn beyond(text: String, limit: &'static str) -> wasmtime::Error {
    wasmtime::Error::new(Overstep { why: format!("{text} ({limit})"), limit: Some(limit) })
}

/// What an instance asked for and did not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// More bytes of linear memory than these.
    Memory(usize),
    /// More elements of a table than these.
    Table(usize),
}

impl Denied {
    /// The key of the configuration that says how much it may be.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Denied::Memory(_) => "limits.memory",
            Denied::Table(_) => "limits.table_elements",
        }
    }
}

impl std::fmt::Display for Denied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Denied::Memory(most) => write!(f, "it was refused memory beyond {most} bytes")?,
            Denied::Table(most) => write!(f, "it was refused a table of more than {most} elements")?,
        }
        write!(f, " ({})", self.key())
    }
}

/// Linear memory and tables of one instance, all together.
#[derive(Debug)]
pub(crate) struct Limiter {
    most_bytes: usize,
    most_elements: usize,
    bytes: usize,
    /// Growth was refused since the last look.
    refused: Option<Denied>,
}

/// Core instances, memories and tables in one component: more than any toolchain makes.
const MOST_PARTS: usize = 64;

impl Limiter {
    pub(crate) fn new(limits: &Limits) -> Limiter {
        Limiter { most_bytes: limits.memory_bytes, most_elements: limits.table_elements, bytes: 0, refused: None }
    }

    /// Bytes of linear memory in use; memory never shrinks, so this is the most there was.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// What it was refused since the last look.
    pub(crate) fn refused(&self) -> Option<Denied> {
        self.refused
    }

    pub(crate) fn forget_refusal(&mut self) {
        self.refused = None;
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(&mut self, current: usize, desired: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        let bytes = self.bytes.saturating_sub(current).saturating_add(desired);
        let fits = bytes <= self.most_bytes;
        if fits {
            self.bytes = bytes;
        } else {
            self.refused = Some(Denied::Memory(self.most_bytes));
        }
        Ok(fits)
    }

    fn table_growing(&mut self, _current: usize, desired: usize, _most: Option<usize>) -> wasmtime::Result<bool> {
        let fits = desired <= self.most_elements;
        if !fits {
            self.refused = Some(Denied::Table(self.most_elements));
        }
        Ok(fits)
    }

    fn instances(&self) -> usize {
        MOST_PARTS
    }

    fn memories(&self) -> usize {
        MOST_PARTS
    }

    fn tables(&self) -> usize {
        MOST_PARTS
    }
}

/// What one call may still do, counted anew for each.
#[derive(Debug)]
pub(crate) struct Budget {
    most_calls: u32,
    most_copied: usize,
    calls: u32,
    copied: usize,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Budget {
        Budget { most_calls: limits.host_calls, most_copied: limits.copied_bytes, calls: 0, copied: 0 }
    }

    /// A call begins; returns nothing left over from the last.
    pub(crate) fn begin(&mut self) {
        self.calls = 0;
        self.copied = 0;
    }

    /// Bytes copied between host and guest since the call began.
    pub(crate) fn copied(&self) -> usize {
        self.copied
    }

    /// Host functions called since the call began.
    pub(crate) fn calls(&self) -> u32 {
        self.calls
    }

    /// The host copies bytes for the call itself: arguments and results.
    pub(crate) fn copy(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.copied = self.copied.saturating_add(bytes);
        if self.copied > self.most_copied {
            return Err(beyond(format!("more than {} bytes copied in one call", self.most_copied), "limits.copied"));
        }
        Ok(())
    }

    /// The guest calls a host function that copies this many bytes.
    pub(crate) fn host_call(&mut self, bytes: usize) -> wasmtime::Result<()> {
        self.calls = self.calls.saturating_add(1);
        if self.calls > self.most_calls {
            return Err(beyond(
                format!("more than {} host functions called in one call", self.most_calls),
                "limits.host_calls",
            ));
        }
        self.copy(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Limits {
        Limits { memory_bytes: 3 << 16, table_elements: 10, host_calls: 2, copied_bytes: 100, ..Limits::default() }
    }

    #[test]
    fn memories_count_together() {
        let mut limiter = Limiter::new(&limits());
        assert!(limiter.memory_growing(0, 1 << 16, None).unwrap());
        assert!(limiter.memory_growing(0, 1 << 16, None).unwrap());
        assert!(limiter.memory_growing(1 << 16, 2 << 16, None).unwrap());
        assert_eq!(limiter.refused(), None);
        assert!(!limiter.memory_growing(2 << 16, 3 << 16, None).unwrap());
        assert_eq!((limiter.bytes(), limiter.refused()), (3 << 16, Some(Denied::Memory(3 << 16))));
        assert!(limiter.table_growing(0, 10, None).unwrap() && !limiter.table_growing(0, 11, None).unwrap());
    }

    #[test]
    fn a_budget_is_for_one_call() {
        let mut budget = Budget::new(&limits());
        budget.copy(60).unwrap();
        budget.host_call(40).unwrap();
        assert_eq!(budget.copied(), 100);
        assert!(budget.host_call(1).unwrap_err().to_string().contains("100 bytes"));
        assert!(budget.host_call(0).unwrap_err().to_string().contains("2 host functions"));
        budget.begin();
        budget.host_call(100).unwrap();
    }
}
