//! An RTMP client of few words: sends what a test tells it to, right or wrong, and shows what comes back.

use std::net::SocketAddr;

use bytes::Bytes;
use rtmp_proto::amf0::{self, Value};
use rtmp_proto::message::Message;
use rtmp_proto::{ChunkStreamId, MessageStreamId, MessageType, chunk};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::process::PATIENCE;

pub const CHUNK: u32 = 4096;

pub struct Client {
    pub stream: TcpStream,
    reader: chunk::Reader,
    input: Vec<u8>,
    used: usize,
    transaction: f64,
    chunk: u32,
}

impl Client {
    /// Connects and shakes hands (plain).
    pub async fn open(address: SocketAddr) -> Client {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut hello = vec![0u8; 1537];
        hello[0] = 3;
        stream.write_all(&hello).await.unwrap();
        let mut answer = vec![0u8; 3073];
        stream.read_exact(&mut answer).await.unwrap();
        stream.write_all(&answer[1..1537]).await.unwrap();
        let reader = chunk::Reader::new(64, 16 << 20);
        Client { stream, reader, input: Vec::new(), used: 0, transaction: 0.0, chunk: 128 }
    }

    /// One that has begun to publish this name of `live`, and the stream that it does so on.
    pub async fn publishing(address: SocketAddr, name: &str) -> (Client, u32) {
        let mut client = Client::connect(address, "live").await;
        let stream = client.create_stream().await;
        client.publish(stream, name).await;
        client.status("NetStream.Publish.Start").await;
        (client, stream)
    }

    /// One that has begun to play this name of `live`, and the stream that it does so on.
    pub async fn playing(address: SocketAddr, name: &str) -> (Client, u32) {
        let mut client = Client::connect(address, "live").await;
        let stream = client.create_stream().await;
        client.play(stream, name).await;
        client.status("NetStream.Play.Start").await;
        (client, stream)
    }

    /// `open`, Set Chunk Size and connect.
    pub async fn connect(address: SocketAddr, app: &str) -> Client {
        let mut client = Client::open(address).await;
        client.send(2, 0, MessageType::SET_CHUNK_SIZE, 0, &CHUNK.to_be_bytes()).await;
        client.chunk = CHUNK;
        let object = Value::Object(vec![
            ("app".into(), app.into()),
            ("type".into(), "nonprivate".into()),
            ("tcUrl".into(), format!("rtmp://{address}/{app}").as_str().into()),
        ]);
        client.command(0, "connect", &[object]).await;
        client.status("NetConnection.Connect.Success").await;
        client
    }

    /// What we send is cut into chunks of this size from now on; the server has been told.
    pub fn set_chunk_size(&mut self, size: u32) {
        self.chunk = size;
    }

    /// The chunk size that the server announced.
    pub fn server_chunk_size(&self) -> u32 {
        self.reader.chunk_size()
    }

    pub async fn send(&mut self, csid: u32, stream: u32, kind: MessageType, timestamp: u32, body: &[u8]) {
        let body = [Bytes::copy_from_slice(body)];
        let bytes =
            chunk::encode_message(ChunkStreamId(csid), MessageStreamId(stream), kind, timestamp, self.chunk, &body);
        self.stream.write_all(&bytes).await.unwrap();
    }

    /// Sends a command with the next transaction id, which it returns.
    pub async fn command(&mut self, stream: u32, name: &str, values: &[Value]) -> f64 {
        self.transaction += 1.0;
        let mut all = vec![name.into(), self.transaction.into()];
        all.extend_from_slice(values);
        self.send(3, stream, MessageType::COMMAND, 0, &amf0::encode_all(&all)).await;
        self.transaction
    }

    /// createStream; the id the server gave.
    pub async fn create_stream(&mut self) -> u32 {
        let transaction = self.command(0, "createStream", &[Value::Null]).await;
        loop {
            let values = self.next_command().await;
            if values[0] == "_result".into() && values[1].number() == Some(transaction) {
                return values[3].number().unwrap() as u32;
            }
        }
    }

