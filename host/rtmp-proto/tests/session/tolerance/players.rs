//! Players.

use super::Vector;
use rtmp_proto::MessageStreamId;
use rtmp_proto::amf0::Value;
use rtmp_proto::control::{Control, UserControl};

const STARTED: &[&str] = &["begin 1", "NetStream.Play.Reset", "NetStream.Play.Start"];

pub(super) fn vectors() -> Vec<Vector> {
    let mut all = starts();
    all.extend(behind_play());
    all
}

/// A play of `cam` on stream 1 with these arguments, that is told to the driver so.
fn start(name: &'static str, arguments: &[Value], event: &'static str) -> Vector {
    let arguments = [&["cam".into()], arguments].concat();
    Vector::connected(name)
        .command(3, 0, "createStream", 2.0, &[])
        .wait()
        .command(8, 1, "play", 0.0, &arguments)
        .answers(&["_result"])
        .answers(STARTED)
        .events(&[event])
}

fn starts() -> Vec<Vector> {
    let buffer = |stream, ms| Control::User(UserControl::SetBufferLength { stream: MessageStreamId(stream), ms });
    vec![
        start("no start", &[], "play cam from -2000 on 1"),
        start("start -2, in seconds (rtmp2src)", &[(-2.0).into()], "play cam from -2000 on 1"),
        start("start -2000 (ffmpeg, mpv)", &[(-2000.0).into()], "play cam from -2000 on 1"),
        start("start -1, in seconds", &[(-1.0).into()], "play cam from -1000 on 1"),
        start("start -1000 (rtmpdump)", &[(-1000.0).into()], "play cam from -1000 on 1"),
        start("start 0", &[0.0.into()], "play cam from 0 on 1"),
        start("start 5 s, duration, reset", &[5000.0.into(), (-1.0).into(), true.into()], "play cam from 5000 on 1"),
        start("a start that is no number", &[Value::Null, f64::NAN.into()], "play cam from -2000 on 1"),
        Vector::connected("reset of false, as a number")
            .command(8, 1, "play", 0.0, &["cam".into(), (-2.0).into(), (-1.0).into(), 0.0.into()])
            .answers(&["begin 1", "NetStream.Play.Start"])
            .events(&["play cam from -2000 on 1"]),
        Vector::connected("rtmpdump: Flash's FCSubscribe, a buffer before the stream, play with a number")
            .control(Control::WindowAckSize(5_000_000))
            .control(buffer(0, 300))
            .command(3, 0, "createStream", 2.0, &[])
            .command(3, 0, "FCSubscribe", 3.0, &["cam".into()])
            .wait()
            .command(8, 1, "play", 4.0, &["cam".into(), (-1000.0).into()])
            .control(buffer(1, 3000))
            .answers(&["_result", "_result", "NetStream.Play.Start"])
            .answers(STARTED)
            .events(&["buffer of 300 on 0", "play cam from -1000 on 1", "buffer of 3000 on 1"]),
        Vector::connected("ffmpeg: getStreamLength on a chunk stream of its own before play")
            .command(3, 0, "createStream", 2.0, &[])
            .command(8, 0, "getStreamLength", 3.0, &["cam".into()])
            .wait()
            .command(8, 1, "play", 4.0, &["cam".into(), (-2000.0).into()])
            .answers(&["_result", "_result"])
            .answers(STARTED)
            .events(&["play cam from -2000 on 1"]),
        Vector::connected("play without createStream")
            .command(8, 3, "play", 0.0, &["cam".into()])
            .answers(&["begin 3", "NetStream.Play.Reset", "NetStream.Play.Start"])
            .events(&["play cam from -2000 on 3"]),
        Vector::connected("play without a name")
            .command(8, 1, "play", 0.0, &["".into()])
            .command(8, 1, "play", 0.0, &[])
            .answers(&["NetStream.Play.Failed", "NetStream.Play.Failed"])
            .events(&["ignored: play without a name", "ignored: play without a name"]),
    ]
}

fn behind_play() -> Vec<Vector> {
    vec![
        Vector::playing("pause, with and without a position, and on again")
            .command(8, 1, "pause", 0.0, &[true.into(), 1500.0.into()])
            .command(8, 1, "pauseRaw", 0.0, &[false.into()])
            .answers(&["end 1", "NetStream.Pause.Notify", "begin 1", "NetStream.Unpause.Notify"])
            .events(&["pause true at 1500 on 1", "pause false at 0 on 1"]),
        Vector::playing("receiveAudio, receiveVideo: flags as numbers too")
            .command(8, 1, "receiveAudio", 0.0, &[false.into()])
            .command(8, 1, "receiveVideo", 0.0, &[0.0.into()])
            .command(8, 1, "receiveVideo", 0.0, &[true.into()])
            .events(&["audio false on 1", "video false on 1", "video true on 1"]),
        Vector::playing("seek in a live stream")
            .command(8, 1, "seek", 0.0, &[5000.0.into()])
            .answers(&["NetStream.Seek.Notify"])
            .events(&["seek to 5000 on 1"]),
        Vector::playing("a second play switches over")
            .command(8, 1, "play", 0.0, &["other".into()])
            .answers(STARTED)
            .events(&["play ends on 1", "play other from -2000 on 1"]),
        Vector::playing("play2 switches over")
            .raw(&play2())
            .answers(STARTED)
            .events(&["play ends on 1", "play high from -2000 on 1"]),
        Vector::playing("closeStream and deleteStream")
            .command(8, 1, "closeStream", 0.0, &[])
            .command(8, 1, "deleteStream", 0.0, &[1.0.into()])
            .answers(&["NetStream.Play.Stop"])
            .events(&["play ends on 1"]),
        Vector::playing("an answer to the server verification of a player's file, and events that nobody knows")
            .message(2, 0, rtmp_proto::MessageType::USER_CONTROL, 0, &[&[0, 27][..], &[1; 42]].concat())
            .message(2, 0, rtmp_proto::MessageType::USER_CONTROL, 0, &[0, 26])
            .message(2, 0, rtmp_proto::MessageType::USER_CONTROL, 0, &[0, 31, 0, 0, 0, 1])
            .control(Control::User(UserControl::PingRequest(5)))
            .answers(&["pong 5"])
            .events(&[
                "ignored: unknown user control event 27",
                "ignored: unknown user control event 26",
                "ignored: unknown user control event 31",
            ]),
        Vector::playing("acknowledgements that make no sense")
            .control(Control::Acknowledgement(u32::MAX))
            .control(Control::Acknowledgement(0))
            .control(Control::User(UserControl::PingResponse(9)))
            .control(Control::User(UserControl::PingRequest(6)))
            .answers(&["pong 6"]),
    ]
}

/// play2 with its object, in the chunks of the default size, on a chunk stream of its own.
fn play2() -> Vec<u8> {
    let name = |text: &str| [&[0, text.len() as u8], text.as_bytes()].concat();
    let parameters = [&[3][..], &name("streamName"), &[2], &name("high"), &[0, 0, 9]].concat();
    let body = [&[2][..], &name("play2"), &[0, 0, 0, 0, 0, 0, 0, 0, 0, 5], &parameters].concat();
    [&[20, 0, 0, 0, 0, 0, body.len() as u8, 20, 1, 0, 0, 0][..], &body].concat()
}
