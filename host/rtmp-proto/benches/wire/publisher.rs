//! The server's end of a connection whose peer publishes.

use std::time::Duration;

use bytes::Bytes;
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::chunk::Writer;
use rtmp_proto::control::Control;
use rtmp_proto::message::Message;
use rtmp_proto::{ChunkStreamId, Event, HandshakeRandom, MessageStreamId, MessageType, ServerConfig, ServerConnection};

/// Bytes that one read of the socket brings.
pub(crate) const PIECE: usize = 16 << 10;

/// What the driver does, without a socket: feeds, takes events, drops output.
pub(crate) struct Server(ServerConnection);

impl Server {
    /// Handshake, connect, createStream and publish are done; the peer's chunks are of this size.
    pub(crate) fn publishing(chunk_size: u32) -> Server {
        let config = ServerConfig::new(HandshakeRandom([7; 32]));
        let mut server = Server(ServerConnection::new(config, Duration::ZERO));
        let mut wire = [&[3u8][..], &[0; 2 * 1536]].concat();
        let mut writer = Writer::new();
        let object = Value::Object(vec![("app".into(), "live".into())]);
        let commands = [
            (0, encode_all(&["connect".into(), 1.0.into(), object])),
            (0, encode_all(&["createStream".into(), 2.0.into(), Value::Null])),
            (1, encode_all(&["publish".into(), 3.0.into(), Value::Null, "cam".into(), "live".into()])),
        ];
        for (stream, payload) in commands {
            send(&mut writer, MessageType::COMMAND, stream, payload, &mut wire);
        }
        let (kind, payload) = Control::SetChunkSize(chunk_size).encode();
        send(&mut writer, kind, 0, payload.to_vec(), &mut wire);
        let media = server.take(&wire);
        assert_eq!(media, 0);
        server
    }

    /// Feeds bytes as they come from a socket; gives how many media messages they held.
    pub(crate) fn take(&mut self, wire: &[u8]) -> usize {
        let mut media = 0;
        for piece in wire.chunks(PIECE) {
            let mut rest = piece;
            while !rest.is_empty() {
                let Ok(taken) = self.0.feed(Duration::ZERO, rest) else { panic!("the server refused") };
                rest = &rest[taken..];
                while let Some(event) = self.0.next_event() {
                    let answered = match event {
                        Event::Message(message) => {
                            media += 1;
                            std::hint::black_box(message);
                            true
                        }
                        Event::Connect(request) => self.0.accept_connect(request.id),
                        Event::Publish(request) => self.0.accept_publish(request.id, ""),
                        other => panic!("{other:?}"),
                    };
                    assert!(answered);
                }
                self.0.sent(usize::MAX);
            }
        }
        media
    }
}

fn send(writer: &mut Writer, kind: MessageType, stream: u32, payload: Vec<u8>, wire: &mut Vec<u8>) {
    let message = Message {
        chunk_stream: ChunkStreamId(3),
        stream: MessageStreamId(stream),
        kind,
        timestamp: 0,
        payload: Bytes::from(payload),
    };
    let written = writer.write(&message, wire);
    assert!(written.is_ok());
}
