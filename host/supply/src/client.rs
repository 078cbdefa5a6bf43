//! GET over HTTP/1.1: one connection per request, redirects, bounds on all that comes.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use ureq_proto::BodyMode;
use ureq_proto::client::state::{RecvBody, RecvResponse};
use ureq_proto::client::{Call, RecvResponseResult, SendRequestResult};
use ureq_proto::http::header::{self, HeaderMap, HeaderValue};
use ureq_proto::http::{Request, StatusCode};

use crate::tls::Tls;
use crate::url::Url;
use crate::{Error, Wrong};

/// From the name to a TCP connection, over all of its addresses.
const CONNECT: Duration = Duration::from_secs(10);
/// Redirects that are followed, one behind the other.
const MOST_REDIRECTS: usize = 5;
/// Bytes of a response's head.
const MOST_HEAD: usize = 64 << 10;
/// Bytes of the lines that the protocol adds to a request.
const OWN_LINES: usize = 1024;
const READ: usize = 16 << 10;
const AGENT: &str = concat!("weir/", env!("CARGO_PKG_VERSION"));

/// Asks servers.
#[derive(Debug)]
pub(crate) struct Client {
    tls: Tls,
}

/// What is asked.
pub(crate) struct Get<'a> {
    pub(crate) url: &'a Url,
    /// What is told to the URL's own server, and to nobody that it redirects to.
    pub(crate) authorization: Option<&'a HeaderValue>,
    pub(crate) headers: HeaderMap,
    /// Bytes that the body may have.
    pub(crate) most: u64,
    /// What comes is compared with a digest: who changes it on the way gains nothing.
    pub(crate) pinned: bool,
}

/// What came.
pub(crate) struct Got {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// Empty unless the status is 200.
    pub(crate) body: Vec<u8>,
}

impl Client {
    pub(crate) fn new(tls: Tls) -> Client {
        Client { tls }
    }

    pub(crate) async fn get(&self, get: Get<'_>) -> Result<Got, Error> {
        let mut at = get.url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let got = self.ask(&get, &at).await.map_err(|wrong| wrong.at(&at))?;
            if !redirects(got.status) {
                return Ok(got);
            }
            at = next(&at, &got.headers, get.pinned).map_err(|wrong| wrong.at(&at))?;
        }
        let why = "there were five before it";
        Err(Wrong::Redirect(at.to_string(), why).at(get.url))
    }

    async fn ask(&self, get: &Get<'_>, at: &Url) -> Result<Got, Wrong> {
        let (host, port) = (at.host(), at.port());
        let dialled = tokio::time::timeout(CONNECT, TcpStream::connect((host, port))).await;
        let stream = match dialled {
            Ok(connected) => connected.map_err(|error| Wrong::Network(format!("no connection: {error}")))?,
            Err(_) => return Err(Wrong::Network(format!("no connection within {CONNECT:?}"))),
        };
        let _ = stream.set_nodelay(true);
        let mut request = Request::new(());
        *request.uri_mut() = at.uri().clone();
        let headers = request.headers_mut();
        headers.clone_from(&get.headers);
        headers.insert(header::USER_AGENT, HeaderValue::from_static(AGENT));
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        if let Some(authorization) = get.authorization.filter(|_| at.same_origin(get.url)) {
            headers.insert(header::AUTHORIZATION, authorization.clone());
        }
        if at.is_https() {
            exchange(self.tls.connect(host, stream).await?, request, get.most).await
        } else {
            exchange(stream, request, get.most).await
        }
    }
}

/// One request and its response. Dropping the future ends the connection, whatever it is at.
async fn exchange<S>(mut stream: S, request: Request<()>, most: u64) -> Result<Got, Wrong>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (bytes, mut call) = written(request)?;
    stream.write_all(&bytes).await.map_err(broken)?;
    stream.flush().await.map_err(broken)?;
    let mut input = Vec::new();
    let head = loop {
        let (used, head) = call.try_response(&input, false).map_err(protocol)?;
        input.drain(..used);
        match head {
            Some(head) => break head,
            // Behind a 100 the response itself may be there already.
            None if used > 0 => continue,
            None if input.len() > MOST_HEAD => {
                return Err(Wrong::Protocol(format!("the head of the answer is larger than {MOST_HEAD} bytes")));
            }
            None => {}
        }
        if more(&mut stream, &mut input).await? == 0 {
            return Err(cut());
        }
    };
    let (head, ()) = head.into_parts();
    let body = match call.proceed() {
        Some(RecvResponseResult::RecvBody(call)) if head.status == StatusCode::OK => {
            if let Some(coding) = head.headers.get(header::CONTENT_ENCODING).filter(|coding| *coding != "identity") {
                let what = format!("it is sent compressed ({coding:?}), which was not asked for");
                return Err(Wrong::Protocol(what));
            }
            whole(&mut stream, call, &mut input, most).await?
        }
        _ => Vec::new(),
    };
    Ok(Got { status: head.status, headers: head.headers, body })
}

