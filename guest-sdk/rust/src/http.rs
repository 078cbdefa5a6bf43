//! HTTP to the origins granted, in comfort. By grant: `http:ORIGIN`, in session filters and job planners.
//!
//! A call suspends the filter, not a thread of the router; what may be asked, how much and how long is bounded by the operator's
//! `limits`. Redirects are not followed: a response with status 302 comes back as it is. Names must lead to public addresses.
//!
//! ```
//! use guest_sdk::{http, testing};
//!
//! testing::reply(200, &[("content-type", "application/json")], r#"{ "ok": true }"#);
//! let response = http::Request::post("https://auth.example/check").header("x-node", "eu-1").form(&[("name", "cam")]).send();
//! let answer: serde_json::Value = response.unwrap().json().unwrap();
//! assert_eq!(answer["ok"], true);
//! assert_eq!(testing::http_requests()[0].body, b"name=cam");
//! ```

use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::outbound;

/// A request, made step by step and sent.
#[derive(Clone, Debug)]
pub struct Request(outbound::Request);

/// What came back, whatever its status.
#[derive(Clone, Debug)]
pub struct Response(outbound::Response);

/// Why there is no response.
#[derive(Clone, Debug)]
pub struct Error(pub outbound::CallError);

impl Request {
    /// Any method of these: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS.
    pub fn new(method: &str, url: &str) -> Request {
        Request(outbound::Request {
            method: method.into(),
            url: url.into(),
            headers: Vec::new(),
            body: Vec::new(),
            timeout_ms: 0,
        })
    }

    /// Asks for something.
    pub fn get(url: &str) -> Request {
        Request::new("GET", url)
    }

    /// Sends something.
    pub fn post(url: &str) -> Request {
        Request::new("POST", url)
    }

    /// One header more. `Host`, `Content-Length` and those about the connection are the router's own: with one of them there is no
    /// call but an error.
    pub fn header(mut self, name: &str, value: &str) -> Request {
        self.0.headers.push((name.into(), value.into()));
        self
    }

    /// The body as it is.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Request {
        self.0.body = body.into();
        self
    }

    /// The body as a form (`application/x-www-form-urlencoded`), in this order.
    pub fn form<K: AsRef<str>, V: AsRef<str>>(self, fields: &[(K, V)]) -> Request {
        let body = form(fields.iter().map(|(k, v)| (k.as_ref(), v.as_ref())));
        self.header("content-type", "application/x-www-form-urlencoded").body(body)
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// If the value cannot be JSON: a map whose keys are no text.
    #[allow(clippy::expect_used, reason = "a mistake of the filter's author, which shows at the first call")]
    pub fn json(self, value: &impl Serialize) -> Request {
        let body = serde_json::to_vec(value).expect("a value that can be JSON");
        self.header("content-type", "application/json").body(body)
    }

    /// How long the whole call may take, in milliseconds; 0, the default: as long as the operator allows, which is also the most.
    pub fn timeout_ms(mut self, ms: u32) -> Request {
        self.0.timeout_ms = ms;
        self
    }

    /// Sends it and waits for the response.
    ///
    /// # Errors
    /// There is no response. One with a bad status is a response.
    pub fn send(self) -> Result<Response, Error> {
        outbound::send(&self.0).map(Response).map_err(Error)
    }
}

impl Response {
    /// 200, 404, …
    pub fn status(&self) -> u16 {
        self.0.status
    }

    /// Whether the status is 200 to 299.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.0.status)
    }

    /// The first header of this name, in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut all = self.0.headers.iter();
        all.find(|(k, _)| k.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    /// The body's bytes.
    pub fn body(&self) -> &[u8] {
        &self.0.body
    }

    /// The body as text; what is no UTF-8 is replaced.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.body).into_owned()
    }

    /// The body as a value of the filter's own type.
    ///
    /// # Errors
    /// The body is no JSON, or not of that type; the text says where.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, String> {
        serde_json::from_slice(&self.0.body).map_err(|e| e.to_string())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use outbound::CallError;
        match &self.0 {
            CallError::Denied => f.write_str("the origin is not granted"),
            CallError::BudgetExhausted => f.write_str("too many calls at once, or within this second"),
            CallError::Timeout => f.write_str("no answer in time"),
            CallError::Connect(why) => write!(f, "no connection: {why}"),
            CallError::Tls(why) => write!(f, "no TLS: {why}"),
            CallError::TooLarge => f.write_str("the request or the response is too large"),
            CallError::Protocol(why) => write!(f, "{why}"),
        }
    }
}

impl std::error::Error for Error {}

/// Fields as a form or a query has them (`application/x-www-form-urlencoded`): `a=1&b=%2F`.
pub fn form<'a>(fields: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut text = String::new();
    for (name, value) in fields {
        if !text.is_empty() {
            text.push('&');
        }
        encode(name, &mut text);
        text.push('=');
        encode(value, &mut text);
    }
    text
}

fn encode(from: &str, to: &mut String) {
    for byte in from.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => to.push(char::from(byte)),
            _ => to.push_str(&format!("%{byte:02X}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_request_is_made_step_by_step() {
        testing::reply(302, &[("Location", "rtmp://b/live/x")], "gone");
        let response = Request::post("https://a/x").header("x-a", "b").json(&["c"]).timeout_ms(700).send().unwrap();
        assert_eq!((response.status(), response.is_success()), (302, false));
        assert_eq!(response.header("location"), Some("rtmp://b/live/x"));
        assert_eq!(response.text(), "gone");
        assert!(response.json::<u32>().is_err());
        let sent = testing::http_requests().pop().unwrap();
        assert_eq!((sent.method.as_str(), sent.url.as_str(), sent.timeout_ms), ("POST", "https://a/x", 700));
        assert_eq!(sent.headers[1], ("content-type".to_owned(), "application/json".to_owned()));
        assert_eq!(sent.body, br#"["c"]"#);
    }

    #[test]
    fn without_a_reply_the_origin_is_not_granted() {
        assert_eq!(Request::get("https://a/x").send().unwrap_err().to_string(), "the origin is not granted");
    }

    #[test]
    fn forms_are_escaped() {
        assert_eq!(form([("a b", "c&d=e"), ("ü", "~-._"), ("", "")]), "a%20b=c%26d%3De&%C3%BC=~-._&=");
    }
}
