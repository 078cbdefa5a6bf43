//! HTTP calls of real guests to real servers on this machine.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use filter::outbound::Settings;
use filter::session::{ConnectionInfo, Decision, PublishRequest, Reached, StreamKey};
use filter::{Filter, Grants, Limits, Runtime, RuntimeConfig, SessionChain, Spec};
use serde_json::json;

use crate::kit::*;

/// A server that answers each request as `answer` writes it; `false` from it closes the connection.
struct Server {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn start(answer: impl Fn(&mut TcpStream) -> bool + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let server = Server {
            address: listener.local_addr().unwrap(),
            connections: connections.clone(),
            requests: requests.clone(),
        };
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (mut stream, answer, requests) = (stream.unwrap(), answer.clone(), requests.clone());
                connections.fetch_add(1, SeqCst);
                std::thread::spawn(move || {
                    while let Some(request) = read(&mut stream) {
                        requests.lock().unwrap().push(request);
                        if !answer(&mut stream) {
                            return;
                        }
                    }
                });
            }
        });
        server
    }

    fn says(bytes: &'static str) -> Server {
        Server::start(move |stream| stream.write_all(bytes.as_bytes()).is_ok())
    }

    fn url(&self) -> String {
        format!("http://{}/check?a=b", self.address)
    }

    fn connections(&self) -> usize {
        self.connections.load(SeqCst)
    }
}

