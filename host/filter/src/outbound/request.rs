//! What a guest may ask for, as a request of HTTP/1.1.
//!
//! The router writes what decides where a message ends and who gets it: `Host`, `Content-Length` and everything about the
//! connection. A guest that could write those could hide a second request behind the first (request smuggling).

use filter_wit::session::weir::filter::outbound as wit;
use ureq_proto::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use ureq_proto::http::{self, Method, Uri};

use super::Failure;
use super::origin::Origin;

const MOST_HEADERS: usize = 64;
/// Methods with a meaning of their own for the connection (CONNECT, TRACE) are not among them.
const METHODS: [Method; 7] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS];
/// Headers that are the router's own.
const OWN: [&str; 12] = [
    "host",
    "content-length",
    "transfer-encoding",
    "connection",
    "keep-alive",
    "proxy-connection",
    "proxy-authorization",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "http2-settings",
];

/// A request that may be put on the wire as it is.
pub(super) struct Request {
    pub(super) origin: Origin,
    pub(super) head: http::Request<()>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// Whether asking twice is asking once (RFC 9110 §9.2.2).
    pub(super) fn is_idempotent(&self) -> bool {
        ![Method::POST, Method::PATCH].contains(self.head.method())
    }

    pub(super) fn build(request: wit::Request, most: usize) -> Result<Request, Failure> {
        build(request, most)
    }
}

fn build(request: wit::Request, most: usize) -> Result<Request, Failure> {
    let wrong = |why: &str| Failure::Protocol(why.to_owned());
    let wit::Request { method, url, headers, body, timeout_ms: _ } = request;
    let head =
        headers.iter().fold(url.len(), |n, (name, value)| n.saturating_add(name.len()).saturating_add(value.len()));
    if headers.len() > MOST_HEADERS || head.saturating_add(body.len()) > most {
        return Err(Failure::TooLarge);
    }
    let method = METHODS.into_iter().find(|m| m.as_str() == method);
    let method = method.ok_or_else(|| wrong("expected the method GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS"))?;
    let uri: Uri = url.parse().map_err(|e| Failure::Protocol(format!("not a URL: {e}")))?;
    let origin = Origin::of(&uri).map_err(wrong)?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    // Built anew of what was checked: what is dialled and named in `Host` is what was granted.
    let uri = Uri::builder().scheme(origin.scheme()).authority(origin.authority()).path_and_query(path);
    let uri = uri.build().map_err(|e| Failure::Protocol(format!("not a URL: {e}")))?;
    if !body.is_empty() && [Method::GET, Method::HEAD].contains(&method) {
        return Err(wrong("a body with the method GET or HEAD"));
    }
    let mut built = http::Request::new(());
    if !body.is_empty() || [Method::POST, Method::PUT, Method::PATCH].contains(&method) {
        built.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(body.len()));
    }
    *built.method_mut() = method;
    *built.uri_mut() = uri;
    built.headers_mut().insert(USER_AGENT, HeaderValue::from_static(concat!("weir/", env!("CARGO_PKG_VERSION"))));
    let mut agent = false;
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong("the name of a header is none"))?;
        if OWN.contains(&name.as_str()) {
            return Err(Failure::Protocol(format!("the header {name} is the router's own")));
        }
        // Refuses CR, LF, NUL and other control characters.
        let value = HeaderValue::from_bytes(value.as_bytes());
        let value = value.map_err(|_| Failure::Protocol(format!("the header {name} holds a control character")))?;
        if name == USER_AGENT && !agent {
            agent = true;
            built.headers_mut().insert(name, value);
        } else {
            built.headers_mut().append(name, value);
        }
    }
    Ok(Request { origin, head: built, body })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(method: &str, url: &str, headers: &[(&str, &str)]) -> wit::Request {
        let headers = headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let body = if method == "POST" { b"body".to_vec() } else { Vec::new() };
        wit::Request { method: method.into(), url: url.into(), headers, body, timeout_ms: 0 }
    }

    #[test]
    fn a_request_goes_where_it_was_checked_to_go() {
        let built = build(request("POST", "http://Auth.Example:80/a/../b?c=d#e", &[]), 1000).unwrap();
        assert_eq!(built.origin.to_string(), "http://auth.example:80");
        assert_eq!(built.head.uri().to_string(), "http://auth.example/a/../b?c=d");
        assert_eq!(built.head.headers().get("content-length").unwrap(), "4");
        let built = build(request("GET", "https://[0::1]:81", &[]), 1000).unwrap();
        assert_eq!(built.head.uri().to_string(), "https://[::1]:81/");
        assert!(built.head.headers().get("content-length").is_none() && built.is_idempotent());
        assert!(build(wit::Request { body: vec![1], ..request("GET", "http://a/", &[]) }, 1000).is_err());
    }

    #[test]
    fn nothing_can_be_smuggled() {
        let url = "http://a/";
        let bad = [
            request("CONNECT", url, &[]),
            request("TRACE", url, &[]),
            request("get", url, &[]),
            request("GET / HTTP/1.1\r\nHost: b\r\n\r\nGET", url, &[]),
            request("GET", "http://a/ HTTP/1.1\r\nHost: b", &[]),
            request("GET", "http://a/\r\nHost: b", &[]),
            request("GET", "/relative", &[]),
            request("GET", "http://user:pass@a/", &[]),
            request("GET", url, &[("Host", "b")]),
            request("GET", url, &[("hOsT", "b")]),
            request("POST", url, &[("Content-Length", "0")]),
            request("POST", url, &[("Transfer-Encoding", "chunked")]),
            request("POST", url, &[("Transfer-Encoding ", "chunked")]),
            request("GET", url, &[("Connection", "close")]),
            request("GET", url, &[("Upgrade", "websocket")]),
            request("GET", url, &[("X-A", "b\r\nHost: c")]),
            request("GET", url, &[("X-A", "b\nHost: c")]),
            request("GET", url, &[("X-A\r\nHost", "c")]),
            request("GET", url, &[("X-A", "\0")]),
            request("GET", url, &[("", "b")]),
            request("GET", url, &[("X A", "b")]),
        ];
        for bad in bad {
            let text = format!("{bad:?}");
            assert!(matches!(build(bad, 1000), Err(Failure::Protocol(_))), "{text}");
        }
        let fine =
            build(request("GET", url, &[("X-A", "b"), ("x-a", "c"), ("user-agent", "mine")]), 1000).unwrap().head;
        assert_eq!(fine.headers().get_all("x-a").iter().count(), 2);
        assert_eq!(fine.headers().get_all("user-agent").iter().collect::<Vec<_>>(), ["mine"]);
    }

    #[test]
    fn requests_are_bounded() {
        let many: Vec<_> = (0..=MOST_HEADERS).map(|_| ("x-a", "b")).collect();
        for large in [request("GET", "http://a/", &many), request("GET", &format!("http://a/{}", "x".repeat(95)), &[])]
        {
            assert!(matches!(build(large, 100), Err(Failure::TooLarge)));
        }
    }
}
