//! An RTMP client of another make than the router's own code: what both agree on is no shared mistake.
//!
//! Blocking, small, and exact: it hands out every message with its time, message stream and bytes.

pub mod amf;
pub mod chunk;

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::PATIENCE;
use amf::Value;
pub use chunk::Message;

/// A connection to a router, after the handshake.
pub struct Client {
    stream: TcpStream,
    reader: chunk::Reader,
    transaction: f64,
    /// The message stream id that createStream gave.
    pub stream_id: u32,
    /// Bytes received so far, and when the last acknowledgement was sent.
    acknowledged: u64,
    window: u64,
}

/// An onStatus or a refused command: its code and its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Status {
    /// Such as `NetStream.Publish.BadName`.
    pub code: String,
    /// `status`, `error` or `warning`.
    pub level: String,
    /// For people.
    pub description: String,
}

impl Client {
    /// Handshake only.
    pub fn dial(address: SocketAddr) -> Result<Client> {
        Client::dial_behind(address, &[])
    }

    /// The same behind what a load balancer says first.
    fn dial_behind(address: SocketAddr, header: &[u8]) -> Result<Client> {
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut c0c1 = vec![0u8; 1537];
        c0c1[0] = 3;
        for (at, byte) in c0c1.iter_mut().enumerate().skip(9) {
            *byte = u8::try_from(at * 7 % 251).unwrap_or_default();
        }
        stream.write_all(header)?;
        stream.write_all(&c0c1)?;
        let mut answer = vec![0u8; 1 + 1536 * 2];
        stream.read_exact(&mut answer)?;
        if answer[0] != 3 || answer[1537 + 8..] != c0c1[9..] {
            return Err(Error::new(ErrorKind::InvalidData, "not our C1 in S2"));
        }
        stream.write_all(&answer[1..1537])?;
        Ok(Client {
            stream,
            reader: chunk::Reader::default(),
            transaction: 0.0,
            stream_id: 0,
            acknowledged: 0,
            window: 0,
        })
    }

    /// Handshake and connect.
    pub fn connect(address: SocketAddr, app: &str) -> Result<Client> {
        Ok(Client::connect_as(address, app, &[])?.0)
    }

    /// Handshake and connect, saying more of itself; what the router says of itself.
    pub fn connect_as(address: SocketAddr, app: &str, more: &[(&str, Value)]) -> Result<(Client, Value)> {
        Client::introduce(Client::dial(address)?, address, app, more)
    }

    /// Handshake and connect behind what a load balancer says first: a PROXY header.
    pub fn connect_behind(address: SocketAddr, header: &[u8], app: &str) -> Result<Client> {
        Ok(Client::introduce(Client::dial_behind(address, header)?, address, app, &[])?.0)
    }

    fn introduce(
        mut client: Client,
        address: SocketAddr,
        app: &str,
        more: &[(&str, Value)],
    ) -> Result<(Client, Value)> {
        let url = format!("rtmp://{address}/{app}");
        let said = [("app", Value::text(app)), ("tcUrl", Value::text(&url)), ("flashVer", Value::text("FMLE/3.0"))];
        let answer = client.call("connect", &[Value::object(&[&said, more].concat())])?;
        match answer {
            Ok(values) => Ok((client, values.into_iter().next().unwrap_or(Value::Null))),
            Err(status) => {
                Err(Error::new(ErrorKind::PermissionDenied, format!("{}: {}", status.code, status.description)))
            }
        }
    }

    /// createStream, publish: whether the router starts it.
    pub fn publish(&mut self, name: &str) -> Result<std::result::Result<(), Status>> {
        self.create_stream()?;
        self.command(self.stream_id, "publish", 0.0, &[Value::Null, Value::text(name), Value::text("live")])?;
        self.status("NetStream.Publish.Start")
    }

    /// createStream, play. The answer (Play.Start) comes with [`Client::status`] or among the messages.
    pub fn play(&mut self, name: &str) -> Result<()> {
        self.create_stream()?;
        self.command(self.stream_id, "play", 0.0, &[Value::Null, Value::text(name), Value::Number(-2000.0)])
    }

    /// createStream; its id becomes [`Client::stream_id`].
    pub fn create_stream(&mut self) -> Result<()> {
        match self.call("createStream", &[Value::Null])? {
            Ok(values) => {
                let id = values.get(1).and_then(Value::number).unwrap_or_default();
                self.stream_id = id as u32;
                Ok(())
            }
            Err(status) => Err(Error::new(ErrorKind::PermissionDenied, status.code)),
        }
    }

    /// Sends a command and waits for its `_result` (what follows the transaction) or `_error`.
    pub fn call(&mut self, name: &str, arguments: &[Value]) -> Result<std::result::Result<Vec<Value>, Status>> {
        self.transaction += 1.0;
        let transaction = self.transaction;
        self.command(0, name, transaction, arguments)?;
        loop {
            let message = self.message()?;
            let Some(values) = message.command() else { continue };
            let ours = values.get(1).and_then(Value::number) == Some(transaction);
            match values.first().and_then(Value::as_text) {
                Some("_result") if ours => return Ok(Ok(values[2..].to_vec())),
                Some("_error") if ours => return Ok(Err(Status::of(&values))),
                _ => {}
            }
        }
    }

