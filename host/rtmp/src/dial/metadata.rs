//! The form of metadata that a publisher sends.

use bytes::Bytes;
use media::flv::Carried;
use media::{Frame, Kind};
use rtmp_proto::{MediaKind, chunk};

use crate::crowd::Form;
use crate::data;

/// The name that a publisher puts before what a server is to keep and show every player, as an AMF0 string.
const SET_DATA_FRAME: &[u8] = b"\x02\x00\x0D@setDataFrame";
/// `onMetaData` as an AMF0 string.
const ON_META_DATA: &[u8] = b"\x02\x00\x0AonMetaData";

/// Whether a data message is the stream's description.
pub(super) fn is_on_meta_data(frame: &Frame) -> bool {
    if frame.kind != Kind::Data {
        return false;
    }
    match &frame.metadata {
        Some(metadata) => metadata.name == "onMetaData",
        None => frame.body.to_bytes().starts_with(ON_META_DATA),
    }
}

/// `@setDataFrame onMetaData`, chunked.
pub(super) fn message(frame: &Frame, form: Form) -> Bytes {
    let name = Bytes::from_static(SET_DATA_FRAME);
    let mut body = vec![name];
    match (form.hevc.map_or(Carried::AsItIs, |hevc| hevc.carry(frame)), &frame.metadata) {
        (Carried::Metadata(metadata), _) => body.push(data::encode(&metadata)),
        (_, Some(metadata)) if frame.body.is_empty() => body.push(data::encode(metadata)),
        _ => body.extend_from_slice(frame.body.slices()),
    }
    // Truncation is the wrap that RTMP time has.
    let timestamp = frame.dts_us.div_euclid(1000) as u32;
    let kind = MediaKind::Data;
    chunk::encode_message(kind.chunk_stream(), form.stream, kind.message_type(), timestamp, form.chunk_size, &body)
}
