//! A small HTTP server: what operators have behind their routers.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Condvar, Mutex};

use crate::PATIENCE;

/// A server that answers by a function and remembers what it was asked. It keeps connections.
pub struct Backend {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
}

/// One request.
#[derive(Clone, Debug)]
pub struct Asked {
    /// `POST /auth HTTP/1.1` and the headers.
    pub head: String,
    /// Its body, which is text.
    pub body: String,
}

/// Status, headers, body.
pub type Answer = (u16, Vec<(&'static str, String)>, String);

#[derive(Default)]
struct Shared {
    asked: Mutex<Vec<Asked>>,
    news: Condvar,
    stopped: AtomicBool,
}

impl Backend {
    /// Listens on a free port.
    pub fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Backend {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let (address, shared) = (listener.local_addr().expect("an address"), Arc::new(Shared::default()));
        let (theirs, answer) = (Arc::clone(&shared), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if theirs.stopped.load(SeqCst) {
                    return;
                }
                let (Ok(stream), shared, answer) = (stream, Arc::clone(&theirs), Arc::clone(&answer)) else { continue };
                std::thread::spawn(move || serve(stream, &shared, &*answer));
            }
        });
        Backend { address, shared }
    }

    /// The URL of a path on it.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Waits until something was asked.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&Asked) -> bool) -> Asked {
        let asked = self.shared.asked.lock().expect("no panic");
        let found = |asked: &mut Vec<Asked>| asked.iter().all(|one| !wanted(one));
        let (asked, late) = self.shared.news.wait_timeout_while(asked, PATIENCE, found).expect("no panic");
        assert!(!late.timed_out(), "{what} was not asked, but {asked:?}");
        asked.iter().find(|one| wanted(one)).expect("found").clone()
    }

    /// Nobody is there from now on.
    pub fn stop(&self) {
        self.shared.stopped.store(true, SeqCst);
        let _ = TcpStream::connect(self.address);
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(mut stream: TcpStream, shared: &Shared, answer: &dyn Fn(&Asked) -> Answer) {
    while let Some(asked) = read(&mut stream) {
        if shared.stopped.load(SeqCst) {
            return;
        }
        let (status, headers, body) = answer(&asked);
        shared.asked.lock().expect("no panic").push(asked);
        shared.news.notify_all();
        let mut text = format!("HTTP/1.1 {status} As Said\r\ncontent-length: {}\r\n", body.len());
        for (name, value) in headers {
            text += &format!("{name}: {value}\r\n");
        }
        if stream.write_all(format!("{text}\r\n{body}").as_bytes()).is_err() {
            return;
        }
    }
}

fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut head = Vec::new();
    let mut one = [0];
    while !head.ends_with(b"\r\n\r\n") {
        (stream.read(&mut one).ok()? == 1).then(|| head.push(one[0]))?;
    }
    let head = String::from_utf8(head).ok()?;
    let length = head.to_lowercase().lines().find_map(|l| l.strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    stream.read_exact(&mut body).ok()?;
    Some(Asked { head, body: String::from_utf8(body).ok()? })
}
