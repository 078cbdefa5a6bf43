//! Commands of either kind of client, known and unknown.

use super::Vector;
use rtmp_proto::MessageType;
use rtmp_proto::amf0::{Value, encode_all};
use rtmp_proto::control::{BandwidthLimit, Control, UserControl};

pub(super) fn vectors() -> Vec<Vector> {
    vec![
        Vector::connected("bandwidth checks, with either name")
            .command(3, 0, "_checkbw", 5.0, &[])
            .command(3, 0, "checkBandwidth", 6.0, &[])
            .command(3, 0, "_checkbw", 0.0, &[])
            .answers(&["_result", "_result"]),
        Vector::connected("commands that nobody knows: an error, but none to transaction 0")
            .command(3, 0, "checkbw", 5.0, &[])
            .command(3, 0, "setPeerInfo", 0.0, &["x".into()])
            .command(3, 0, "\u{1}\n", 7.0, &[])
            .answers(&["NetConnection.Call.Failed", "NetConnection.Call.Failed"])
            .events(&[
                "ignored: unknown command \"checkbw\"",
                "ignored: unknown command \"setPeerInfo\"",
                "ignored: unknown command \"%01%0A\"",
            ]),
        Vector::connected("answers to what we never asked")
            .command(3, 0, "_result", 9.0, &[Value::Null])
            .command(3, 0, "_error", 9.0, &[])
            .command(3, 0, "onStatus", 0.0, &[])
            .command(3, 0, "onBWDone", 0.0, &[]),
        Vector::connected("a command that is no more than its name, and one that is a number")
            .message(3, 0, MessageType::COMMAND, 0, &encode_all(&["createStream".into()]))
            .message(3, 0, MessageType::COMMAND, 0, &encode_all(&[5.0.into()]))
            .message(3, 0, MessageType::COMMAND, 0, &[])
            .message(3, 0, MessageType::COMMAND_AMF3, 0, &[0])
            .answers(&["_result"])
            .events(&[
                "ignored: a command without a name",
                "ignored: a command without a name",
                "ignored: a command without a name",
            ]),
        Vector::connected("connect twice")
            .connect(&[])
            .answers(&["NetConnection.Call.Failed"])
            .events(&["ignored: a second connect command"]),
        Vector::connected("createStream on a stream, and a command on a chunk stream for media")
            .command(6, 1, "createStream", 2.0, &[])
            .command(2, 0, "createStream", 3.0, &[])
            .answers(&["_result", "_result"]),
        Vector::connected("pings, a bandwidth without a type, windows")
            .control(Control::User(UserControl::PingRequest(7)))
            .wait()
            .message(2, 0, MessageType::PEER_BANDWIDTH, 0, &[0, 0, 0x10, 0])
            .control(Control::PeerBandwidth { window: 4096, limit: BandwidthLimit::Soft })
            .control(Control::WindowAckSize(0))
            .control(Control::User(UserControl::PingRequest(8)))
            .answers(&["pong 7", "pong 8"]),
        Vector::connected("control messages on a stream and a chunk stream of their own, with a time")
            .message(9, 5, MessageType::USER_CONTROL, 777, &[0, 6, 0, 0, 0, 9])
            .answers(&["pong 9"]),
        Vector::connected("control messages that are too short")
            .message(2, 0, MessageType::SET_CHUNK_SIZE, 0, &[1])
            .message(2, 0, MessageType::USER_CONTROL, 0, &[0])
            .message(2, 0, MessageType::USER_CONTROL, 0, &[0, 6, 1])
            .command(3, 0, "createStream", 2.0, &[])
            .answers(&["_result"])
            .events(&[
                "ignored: a control message of type 1 is too short",
                "ignored: a control message of type 4 is too short",
                "ignored: a control message of type 4 is too short",
            ]),
        Vector::connected("player's commands without a play")
            .command(8, 1, "pause", 0.0, &[true.into()])
            .command(8, 1, "seek", 0.0, &[0.0.into()])
            .events(&[
                "ignored: a player's command on a stream that does not play",
                "ignored: a player's command on a stream that does not play",
            ]),
        Vector::connected("FCPublish and FCUnpublish without a publish")
            .command(3, 0, "FCPublish", 2.0, &["cam".into()])
            .command(3, 0, "FCUnpublish", 3.0, &["cam".into()])
            .command(3, 0, "FCUnsubscribe", 4.0, &[])
            .answers(&[
                "_result",
                "NetStream.Publish.Start",
                "_result",
                "NetStream.Unpublish.Success",
                "_result",
                "NetStream.Play.Stop",
            ]),
    ]
}
