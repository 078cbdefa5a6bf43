use super::*;

fn message(kind: MessageType, payload: &[u8]) -> Message {
    Message {
        chunk_stream: ChunkStreamId(2),
        stream: MessageStreamId(0),
        kind,
        timestamp: 0,
        payload: Bytes::copy_from_slice(payload),
    }
}

#[test]
fn vectors_decode_and_encode() {
    let id = MessageStreamId(0x0102_0304);
    let user = Control::User;
    let cases: [(Control, u8, &[u8]); 15] = [
        (Control::SetChunkSize(4096), 1, &[0, 0, 16, 0]),
        (Control::Abort(ChunkStreamId(6)), 2, &[0, 0, 0, 6]),
        (Control::Acknowledgement(0xFFFF_FFFF), 3, &[255; 4]),
        (Control::WindowAckSize(5_000_000), 5, &[0, 0x4C, 0x4B, 0x40]),
        (Control::PeerBandwidth { window: 1, limit: BandwidthLimit::Hard }, 6, &[0, 0, 0, 1, 0]),
        (Control::PeerBandwidth { window: 1, limit: BandwidthLimit::Soft }, 6, &[0, 0, 0, 1, 1]),
        (Control::PeerBandwidth { window: 1, limit: BandwidthLimit::Dynamic }, 6, &[0, 0, 0, 1, 2]),
        (user(UserControl::StreamBegin(id)), 4, &[0, 0, 1, 2, 3, 4]),
        (user(UserControl::StreamEof(id)), 4, &[0, 1, 1, 2, 3, 4]),
        (user(UserControl::StreamDry(id)), 4, &[0, 2, 1, 2, 3, 4]),
        (user(UserControl::SetBufferLength { stream: id, ms: 3000 }), 4, &[0, 3, 1, 2, 3, 4, 0, 0, 0x0B, 0xB8]),
        (user(UserControl::StreamIsRecorded(id)), 4, &[0, 4, 1, 2, 3, 4]),
        (user(UserControl::PingRequest(7)), 4, &[0, 6, 0, 0, 0, 7]),
        (user(UserControl::PingResponse(7)), 4, &[0, 7, 0, 0, 0, 7]),
        (user(UserControl::Other { event: 31 }), 4, &[0, 31]),
    ];
    for (control, kind, body) in cases {
        let (written, payload) = control.encode();
        assert_eq!((written.0, payload.as_ref()), (kind, body));
        assert_eq!(Control::decode(&message(MessageType(kind), body)), Ok(Some(control)));
        for end in 0..body.len() {
            let cut = Control::decode(&message(MessageType(kind), &body[..end]));
            // A bandwidth without its type means dynamic; everything else is too short.
            match kind {
                6 if end == 4 => assert!(cut.is_ok()),
                _ => assert_eq!(cut.unwrap_err().cause, Cause::ShortControl(kind), "{control:?} cut at {end}"),
            }
        }
    }
}

#[test]
fn other_types_are_no_control() {
    for kind in [0, 7, 8, 9, 18, 20, 22] {
        assert_eq!(Control::decode(&message(MessageType(kind), &[0; 10])), Ok(None));
    }
}
