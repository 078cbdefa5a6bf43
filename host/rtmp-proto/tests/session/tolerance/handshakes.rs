//! Handshakes as clients send them.

use super::Vector;
use crate::dialogue::handshake;
use rtmp_proto::HandshakeRandom;
use rtmp_proto::handshake::{Client, Layout};
use std::time::Duration;

/// C0 and C1 of a client whose C1 carries a digest here.
fn signed(layout: Layout) -> Vec<u8> {
    let mut hello = Vec::new();
    Client::new(HandshakeRandom([9; 32]), Some(layout), Duration::ZERO, &mut hello);
    hello
}

/// A client that waits for S0 to S2 before it goes on with this C2 and connect.
fn patient(name: &'static str, hello: &[u8], c2: &[u8]) -> Vector {
    Vector::new(name)
        .raw(hello)
        .wait()
        .raw(c2)
        .connect(&[])
        .wait()
        .command(3, 0, "createStream", 2.0, &[])
        .answers(&["_result"])
}

pub(super) fn vectors() -> Vec<Vector> {
    let plain = handshake();
    let (hello, c2) = plain.split_at(1537);
    let noise: Vec<u8> = (0..1536u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let mut unsigned = hello.to_vec();
    unsigned[5..9].copy_from_slice(&[128, 0, 7, 2]);
    let mut broken = signed(Layout::KeyFirst);
    broken[1000] ^= 1;
    vec![
        patient("plain, C2 behind the answer", hello, c2),
        Vector::new("plain, C2, chunk size and connect glued to C1")
            .raw(&plain)
            .control(rtmp_proto::control::Control::SetChunkSize(4096))
            .connect(&[])
            .command(3, 0, "createStream", 2.0, &[])
            .answers(&["_result"]),
        patient("C2 of garbage", hello, &noise),
        patient("C2 of zeros behind a digest", &signed(Layout::DigestFirst), &[0; 1536]),
        patient("a digest in the first half", &signed(Layout::DigestFirst), &noise),
        patient("a digest in the second half", &signed(Layout::KeyFirst), &noise),
        patient("a version and no digest: taken as plain", &unsigned, &noise),
        patient("a digest that does not verify: taken as plain", &broken, &noise),
        Vector::new("RTMPE without a digest: nothing says where the key stands").raw(&[6]).raw(&hello[1..]).fatal(),
        Vector::new("a web browser").raw(b"GET / HTTP/1.1\r\n\r\n").fatal(),
    ]
}
