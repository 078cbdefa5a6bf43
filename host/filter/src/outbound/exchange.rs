//! A request and its response over one connection. What belongs to HTTP is `ureq-proto`'s; here are bytes and bounds.

use std::io;

use filter_wit::session::weir::filter::outbound as wit;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use ureq_proto::client::state::{RecvBody, RecvResponse};
use ureq_proto::client::{Call, RecvBodyResult, RecvResponseResult, SendRequestResult};
use ureq_proto::{BodyMode, Error};

use super::Failure;
use super::connect::Link;
use super::request::Request;

/// Bytes of a response's status line and headers.
const MOST_HEAD: usize = 64 << 10;
/// Bytes of the lines that the protocol adds to what a guest asked for.
const OWN_LINES: usize = 1024;
const READ: usize = 16 << 10;

/// A response came.
pub(super) struct Exchanged {
    pub(super) response: wit::Response,
    /// Another request may follow.
    pub(super) reusable: bool,
}

/// None came.
pub(super) struct Broken {
    pub(super) failure: Failure,
    /// The connection was gone before a byte of a response came.
    pub(super) unheard: bool,
}

impl From<Failure> for Broken {
    fn from(failure: Failure) -> Broken {
        Broken { failure, unheard: false }
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Broken {
        Failure::Protocol(error.to_string()).into()
    }
}

fn cut(e: &io::Error) -> Failure {
    Failure::Protocol(format!("the connection broke: {e}"))
}

/// `most`: bytes of the response's headers and body.
pub(super) async fn exchange(link: &mut Link, request: &Request, most: usize) -> Result<Exchanged, Broken> {
    let (bytes, mut call) = written(request)?;
    let sent = async {
        link.write_all(&bytes).await?;
        link.flush().await
    };
    sent.await.map_err(|e| Broken { failure: cut(&e), unheard: true })?;

    let mut input = Vec::new();
    let head = loop {
        let (used, head) = call.try_response(&input, false)?;
        input.drain(..used);
        match head {
            Some(head) => break head,
            // Behind a 100 the response itself may be there already.
            None if used > 0 => continue,
            None if input.len() > MOST_HEAD => return Err(Failure::TooLarge.into()),
            None => {}
        }
        let unheard = input.is_empty();
        match more(link, &mut input).await {
            Ok(0) => {
                let failure = Failure::Protocol("the server closed the connection without an answer".to_owned());
                return Err(Broken { failure, unheard });
            }
            Ok(_) => {}
            Err(e) => return Err(Broken { failure: cut(&e), unheard }),
        }
    };
    let mut headers = Vec::with_capacity(head.headers().len());
    let mut size = 0usize;
    for (name, value) in head.headers() {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        size += name.as_str().len() + value.len();
        headers.push((name.as_str().to_owned(), value));
    }
    let room = most.checked_sub(size).ok_or(Failure::TooLarge)?;
    let (body, must_close) = match call.proceed() {
        Some(RecvResponseResult::RecvBody(call)) => body(link, call, &mut input, room).await?,
        // A redirect is a response like any other here: who asked sees where it leads, and nobody goes there.
        Some(RecvResponseResult::Redirect(call)) => (Vec::new(), call.must_close_connection()),
        Some(RecvResponseResult::Cleanup(call)) => (Vec::new(), call.must_close_connection()),
        None => return Err(Failure::Protocol("half a response".to_owned()).into()),
    };
    let response = wit::Response { status: head.status().as_u16(), headers, body };
    // What came behind the response belongs to nobody.
    Ok(Exchanged { response, reusable: !must_close && input.is_empty() })
}

/// The request as bytes.
fn written(request: &Request) -> Result<(Vec<u8>, Call<RecvResponse>), Broken> {
    let mut head = request.head.headers().iter().fold(OWN_LINES, |n, (k, v)| n + k.as_str().len() + v.len() + 4);
    head += request.head.uri().path_and_query().map_or(0, |path| path.as_str().len());
    let mut bytes = vec![0; head + request.body.len()];
    let mut at = 0;
    let broken = || Broken::from(Failure::Protocol("the request cannot be written".to_owned()));
    let mut call = Call::new(request.head.clone())?;
    if !request.body.is_empty() {
        call.force_send_body();
    }
    let mut call = call.proceed();
    while !call.can_proceed() {
        let written = call.write(bytes.get_mut(at..).unwrap_or_default())?;
        at += written;
        if written == 0 {
            return Err(broken());
        }
    }
    let call = match call.proceed()?.ok_or_else(broken)? {
        SendRequestResult::RecvResponse(call) => call,
        SendRequestResult::Await100(_) => return Err(broken()),
        SendRequestResult::SendBody(mut call) => {
            let mut body = request.body.as_slice();
            while !call.can_proceed() {
                let (used, written) = call.write(body, bytes.get_mut(at..).unwrap_or_default())?;
                at += written;
                let ended = body.is_empty();
                body = body.get(used..).unwrap_or_default();
                if (used, written) == (0, 0) && ended && !call.can_proceed() {
                    return Err(broken());
                }
            }
            call.proceed().ok_or_else(broken)?
        }
    };
    bytes.truncate(at);
    Ok((bytes, call))
}

/// The body, and whether the connection has to be closed behind it.
async fn body(
    link: &mut Link,
    mut call: Call<RecvBody>,
    input: &mut Vec<u8>,
    room: usize,
) -> Result<(Vec<u8>, bool), Broken> {
    let to_the_end = call.body_mode() == BodyMode::CloseDelimited;
    if let BodyMode::LengthDelimited(length) = call.body_mode()
        && !usize::try_from(length).is_ok_and(|length| length <= room)
    {
        return Err(Failure::TooLarge.into());
    }
    let mut bytes = Vec::new();
    let mut piece = vec![0; READ];
    while to_the_end || !call.can_proceed() {
        let (used, got) = call.read(input, &mut piece)?;
        input.drain(..used);
        bytes.extend_from_slice(piece.get(..got).unwrap_or_default());
        if bytes.len() > room {
            return Err(Failure::TooLarge.into());
        }
        if (used, got) != (0, 0) {
            continue;
        }
        match more(link, input).await {
            Ok(0) if to_the_end => break,
            Ok(0) => return Err(Failure::Protocol("the response was cut off".to_owned()).into()),
            Ok(_) => {}
            Err(e) => return Err(cut(&e).into()),
        }
    }
    let must_close = match call.proceed() {
        Some(RecvBodyResult::Redirect(call)) => call.must_close_connection(),
        Some(RecvBodyResult::Cleanup(call)) => call.must_close_connection(),
        None => true,
    };
    Ok((bytes, must_close))
}

/// Reads what there is.
async fn more(link: &mut Link, input: &mut Vec<u8>) -> io::Result<usize> {
    input.reserve(READ);
    match link.read_buf(input).await {
        // Many servers end TLS by closing the socket; what says where a body ends is looked at by the caller.
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(0),
        read => read,
    }
}
