//! What streams cost in memory: a service that has thousands of them pays for every byte that is kept per stream.

#![allow(unsafe_code, reason = "a global allocator cannot be written without; this one only counts and passes on")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::Arc;

use filter::{Filter, Isolation, Limits, MediaChain, Spec, StreamInfo};
use serde_json::Value;

use crate::kit::*;

const STREAMS: usize = 200;

/// The system's allocator with a count per thread: tests run beside each other.
struct Counting;

thread_local! {
    /// Bytes that this thread has asked for and not given back.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

fn count(bytes: isize) {
    // A thread that ends frees memory when its own count is gone already.
    let _ = HELD.try_with(|held| held.set(held.get() + bytes));
}

// SAFETY: every call is passed on as it came; only numbers are kept.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size() as isize);
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        count(-(layout.size() as isize));
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size as isize - layout.size() as isize);
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Bytes per stream while it runs: its headers, of the usual sizes, and two seconds of audio and video have gone through. With the
/// streams, which are to go when all is measured.
fn running(filters: &[Arc<Filter>]) -> (isize, Vec<MediaChain>) {
    let frames = [vec![avc_header(0, &[0; 40]), aac_header(0)], video(0..50, 25), vec![aac(1980)]].concat();
    let publisher = Arc::default();
    let mut chains = Vec::with_capacity(STREAMS + 1);
    let mut out = Vec::with_capacity(4);
    let mut before = 0;
    for n in 0..=STREAMS {
        // What the first one costs is not each one's.
        if n == 1 {
            before = HELD.get();
        }
        let info = StreamInfo { publisher: Arc::clone(&publisher), ..stream(&format!("camera-{n:03}")) };
        let mut chain = MediaChain::open(filters, info);
        for frame in &frames {
            chain.push(frame.clone(), &mut out).unwrap();
            out.clear();
        }
        chains.push(chain);
    }
    ((HELD.get() - before) / STREAMS as isize, chains)
}

#[tokio::test]
async fn a_running_stream_of_a_shared_instance_takes_at_most_a_kilobyte() {
    let limits = Limits { streams_per_instance: STREAMS + 1, ..Limits::default() };
    let shared = Spec { isolation: Isolation::Shared, limits, ..spec("conformance/noop", Value::Null) };
    let filter = load(&runtime(), shared).await;
    let (without, _chains) = running(&[]);
    let (with, _filtered) = running(std::slice::from_ref(&filter));
    let report = filter.counters();
    assert_eq!((report.streams, report.instances, report.events.traps), (STREAMS + 1, 1, 0), "{report}");
    let host = with - without;
    assert!((1..=1024).contains(&host), "{host} bytes");
}
