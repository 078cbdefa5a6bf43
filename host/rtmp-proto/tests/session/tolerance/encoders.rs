//! Publishers.

use super::Vector;
use crate::dialogue::{handshake, object};
use bytes::Bytes;
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::control::Control;
use rtmp_proto::{ChunkStreamId, MessageType};

fn metadata() -> Vec<u8> {
    encode_all(&["@setDataFrame".into(), "onMetaData".into(), object(&[("width", 320.0.into())])])
}

/// FLV tags back to back, as an aggregate has them.
pub(super) fn tags(parts: &[(u8, u32, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (kind, time, bytes) in parts {
        let size = u32::try_from(bytes.len()).unwrap();
        body.push(*kind);
        body.extend_from_slice(&size.to_be_bytes()[1..]);
        body.extend_from_slice(&time.to_be_bytes()[1..]);
        body.extend_from_slice(&[time.to_be_bytes()[0], 0, 0, 0]);
        body.extend_from_slice(bytes);
        body.extend_from_slice(&(size + 11).to_be_bytes());
    }
    body
}

pub(super) fn vectors() -> Vec<Vector> {
    let mut all = connect_and_publish();
    all.extend(media());
    all.extend(ends());
    all
}

/// The way to a publish.
fn connect_and_publish() -> Vec<Vector> {
    vec![
        Vector::new("OBS says its chunk size before connect")
            .raw(&handshake())
            .control(Control::SetChunkSize(4096))
            .connect(&[("type", "nonprivate".into()), ("flashVer", "FMLE/3.0 (compatible; FMSc/1.0)".into())])
            .wait()
            .command(3, 0, "createStream", 4.0, &[])
            .wait()
            .command(4, 1, "publish", 5.0, &["cam".into(), "live".into()])
            .wait()
            .video(4, 1, 0, &[7; 5000])
            .answers(&["_result", "NetStream.Publish.Start"])
            .events(&["publish cam (live) on 1", "video of 5000 bytes at 0 on 1"]),
        Vector::connected("transaction 0 on createStream is answered all the same")
            .command(3, 0, "createStream", 0.0, &[])
            .wait()
            .command(3, 1, "publish", 0.0, &["cam".into(), "live".into()])
            .answers(&["_result", "NetStream.Publish.Start"])
            .events(&["publish cam (live) on 1"]),
        Vector::connected("rtmp2sink: no transactions but one, and a chunk size behind publish")
            .command(3, 0, "releaseStream", 0.0, &["cam".into()])
            .command(3, 0, "FCPublish", 0.0, &["cam".into()])
            .command(3, 0, "createStream", 2.0, &[])
            .wait()
            .command(3, 1, "publish", 0.0, &["cam".into(), "live".into()])
            .control(Control::SetChunkSize(60_000))
            .message(4, 1, MessageType::DATA, 0, &metadata())
            .message(4, 1, MessageType::DATA, 0, &metadata())
            .audio(5, 1, 0, &[1; 1000])
            .answers(&["NetStream.Publish.Start", "_result", "NetStream.Publish.Start"])
            .events(&[
                "publish cam (live) on 1",
                "data of 33 bytes at 0 on 1",
                "data of 33 bytes at 0 on 1",
                "audio of 1000 bytes at 0 on 1",
            ]),
        Vector::connected("librtmp: 128-byte chunks, and everything of the stream on chunk stream 4")
            .command(3, 0, "releaseStream", 2.0, &["cam".into()])
            .command(3, 0, "FCPublish", 3.0, &["cam".into()])
            .command(3, 0, "createStream", 4.0, &[])
            .wait()
            .command(4, 1, "publish", 5.0, &["cam".into(), "live".into()])
            .wait()
            .message(4, 1, MessageType::DATA, 0, &metadata())
            .video(4, 1, 0, &[2; 700])
            .audio(4, 1, 0, &[3; 129])
            .video(4, 1, 40, &[2; 128])
            .answers(&["_result", "_result", "NetStream.Publish.Start", "_result", "NetStream.Publish.Start"])
            .events(&[
                "publish cam (live) on 1",
                "data of 33 bytes at 0 on 1",
                "video of 700 bytes at 0 on 1",
                "audio of 129 bytes at 0 on 1",
                "video of 128 bytes at 40 on 1",
            ]),
        Vector::connected("publish without createStream, on a stream of its own choice")
            .command(3, 5, "publish", 2.0, &["cam".into(), "live".into()])
            .wait()
            .audio(4, 5, 0, b"a")
            .answers(&["NetStream.Publish.Start"])
            .events(&["publish cam (live) on 5", "audio of 1 bytes at 0 on 5"]),
        Vector::connected("publish on stream 0")
            .command(3, 0, "publish", 2.0, &["cam".into(), "live".into()])
            .wait()
            .audio(4, 0, 0, b"a")
            .answers(&["NetStream.Publish.Start"])
            .events(&["publish cam (live) on 0", "audio of 1 bytes at 0 on 0"]),
        Vector::connected("publish without a mode")
            .command(3, 1, "publish", 2.0, &["cam".into()])
            .answers(&["NetStream.Publish.Start"])
            .events(&["publish cam () on 1"]),
        Vector::connected("a name with its key, and one with slashes")
            .command(3, 1, "publish", 2.0, &["cam?key=a/b&x=1".into(), "live".into()])
            .command(3, 2, "publish", 3.0, &["a/b/cam".into(), "live".into()])
            .answers(&["NetStream.Publish.Start", "NetStream.Publish.Start"])
            .events(&["publish cam?key=a/b&x=1 (live) on 1", "publish a/b/cam (live) on 2"]),
        Vector::new("object encoding 3, commands of type 17")
            .raw(&handshake())
            .connect(&[("objectEncoding", 3.0.into())])
            .wait()
            .message(3, 0, MessageType::COMMAND_AMF3, 0, &amf3(&["createStream".into(), 2.0.into(), Value::Null]))
            .wait()
            .message(
                8,
                0,
                MessageType::COMMAND_AMF3,
                0,
                &amf3(&["publish".into(), 0.0.into(), Value::Null, "cam".into(), "live".into()]),
            )
            .answers(&["_result", "NetStream.Publish.Start"])
            .events(&["publish cam (live) on 0"]),
        Vector::connected("type 17 without the format byte")
            .message(3, 0, MessageType::COMMAND_AMF3, 0, &encode_all(&["createStream".into(), 2.0.into(), Value::Null]))
            .answers(&["_result"]),
    ]
}

/// Values behind the format byte of the AMF3 types.
fn amf3(values: &[Value]) -> Vec<u8> {
    [&[0][..], &encode_all(values)].concat()
}

/// What flows then.
fn media() -> Vec<Vector> {
    let aggregate = tags(&[(8, 1000, b"a"), (9, 1010, b"vv"), (18, 1020, &encode_all(&["onCuePoint".into()]))]);
    let cut = &aggregate[..aggregate.len() - 5];
    vec![
        Vector::publishing("silence: an audio message without a byte")
            .audio(4, 1, 0, b"")
            .audio(4, 1, 23, b"")
            .video(6, 1, 40, b"")
            .events(&["audio of 0 bytes at 0 on 1", "audio of 0 bytes at 23 on 1", "video of 0 bytes at 40 on 1"]),
        Vector::publishing("media on a wrong message stream belongs to the only publish")
            .audio(4, 0, 0, b"a")
            .video(6, 7, 5, b"v")
            .message(4, 77, MessageType::DATA, 6, &metadata())
            .events(&["audio of 1 bytes at 0 on 1", "video of 1 bytes at 5 on 1", "data of 33 bytes at 6 on 1"]),
        Vector::publishing(
            "DJI: the clock begins below 0, so that every chunk has an extended timestamp (MediaMTX #2393)",
        )
        .video(6, 1, 0xFFFF_FEF7, &[0x17; 300])
        .audio(4, 1, 0xFFFF_FEFF, b"a")
        .video(6, 1, 0xFFFF_FFFF, &[0x27; 300])
        .video(6, 1, 0x20, &[0x27; 300])
        .events(&[
            "video of 300 bytes at 4294967031 on 1",
            "audio of 1 bytes at 4294967039 on 1",
            "video of 300 bytes at 4294967295 on 1",
            "video of 300 bytes at 32 on 1",
        ]),
        Vector::publishing(
            "codecs that nobody knows: sound format 15, CodecID 11 and 2 (MediaMTX #2564, #1674, #1102)",
        )
        .audio(4, 1, 0, b"\xff\x01x")
        .video(6, 1, 0, b"\x1bxx")
        .video(6, 1, 0, b"\x12x")
        .events(&["audio of 3 bytes at 0 on 1", "video of 3 bytes at 0 on 1", "video of 2 bytes at 0 on 1"]),
        Vector::publishing("times out of order, as encoders with two clocks send them (MediaMTX #5233)")
            .video(6, 1, 1000, b"v")
            .video(6, 1, 960, b"v")
            .audio(4, 1, 1010, b"a")
            .audio(4, 1, 1010, b"a")
            .video(6, 1, 0, b"v")
            .events(&[
                "video of 1 bytes at 1000 on 1",
                "video of 1 bytes at 960 on 1",
                "audio of 1 bytes at 1010 on 1",
                "audio of 1 bytes at 1010 on 1",
                "video of 1 bytes at 0 on 1",
            ]),
        Vector::publishing("a stream past 4 h 40 min (MediaMTX PR 2808), and past 49 days")
            .video(6, 1, 0xFF_FFFE, &[1; 200])
            .video(6, 1, 0xFF_FFFF, &[1; 200])
            .video(6, 1, 0x100_0000, &[1; 200])
            .video(6, 1, 0xFFFF_FFFF, &[1; 200])
            .video(6, 1, 4, &[1; 200])
            .events(&[
                "video of 200 bytes at 16777214 on 1",
                "video of 200 bytes at 16777215 on 1",
                "video of 200 bytes at 16777216 on 1",
                "video of 200 bytes at 4294967295 on 1",
                "video of 200 bytes at 4 on 1",
            ]),
        Vector::publishing("Flash Media Server's aggregates")
            .message(6, 1, MessageType::AGGREGATE, 50, &aggregate)
            .events(&["audio of 1 bytes at 50 on 1", "video of 2 bytes at 60 on 1", "data of 13 bytes at 70 on 1"]),
        Vector::publishing("an aggregate that is cut off")
            .message(6, 1, MessageType::AGGREGATE, 50, cut)
            .audio(4, 1, 80, b"a")
            .events(&[
                "audio of 1 bytes at 50 on 1",
                "video of 2 bytes at 60 on 1",
                "ignored: an aggregate message is cut off",
                "audio of 1 bytes at 80 on 1",
            ]),
        Vector::publishing("metadata without @setDataFrame, cut off, in AMF3, and taken back")
            .message(4, 1, MessageType::DATA, 0, &encode_all(&["onMetaData".into(), object(&[])]))
            .message(4, 1, MessageType::DATA, 0, &metadata()[..metadata().len() - 3])
            .message(4, 1, MessageType::DATA_AMF3, 0, &[&amf3(&["onMetaData".into()])[..], &[0x11, 1]].concat())
            .message(4, 1, MessageType::DATA, 0, &encode_all(&["@clearDataFrame".into(), "onMetaData".into()]))
            .message(4, 1, MessageType::DATA, 0, &[])
            .events(&[
                "data of 17 bytes at 0 on 1",
                "data of 30 bytes at 0 on 1",
                "data of 14 bytes at 0 on 1",
                "data of 31 bytes at 0 on 1",
            ]),
        Vector::publishing("message types that nobody knows, and shared objects")
            .message(4, 1, MessageType(23), 0, b"x")
            .message(4, 0, MessageType(0), 0, b"")
            .message(4, 0, MessageType::SHARED_OBJECT, 0, b"x")
            .audio(4, 1, 0, b"a")
            .events(&[
                "ignored: unknown message type 23",
                "ignored: unknown message type 0",
                "ignored: shared objects are not kept here",
                "audio of 1 bytes at 0 on 1",
            ]),
        Vector::publishing("abort drops what came of a message, and the next one is whole")
            .raw(&[&[6, 0, 0, 0, 0, 0, 200, 9, 1, 0, 0, 0][..], &[1; 128]].concat())
            .control(Control::Abort(ChunkStreamId(6)))
            .raw(&[6, 0, 0, 9, 0, 0, 2, 9, 1, 0, 0, 0, 7, 7])
            .control(Control::Abort(ChunkStreamId(99)))
            .events(&["video of 2 bytes at 9 on 1"]),
        Vector::publishing("a message given up for the next one on its chunk stream")
            .raw(&[&[6, 0, 0, 0, 0, 0, 200, 9, 1, 0, 0, 0][..], &[1; 128]].concat())
            .raw(&[6, 0, 0, 9, 0, 0, 2, 9, 1, 0, 0, 0, 7, 7])
            .events(&[
                "ignored: a message was cut short by the next one (128 of 200 bytes)",
                "video of 2 bytes at 9 on 1",
            ]),
        Vector::publishing("a chunk size of 1 byte, of 65,536, and the largest there is")
            .control(Control::SetChunkSize(1))
            .audio(4, 1, 0, b"abcd")
            .control(Control::SetChunkSize(65_536))
            .video(6, 1, 5, &Bytes::from(vec![1; 70_000]))
            .control(Control::SetChunkSize(0x7FFF_FFFF))
            .video(6, 1, 9, &[1; 300])
            .events(&["audio of 4 bytes at 0 on 1", "video of 70000 bytes at 5 on 1", "video of 300 bytes at 9 on 1"]),
        Vector::publishing("a chunk size of 0 is the end").control(Control::SetChunkSize(0)).fatal(),
    ]
}

/// How it ends, and begins anew.
fn ends() -> Vec<Vector> {
    let publish = |vector: Vector| vector.command(8, 1, "publish", 0.0, &["cam".into(), "live".into()]).wait();
    vec![
        publish(Vector::publishing("closeStream, then publish again").command(8, 1, "closeStream", 0.0, &[]).wait())
            .audio(4, 1, 0, b"a")
            .answers(&["NetStream.Unpublish.Success", "NetStream.Publish.Start"])
            .events(&["publish ends on 1", "publish cam (live) on 1", "audio of 1 bytes at 0 on 1"]),
        publish(
            Vector::publishing("FCUnpublish and deleteStream, then createStream and publish again")
                .command(3, 0, "FCUnpublish", 6.0, &["cam".into()])
                .command(3, 0, "deleteStream", 7.0, &[1.0.into()])
                .wait()
                .command(3, 0, "createStream", 8.0, &[])
                .wait(),
        )
        .answers(&["_result", "NetStream.Unpublish.Success", "_result", "NetStream.Publish.Start"])
        .events(&["publish ends on 1", "publish cam (live) on 1"]),
        publish(Vector::publishing("publish of false stops").command(8, 1, "publish", 0.0, &[false.into()]).wait())
            .answers(&["NetStream.Unpublish.Success", "NetStream.Publish.Start"])
            .events(&["publish ends on 1", "publish cam (live) on 1"]),
        Vector::publishing("deleteStream without a number ends the stream it came on")
            .command(8, 1, "deleteStream", 0.0, &[])
            .events(&["publish ends on 1"]),
        Vector::publishing("deleteStream of a stream that is not there")
            .command(3, 0, "deleteStream", 0.0, &[9.0.into()])
            .audio(4, 1, 0, b"a")
            .events(&["audio of 1 bytes at 0 on 1"]),
        Vector::publishing("media that comes behind the end")
            .command(3, 0, "deleteStream", 0.0, &[1.0.into()])
            .audio(4, 1, 0, b"a")
            .events(&["publish ends on 1", "ignored: media on a stream that does not publish"]),
        Vector::publishing("publish twice on one stream")
            .command(8, 1, "publish", 0.0, &["other".into(), "live".into()])
            .audio(4, 1, 0, b"a")
            .answers(&["NetStream.Publish.BadName"])
            .events(&["ignored: publish on a stream that is in use", "audio of 1 bytes at 0 on 1"]),
        Vector::publishing("a second publish and two plays on the same connection")
            .command(3, 0, "createStream", 4.0, &[])
            .command(3, 0, "createStream", 5.0, &[])
            .command(3, 0, "createStream", 6.0, &[])
            .wait()
            .command(8, 2, "publish", 0.0, &["two".into(), "live".into()])
            .wait()
            .command(8, 3, "play", 0.0, &["cam".into()])
            .wait()
            .command(8, 4, "play", 0.0, &["two".into()])
            .wait()
            .audio(4, 2, 1, b"a")
            .audio(5, 1, 2, b"a")
            .audio(6, 9, 3, b"a")
            .answers(&[
                "_result",
                "_result",
                "_result",
                "NetStream.Publish.Start",
                "begin 3",
                "NetStream.Play.Reset",
                "NetStream.Play.Start",
                "begin 4",
                "NetStream.Play.Reset",
                "NetStream.Play.Start",
            ])
            .events(&[
                "publish two (live) on 2",
                "play cam from -2000 on 3",
                "play two from -2000 on 4",
                "audio of 1 bytes at 1 on 2",
                "audio of 1 bytes at 2 on 1",
                "ignored: media on a stream that does not publish",
            ]),
        Vector::publishing("close, of the connection")
            .command(3, 0, "close", 0.0, &[])
            .audio(4, 1, 0, b"a")
            .events(&["publish ends on 1"]),
    ]
}