    pub async fn publish(&mut self, stream: u32, name: &str) {
        self.command(stream, "publish", &[Value::Null, name.into(), "live".into()]).await;
    }

    pub async fn play(&mut self, stream: u32, name: &str) {
        self.command(stream, "play", &[Value::Null, name.into()]).await;
    }

    pub async fn media(&mut self, stream: u32, kind: MessageType, timestamp: u32, body: &[u8]) {
        let csid = if kind == MessageType::VIDEO { 6 } else { 4 };
        self.send(csid, stream, kind, timestamp, body).await;
    }

    /// Reads what the server has sent until now, and forgets it.
    pub fn pass_over_what_came(&mut self) {
        let mut scratch = [0; 4096];
        while self.stream.try_read(&mut scratch).is_ok_and(|n| n > 0) {}
    }

    /// The next message; `None` when the server has closed.
    pub async fn next(&mut self) -> Option<Message> {
        tokio::time::timeout(PATIENCE, self.read()).await.expect("the server says nothing")
    }

    /// Waits until everything that was sent so far has been handled.
    pub async fn ping(&mut self) {
        self.send(2, 0, MessageType::USER_CONTROL, 0, &[0, 6, 9, 9, 9, 9]).await;
        loop {
            let message = self.next().await.expect("the connection is open");
            if message.kind == MessageType::USER_CONTROL && message.payload[..2] == [0, 7] {
                return;
            }
        }
    }

    async fn read(&mut self) -> Option<Message> {
        loop {
            let mut rest = &self.input[self.used..];
            let message = self.reader.read(&mut rest).expect("the server's chunks are well-formed");
            self.used = self.input.len() - rest.len();
            if let Some(message) = message {
                if message.kind == MessageType::SET_CHUNK_SIZE {
                    self.reader.set_chunk_size(u32::from_be_bytes(message.payload[..4].try_into().unwrap())).unwrap();
                }
                return Some(message);
            }
            self.input.clear();
            self.used = 0;
            match self.stream.read_buf(&mut self.input).await {
                Ok(0) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    async fn next_command(&mut self) -> Vec<Value> {
        loop {
            let message = self.next().await.expect("the connection is open");
            if message.kind == MessageType::COMMAND {
                return amf0::decode_all(&message.payload, &Default::default()).unwrap();
            }
        }
    }

    /// Reads on until a command carries this code; everything before it is passed over.
    pub async fn status(&mut self, code: &str) -> Vec<Value> {
        let mut seen = Vec::new();
        loop {
            let message = self.next().await.unwrap_or_else(|| panic!("closed before {code}; got {seen:?}"));
            if message.kind == MessageType::COMMAND {
                let values = amf0::decode_all(&message.payload, &Default::default()).unwrap();
                let got = code_of(&values);
                if got.as_deref() == Some(code) {
                    return values;
                }
                seen.push(got.unwrap_or_else(|| format!("{:?}", values.first())));
            }
        }
    }

    /// The codes of all status commands until the server closes.
    pub async fn until_closed(&mut self) -> Vec<String> {
        let mut seen = Vec::new();
        while let Some(message) = self.next().await {
            if message.kind == MessageType::COMMAND {
                let values = amf0::decode_all(&message.payload, &Default::default()).unwrap();
                seen.extend(code_of(&values));
            }
        }
        seen
    }

    /// The next audio, video or data message of a stream.
    pub async fn next_media(&mut self) -> Message {
        loop {
            let message = self.next().await.expect("the connection is open");
            if matches!(message.kind, MessageType::AUDIO | MessageType::VIDEO) {
                return message;
            }
        }
    }
}

/// The `code` of a status or result, wherever it stands.
pub fn code_of(values: &[Value]) -> Option<String> {
    values.iter().find_map(|v| v.field("code")?.text()).map(ToString::to_string)
}