    /// Sends a command without waiting.
    pub fn command(&mut self, stream_id: u32, name: &str, transaction: f64, arguments: &[Value]) -> Result<()> {
        let mut body = Vec::new();
        Value::text(name).encode(&mut body);
        Value::Number(transaction).encode(&mut body);
        arguments.iter().for_each(|a| a.encode(&mut body));
        self.send(Message { kind: 20, time_ms: 0, stream_id, body })
    }

    /// Waits for the status of this code; any status of level error comes back as an error.
    pub fn status(&mut self, code: &str) -> Result<std::result::Result<(), Status>> {
        loop {
            if let Some(status) = self.message()?.status() {
                if status.code == code {
                    return Ok(Ok(()));
                }
                if status.level == "error" {
                    return Ok(Err(status));
                }
            }
        }
    }

    /// Sends media on the stream.
    pub fn media(&mut self, kind: u8, time_ms: u32, body: Vec<u8>) -> Result<()> {
        self.send(Message { kind, time_ms, stream_id: self.stream_id, body })
    }

    /// Sends any message.
    pub fn send(&mut self, message: Message) -> Result<()> {
        self.raw(&chunk::encode(&message))
    }

    /// Sends bytes as they are.
    pub fn raw(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes)
    }

    /// The next message; control messages are obeyed and handed out too. An error of kind UnexpectedEof: the router closed.
    pub fn message(&mut self) -> Result<Message> {
        self.message_within(PATIENCE)?.ok_or_else(|| Error::new(ErrorKind::TimedOut, "no message"))
    }

    /// The next message, or None if none comes within `patience`.
    pub fn message_within(&mut self, patience: Duration) -> Result<Option<Message>> {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(message) = self.reader.message()? {
                self.obey(&message)?;
                return Ok(Some(message));
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(None);
            }
            self.stream.set_read_timeout(Some(left.max(Duration::from_millis(1))))?;
            let mut bytes = [0u8; 65536];
            match self.stream.read(&mut bytes) {
                Ok(0) => return Err(Error::new(ErrorKind::UnexpectedEof, "the router closed the connection")),
                Ok(n) => self.reader.feed(&bytes[..n]),
                Err(e) if [ErrorKind::WouldBlock, ErrorKind::TimedOut].contains(&e.kind()) => {}
                Err(e) => return Err(e),
            }
        }
    }

    /// Reads until the router closes; whether it did within the deadline.
    pub fn closed_by_peer(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            match self.message_within(Duration::from_secs(1)) {
                Ok(_) => {}
                Err(e) => {
                    return [ErrorKind::UnexpectedEof, ErrorKind::ConnectionReset, ErrorKind::BrokenPipe]
                        .contains(&e.kind());
                }
            }
        }
        false
    }

    fn obey(&mut self, message: &Message) -> Result<()> {
        match (message.kind, message.body.as_slice()) {
            (5, [a, b, c, d, ..]) => self.window = u64::from(u32::from_be_bytes([*a, *b, *c, *d])),
            (4, [0, 6, time @ ..]) => {
                let body = [&[0, 7], time].concat();
                self.send(Message { kind: 4, time_ms: 0, stream_id: 0, body })?;
            }
            _ => {}
        }
        let received = self.reader.received();
        if self.window > 0 && received - self.acknowledged >= self.window / 2 {
            self.acknowledged = received;
            let body = u32::try_from(received & 0xffff_ffff).unwrap_or_default().to_be_bytes().to_vec();
            self.send(Message { kind: 3, time_ms: 0, stream_id: 0, body })?;
        }
        Ok(())
    }
}

impl Message {
    /// The values of a command message: name, transaction, arguments.
    pub fn command(&self) -> Option<Vec<Value>> {
        (self.kind == 20).then(|| amf::decode_all(&self.body))
    }

    /// The status of an onStatus command, or of an `_error`.
    pub fn status(&self) -> Option<Status> {
        let values = self.command()?;
        let named = ["onStatus", "_error"].contains(&values.first()?.as_text()?);
        named.then(|| Status::of(&values))
    }

    /// Audio, video or data.
    pub fn is_media(&self) -> bool {
        [crate::flv::AUDIO, crate::flv::VIDEO, crate::flv::DATA].contains(&self.kind)
    }

    /// As the tag that a file would carry.
    pub fn tag(&self) -> crate::flv::Tag {
        crate::flv::Tag { kind: self.kind, time_ms: self.time_ms, body: self.body.clone() }
    }
}

impl Status {
    fn of(values: &[Value]) -> Status {
        let information = values.iter().rev().find(|v| matches!(v, Value::Object(_)));
        let field = |name: &str| {
            information.and_then(|i| i.field(name)).and_then(Value::as_text).unwrap_or_default().to_owned()
        };
        Status { code: field("code"), level: field("level"), description: field("description") }
    }
}
