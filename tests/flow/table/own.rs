//! The tests' own client as a player: every message, with nothing left out.

use std::net::SocketAddr;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Instant;

use weir_tests::PATIENCE;
use weir_tests::flv::Tag;
use weir_tests::rtmp::Client;

/// A player on a thread of its own.
pub(super) struct Own {
    seen: Arc<(Mutex<Vec<Tag>>, Condvar)>,
    thread: JoinHandle<Result<(), String>>,
}

impl Own {
    /// Plays `app`/`name` until the publisher is gone.
    pub(super) fn start(address: SocketAddr, app: &str, name: &str) -> Own {
        let seen = Arc::new((Mutex::new(Vec::new()), Condvar::new()));
        let keep = Arc::clone(&seen);
        let mut client = Client::connect(address, app).expect("the router accepts the connection");
        client.play(name).expect("a connection");
        let thread = std::thread::spawn(move || {
            let deadline = Instant::now() + PATIENCE * 4;
            while Instant::now() < deadline {
                let message = client.message().map_err(|e| e.to_string())?;
                if message.is_media() {
                    keep.0.lock().expect("tags").push(message.tag());
                    keep.1.notify_all();
                }
                if message.status().is_some_and(|s| s.code == "NetStream.Play.UnpublishNotify") {
                    return Ok(());
                }
            }
            Err("the stream does not end".into())
        });
        Own { seen, thread }
    }

    /// Waits until it has so many pictures.
    pub(super) fn wait_for_pictures(&self, count: usize) {
        let has_them = |tags: &[Tag]| tags.iter().filter(|t| t.is_picture()).count() >= count;
        let tags = self.seen.0.lock().expect("tags");
        let (tags, late) = self.seen.1.wait_timeout_while(tags, PATIENCE, |tags| !has_them(tags)).expect("tags");
        assert!(!late.timed_out(), "{} messages, but not {count} pictures", tags.len());
    }

    /// Waits for the end of the stream: all that came.
    pub(super) fn end(self) -> Vec<Tag> {
        self.thread.join().expect("the thread of a player").expect("a stream that ends");
        self.seen.0.lock().expect("tags").clone()
    }
}