/// The request as bytes.
fn written(request: Request<()>) -> Result<(Vec<u8>, Call<RecvResponse>), Wrong> {
    let lines = request.headers().iter().fold(OWN_LINES, |n, (name, value)| n + name.as_str().len() + value.len() + 4);
    let path = request.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let mut bytes = vec![0; lines + path];
    let mut at = 0;
    let broken = || Wrong::Protocol("the request cannot be written".to_owned());
    let mut call = Call::new(request).map_err(protocol)?.proceed();
    while !call.can_proceed() {
        match call.write(bytes.get_mut(at..).unwrap_or_default()).map_err(protocol)? {
            0 => return Err(broken()),
            written => at += written,
        }
    }
    bytes.truncate(at);
    match call.proceed().map_err(protocol)? {
        Some(SendRequestResult::RecvResponse(call)) => Ok((bytes, call)),
        _ => Err(broken()),
    }
}

/// The whole body. Memory grows with what came, whatever is declared.
async fn whole<S: AsyncRead + Unpin>(
    stream: &mut S,
    mut call: Call<RecvBody>,
    input: &mut Vec<u8>,
    most: u64,
) -> Result<Vec<u8>, Wrong> {
    let to_the_end = call.body_mode() == BodyMode::CloseDelimited;
    // What is declared is refused before it comes.
    if matches!(call.body_mode(), BodyMode::LengthDelimited(length) if length > most) {
        return Err(Wrong::TooLarge(most));
    }
    let (mut bytes, mut piece) = (Vec::new(), vec![0; READ]);
    while to_the_end || !call.can_proceed() {
        let (used, got) = call.read(input, &mut piece).map_err(protocol)?;
        input.drain(..used);
        bytes.extend_from_slice(piece.get(..got).unwrap_or_default());
        if bytes.len() as u64 > most {
            return Err(Wrong::TooLarge(most));
        }
        if (used, got) != (0, 0) {
            continue;
        }
        match more(stream, input).await? {
            0 if to_the_end => break,
            0 => return Err(cut()),
            _ => {}
        }
    }
    Ok(bytes)
}

/// Reads what there is; 0 at the end.
async fn more<S: AsyncRead + Unpin>(stream: &mut S, input: &mut Vec<u8>) -> Result<usize, Wrong> {
    input.reserve(READ);
    match stream.read_buf(input).await {
        // Many servers end TLS by closing the socket; where the body should end is looked at by the caller.
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
        read => read.map_err(broken),
    }
}

fn cut() -> Wrong {
    Wrong::Network("the connection ended before all had come".to_owned())
}

fn broken(error: io::Error) -> Wrong {
    Wrong::Network(format!("the connection broke: {error}"))
}

fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Where a redirect leads, if one may go there.
fn next(at: &Url, headers: &HeaderMap, pinned: bool) -> Result<Url, Wrong> {
    let to = headers.get(header::LOCATION).and_then(|to| to.to_str().ok());
    let to = to.ok_or_else(|| Wrong::Protocol("redirected without saying where to".to_owned()))?;
    let to = at.join(to).map_err(|error| Wrong::Protocol(format!("redirected to what is no place: {error}")))?;
    if at.is_https() && !to.is_https() {
        return Err(Wrong::Redirect(to.to_string(), "https stays https"));
    }
    if to.is_open() && !pinned {
        return Err(Wrong::Redirect(to.to_string(), "over http anybody can change the file on its way"));
    }
    Ok(to)
}

fn protocol(error: impl std::fmt::Display) -> Wrong {
    Wrong::Protocol(format!("this is no HTTP: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leads(from: &str, to: &str, pinned: bool) -> Result<String, String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::LOCATION, to.parse().unwrap());
        next(&from.parse().unwrap(), &headers, pinned).map(|url| url.to_string()).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn https_stays_https() {
        assert_eq!(leads("https://h/a", "https://other/b", false).unwrap(), "https://other/b");
        assert_eq!(leads("http://127.0.0.1/a", "https://other/b", false).unwrap(), "https://other/b");
        for (from, to, pinned) in [
            ("https://h/a", "http://h/a", true),
            ("https://h/a", "http://127.0.0.1/a?key=s3cret", true),
            ("http://127.0.0.1/a", "http://h/a", false),
        ] {
            let error = leads(from, to, pinned).unwrap_err();
            assert!(error.contains("not followed") && !error.contains("s3cret"), "{error}");
        }
        assert_eq!(leads("http://h/a", "http://other/b", true).unwrap(), "http://other/b");
    }
}
