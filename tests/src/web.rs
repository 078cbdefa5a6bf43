//! An HTTP/1.1 server that answers as the test says, rightly or not, over TLS too.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::PATIENCE;

/// What was asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// With its query.
    pub path: String,
    headers: Vec<(String, String)>,
}

impl Request {
    /// A header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// What is answered.
#[derive(Clone, Debug)]
pub struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    fault: Option<Fault>,
}

#[derive(Clone, Copy, Debug)]
enum Fault {
    /// So many bytes of the body, then the end.
    Cut(usize),
    /// Silence.
    Hang,
    /// No length is told, and it does not end by itself.
    Endless,
}

impl Reply {
    /// 200 with this body.
    pub fn ok(body: impl Into<Vec<u8>>) -> Reply {
        Reply { status: 200, headers: Vec::new(), body: body.into(), fault: None }
    }

    /// Another status.
    pub fn status(status: u16) -> Reply {
        Reply { status, ..Reply::ok("") }
    }

    /// With one more header.
    pub fn with(mut self, name: &str, value: &str) -> Reply {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// 304 if the asker knows it already.
    pub fn tagged(self, etag: &str, request: &Request) -> Reply {
        let known = request.header("if-none-match") == Some(etag);
        if known { Reply::status(304) } else { self }.with("ETag", etag)
    }

    /// Ends after so many bytes of the body.
    pub fn cut(self, bytes: usize) -> Reply {
        Reply { fault: Some(Fault::Cut(bytes)), ..self }
    }

    /// Never comes.
    pub fn hanging() -> Reply {
        Reply { fault: Some(Fault::Hang), ..Reply::ok("") }
    }

    /// The body again and again, until the asker has enough.
    pub fn endless(self) -> Reply {
        Reply { fault: Some(Fault::Endless), ..self }
    }
}

type Answer = dyn Fn(&Request) -> Reply + Send + Sync;

/// A server on 127.0.0.1. Dropping it closes its port.
pub struct Web {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Shared>,
    accepting: Option<std::thread::JoinHandle<()>>,
}

struct Shared {
    answer: Mutex<Arc<Answer>>,
    requests: Mutex<Vec<Request>>,
    asked: Condvar,
    ended: AtomicBool,
    tls: Option<Arc<ServerConfig>>,
}

impl Web {
    /// Over plain HTTP.
    pub fn start(answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Web {
        Web::listen("127.0.0.1:0".parse().expect("an address"), None, answer)
    }

    /// At this address.
    pub fn start_at(address: SocketAddr, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Web {
        Web::listen(address, None, answer)
    }

    /// Over TLS, with `NAME.pem` and `NAME.key` of a folder.
    pub fn start_tls(folder: &Path, name: &str, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Web {
        let chain = CertificateDer::pem_file_iter(folder.join(format!("{name}.pem"))).expect("a certificate");
        let chain = chain.collect::<Result<Vec<_>, _>>().expect("a certificate");
        let key = PrivateKeyDer::from_pem_file(folder.join(format!("{name}.key"))).expect("a key");
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = config.expect("versions").with_no_client_auth().with_single_cert(chain, key).expect("a pair");
        Web::listen("127.0.0.1:0".parse().expect("an address"), Some(Arc::new(config)), answer)
    }

    fn listen(
        address: SocketAddr,
        tls: Option<Arc<ServerConfig>>,
        answer: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Web {
        let listener = TcpListener::bind(address).expect("a free port");
        let address = listener.local_addr().expect("an address");
        let shared = Arc::new(Shared {
            answer: Mutex::new(Arc::new(answer)),
            requests: Mutex::default(),
            asked: Condvar::new(),
            ended: AtomicBool::new(false),
            tls,
        });
        let accepting = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || {
                for stream in listener.incoming() {
                    if shared.ended.load(Ordering::Relaxed) {
                        return;
                    }
                    let (Ok(stream), shared) = (stream, Arc::clone(&shared)) else { continue };
                    std::thread::spawn(move || shared.serve(stream));
                }
            }
        });
        Web { address, shared, accepting: Some(accepting) }
    }

    /// Answers otherwise from now on.
    pub fn answer(&self, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        *self.shared.answer.lock().expect("answer") = Arc::new(answer);
    }

    /// `http://127.0.0.1:PORT/PATH`, or https.
    pub fn url(&self, path: &str) -> String {
        let scheme = if self.shared.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}/{path}", self.address)
    }

    /// Everything that was asked.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("requests").clone()
    }

    /// Waits until something was asked that is wanted.
    pub fn wait_for(&self, what: &str, wanted: impl Fn(&Request) -> bool) {
        let requests = self.shared.requests.lock().expect("requests");
        let missing = |requests: &mut Vec<Request>| !requests.iter().any(&wanted);
        let (requests, late) = self.shared.asked.wait_timeout_while(requests, PATIENCE, missing).expect("requests");
        assert!(!late.timed_out(), "no {what}: {requests:?}");
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.shared.ended.store(true, Ordering::Relaxed);
        // It looks when somebody comes.
        let _ = TcpStream::connect(self.address);
        if let Some(accepting) = self.accepting.take() {
            let _ = accepting.join();
        }
    }
}

impl Shared {
    fn serve(&self, stream: TcpStream) {
        let _ = stream.set_read_timeout(Some(PATIENCE));
        // A peer that goes away in the middle is none of the server's business.
        let _ = match &self.tls {
            None => self.speak(stream),
            Some(config) => {
                let connection = ServerConnection::new(Arc::clone(config)).expect("a connection");
                self.speak(StreamOwned::new(connection, stream))
            }
        };
    }

    fn speak(&self, mut stream: impl Read + Write) -> std::io::Result<()> {
        let mut reader = BufReader::new(&mut stream);
        let mut line = String::new();
        reader.read_line(&mut line)?;
        let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.push((name.to_owned(), value.to_owned())),
                None => break,
            }
        }
        let request = Request { path, headers };
        let answer = Arc::clone(&*self.answer.lock().expect("answer"));
        let reply = answer(&request);
        self.requests.lock().expect("requests").push(request);
        self.asked.notify_all();
        self.reply(&mut stream, &reply)
    }

    fn reply(&self, stream: &mut (impl Read + Write), reply: &Reply) -> std::io::Result<()> {
        let Reply { status, headers, body, fault } = reply;
        if let Some(Fault::Hang) = fault {
            // Until the asker has had enough.
            return std::io::copy(stream, &mut std::io::sink()).map(drop);
        }
        let mut head = format!("HTTP/1.1 {status} Whatever\r\nConnection: close\r\n");
        if !matches!(fault, Some(Fault::Endless)) {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        stream.write_all(format!("{head}\r\n").as_bytes())?;
        match fault {
            Some(Fault::Cut(bytes)) => stream.write_all(&body[..*bytes])?,
            Some(Fault::Endless) => loop {
                stream.write_all(body)?;
            },
            _ => stream.write_all(body)?,
        }
        stream.flush()
    }
}
