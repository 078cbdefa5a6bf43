//! An encoder at work: a numbered stream that goes on until it is told to stop.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::flow::{publisher, send, unpublish};
use crate::router::Router;
use crate::{numbered, wait};

/// It publishes pictures and sound of the same numbers from 0 on.
pub struct Encoder {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<u64>,
}

impl Encoder {
    /// Publishes `app`/`name`: the headers and frame 0 are sent when this comes back, and then a frame of so many bytes each time `every`
    /// has passed.
    pub fn start(router: &Router, app: &str, name: &str, bytes: usize, every: Duration) -> Encoder {
        let mut source = publisher(router, app, name);
        let frame = move |n| [numbered::video(n, bytes), numbered::audio(n)];
        send(&mut source, &[numbered::header(), numbered::audio_header()]);
        send(&mut source, &frame(0));
        let stop = Arc::new(AtomicBool::new(false));
        let (stopped, name) = (Arc::clone(&stop), name.to_owned());
        let thread = std::thread::spawn(move || {
            let (started, mut due, mut next) = (Instant::now(), Duration::ZERO, 1);
            while !stopped.load(Ordering::Relaxed) {
                send(&mut source, &frame(next));
                next += 1;
                due += every;
                wait::due(started, due);
            }
            unpublish(&mut source, &name);
            next
        });
        Encoder { stop, thread }
    }

    /// Tells it to stop, and does not wait for that.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Ends it as encoders end: the number that would have been next.
    pub fn end(self) -> u64 {
        self.stop();
        self.thread.join().expect("a publisher that nobody closed")
    }
}