/// Head and body of one request.
fn read(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut one = [0];
    while !bytes.ends_with(b"\r\n\r\n") {
        (stream.read(&mut one).ok()? == 1).then(|| bytes.push(one[0]))?;
    }
    let head = String::from_utf8(bytes).unwrap();
    let length = head.lines().find_map(|l| l.strip_prefix("content-length: ")).map_or(0, |n| n.trim().parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(head + &String::from_utf8(body).unwrap())
}

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

fn spec_of(url: &str, grant: &str, limits: Limits) -> Spec {
    let grants = Grants::parse(["entropy", "kv:conformance", grant]).unwrap();
    Spec { grants, limits, ..spec("conformance/session-granted", json!({ "url": url, "timeout_ms": 60_000 })) }
}

async fn asking_in(runtime: &Runtime, url: &str, grant: &str, limits: Limits) -> (SessionChain, Arc<Filter>) {
    let filter = load(runtime, spec_of(url, grant, limits)).await;
    (SessionChain::new(vec![filter.clone()]), filter)
}

/// A filter that asks `url`, granted the server it is at.
async fn asking(url: &str, limits: Limits) -> (SessionChain, Arc<Filter>) {
    let origin = url.splitn(4, '/').take(3).collect::<Vec<_>>().join("/");
    asking_in(&runtime(), url, &format!("http:{origin}"), limits).await
}

async fn publish(chain: &SessionChain) -> Decision {
    let conn = Arc::new(ConnectionInfo { id: 3, app: "live".into(), ..ConnectionInfo::default() });
    let key = StreamKey { app: "live".into(), name: "cam".into(), query: vec![] };
    chain
        .on_publish(&PublishRequest { conn, key, mode: "live".into(), takes_over: false }, &mut Reached::default())
        .await
}

async fn said(chain: &SessionChain) -> String {
    match publish(chain).await {
        Decision::Allow(grant) => grant.tags.iter().find(|(k, _)| k == "said").unwrap().1.clone(),
        Decision::Deny(denial) => denial.reason,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_reaches_the_server_and_the_connection_is_used_again() {
    let server = Server::says(OK);
    let (chain, filter) = asking(&server.url(), Limits::default()).await;
    for _ in 0..3 {
        assert_eq!(said(&chain).await, "hello");
    }
    assert_eq!(server.connections(), 1);
    let request = server.requests.lock().unwrap()[0].clone();
    assert!(request.starts_with("POST /check?a=b HTTP/1.1\r\n"), "{request}");
    assert!(
        request.contains(&format!("host: {}\r\n", server.address)) && request.ends_with("\r\n\r\nlive/cam"),
        "{request}"
    );
    assert!(request.contains("user-agent: weir/"), "{request}");
    let report = filter.counters();
    assert_eq!((report.http.latency.calls, report.http.failures.len()), (3, 0), "{report}");
}

#[tokio::test]
async fn bodies_in_pieces_and_to_the_end_of_the_connection_are_read_and_a_closed_connection_is_not_used_again() {
    for (answer, keeps) in [
        ("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", true),
        ("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", true),
        ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello", false),
        ("HTTP/1.0 200 OK\r\n\r\nhello", false),
    ] {
        let server = Server::start(move |stream| stream.write_all(answer.as_bytes()).is_ok() && keeps);
        let (chain, _) = asking(&server.url(), Limits::default()).await;
        assert_eq!((said(&chain).await, said(&chain).await), ("hello".into(), "hello".into()), "{answer}");
        assert_eq!(server.connections(), if keeps { 1 } else { 2 }, "{answer}");
    }
}

#[tokio::test]
async fn an_origin_that_is_not_granted_is_not_called() {
    let server = Server::says(OK);
    let other = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for grant in
        [format!("http:http://{other}"), format!("http:https://{}", server.address), "http:http://127.0.0.1".into()]
    {
        let (chain, filter) = asking_in(&runtime(), &server.url(), &grant, Limits::default()).await;
        assert!(said(&chain).await.contains("Denied"), "{grant}");
        assert_eq!(filter.counters().http.failed("denied"), 1);
    }
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_name_may_not_lead_into_the_networks_behind_the_router() {
    let server = Server::says(OK);
    let url = format!("http://localhost:{}/", server.address.port());
    let (chain, filter) = asking(&url, Limits::default()).await;
    let refused = said(&chain).await;
    assert!(refused.contains("localhost leads to") && refused.contains("no public address"), "{refused}");
    assert_eq!((filter.counters().http.failed("address"), server.connections()), (1, 0));

    // An address that the operator did not write himself is no better than a name.
    let (chain, _) = asking_in(&runtime(), &server.url(), "http:*", Limits::default()).await;
    assert!(said(&chain).await.contains("no public address"));
    assert_eq!(server.connections(), 0);

    let networks = ["127.0.0.0/8", "::1"].map(|n| n.parse().unwrap()).to_vec();
    let outbound = Settings { networks, ..Settings::default() };
    let runtime = Runtime::new(RuntimeConfig { outbound, ..runtime().config().clone() }).unwrap();
    let grant = format!("http:http://localhost:{}", server.address.port());
    let (chain, _) = asking_in(&runtime, &url, &grant, Limits::default()).await;
    assert_eq!(said(&chain).await, "hello");
}

#[tokio::test]
async fn a_response_over_the_bound_is_not_taken() {
    let declared = Server::says("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    let endless = |head: &'static str, piece: &'static str| {
        Server::start(move |stream| {
            let _ = stream.write_all(head.as_bytes());
            while stream.write_all(piece.repeat(1000).as_bytes()).is_ok() {}
            false
        })
    };
    let chunks = endless("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\nx\r\n");
    let headers = endless("HTTP/1.1 200 OK\r\n", "x-a: b");
    let close = endless("HTTP/1.0 200 OK\r\n\r\n", "x");
    for server in [declared, chunks, headers, close] {
        let (chain, filter) = asking(&server.url(), Limits { http_response_bytes: 5000, ..Limits::default() }).await;
        let refused = said(&chain).await;
        assert!(refused.contains("TooLarge"), "{refused}");
        assert_eq!(filter.counters().http.failed("too-large"), 1);
    }
    let server = Server::says(OK);
    let (chain, _) = asking(&server.url(), Limits { http_request_bytes: 10, ..Limits::default() }).await;
    assert!(said(&chain).await.contains("TooLarge"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_server_that_stalls_costs_its_time_and_not_the_filter() {
    let nothing = || Server::start(|stream| stream.read(&mut [0]).is_err());
    let half = || {
        Server::start(|stream| {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe");
            stream.read(&mut [0]).is_err()
        })
    };
    for server in [nothing(), half()] {
        let limits = Limits { http_time: Duration::from_millis(200), ..Limits::default() };
        let (chain, filter) = asking(&server.url(), limits).await;
        let refused = said(&chain).await;
        assert!(refused.contains("Timeout"), "{refused}");
        let report = filter.counters();
        assert_eq!((report.http.failed("timeout"), report.events.deadline_misses), (1, 0), "{report}");
    }
    // Without a bound of its own the call ends with the hook, and is counted.
    let server = nothing();
    let limits = Limits { session_wait: Duration::from_millis(300), ..Limits::default() };
    let (chain, filter) = asking(&server.url(), limits).await;
    assert_eq!(said(&chain).await, "authorization is not available");
    let report = filter.counters();
    assert_eq!((report.http.failed("timeout"), report.events.deadline_misses), (1, 1), "{report}");
}

#[tokio::test]
async fn waiting_is_no_cpu_time() {
    // Five times as long as the hook may take of CPU time.
    let server = Server::start(|stream| {
        std::thread::sleep(Duration::from_millis(500));
        stream.write_all(OK.as_bytes()).is_ok()
    });
    let (chain, _) =
        asking(&server.url(), Limits { session_time: Duration::from_millis(100), ..Limits::default() }).await;
    assert_eq!(said(&chain).await, "hello");
}

#[tokio::test]
async fn calls_have_budgets() {
    let (release, held) = mpsc::channel::<()>();
    let held = Mutex::new(held);
    let server = Server::start(move |stream| {
        let _ = held.lock().unwrap().recv();
        stream.write_all(OK.as_bytes()).is_ok()
    });
    let (chain, filter) = asking(&server.url(), Limits { http_calls: 1, ..Limits::default() }).await;
    let first = tokio::spawn({
        let chain = chain.clone();
        async move { said(&chain).await }
    });
    comes("the request", || !server.requests.lock().unwrap().is_empty()).await;
    assert!(said(&chain).await.contains("BudgetExhausted"));
    // Another generation has no budget of its own beside that of the one which still waits.
    let grant = format!("http:http://{}", server.address);
    let mut next = spec_of(&server.url(), &grant, Limits { http_calls: 1, ..Limits::default() });
    next.config["timeout_ms"] = json!(50_000);
    assert!(matches!(filter.reload(next).await.unwrap(), filter::Reloaded::Switched { .. }));
    assert!(said(&chain).await.contains("BudgetExhausted"));
    release.send(()).unwrap();
    assert_eq!(first.await.unwrap(), "hello");
    assert_eq!(filter.counters().http.failed("budget"), 2);

    let server = Server::says(OK);
    let (chain, filter) = asking(&server.url(), Limits { http_calls_per_second: 1, ..Limits::default() }).await;
    let mut refused = false;
    for _ in 0..100 {
        refused |= said(&chain).await.contains("BudgetExhausted");
    }
    assert!(refused && filter.counters().http.failed("budget") > 0);
}

#[tokio::test]
async fn a_redirect_is_an_answer_and_not_followed() {
    let elsewhere = Server::says(OK);
    let to = format!("HTTP/1.1 302 Found\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", elsewhere.url());
    let server = Server::start(move |stream| stream.write_all(to.as_bytes()).is_ok());
    let (chain, _) = asking(&server.url(), Limits::default()).await;
    assert_eq!((said(&chain).await, said(&chain).await), ("the server said 302".into(), "the server said 302".into()));
    assert_eq!((server.connections(), elsewhere.connections()), (1, 0));
}

#[tokio::test]
async fn what_is_no_http_and_who_is_not_there_are_told_apart() {
    let server = Server::says("SSH-2.0-OpenSSH\r\n\r\n");
    let (chain, filter) = asking(&server.url(), Limits::default()).await;
    assert!(said(&chain).await.contains("Protocol"));
    assert_eq!(filter.counters().http.failed("protocol"), 1);
    let plain = TcpListener::bind("127.0.0.1:0").unwrap();
    let tls = format!("https://{}/", plain.local_addr().unwrap());
    std::thread::spawn(move || plain.accept().unwrap().0.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    let (chain, filter) = asking(&tls, Limits::default()).await;
    assert!(said(&chain).await.contains("Tls"));
    assert_eq!(filter.counters().http.failed("tls"), 1);
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let (chain, filter) = asking(&format!("http://{gone}/"), Limits::default()).await;
    assert!(said(&chain).await.contains("Connect"));
    assert_eq!(filter.counters().http.failed("connect"), 1);
}
