//! How much memory a piece of code holds at its worst, so that targets can assert bounds.

#![allow(unsafe_code, reason = "a global allocator cannot be written without; this one only counts and passes on")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

/// The system's allocator with a count per thread: tests run beside each other.
struct Counting;

thread_local! {
    /// Bytes held now and the most since the last measurement began. Memory that other threads free makes the count
    /// negative; targets run on one thread.
    static HELD: Cell<(isize, isize)> = const { Cell::new((0, 0)) };
}

fn count(bytes: isize) {
    // A thread that ends frees memory when its own count is gone already.
    let _ = HELD.try_with(|held| {
        let (now, most) = held.get();
        let now = now + bytes;
        held.set((now, most.max(now)));
    });
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
        // While it moves, both are held.
        count(size as isize);
        count(-(layout.size() as isize));
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `work` and asserts that it never held more than `most` bytes beyond what was held before.
///
/// # Panics
/// It did.
#[track_caller]
pub fn within<T>(most: usize, work: impl FnOnce() -> T) -> T {
    let (before, _) = HELD.get();
    HELD.set((before, before));
    let made = work();
    let (_, peak) = HELD.get();
    let used = peak - before;
    assert!(used <= most as isize, "{used} bytes were held at one time, {most} are the bound");
    made
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn memory_is_counted() {
        within(1100, || drop(vec![1u8; 1000]));
        let over = std::panic::catch_unwind(|| within(900, || drop(vec![1u8; 1000])));
        assert!(over.is_err());
        within(1100, || (0..1000).for_each(|_| drop(vec![1u8; 1000])));
    }
}
