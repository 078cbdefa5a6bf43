//! What a peer may make us hold. Every number is meant to be a configuration key.

/// Bounds of one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all partial messages together until connect is accepted. Default 256 KiB.
    pub partial_bytes_before_connect: usize,
    /// Bytes of all partial messages together after connect is accepted. Default 16 MiB: any one message fits.
    pub partial_bytes: usize,
    /// Chunk streams of the peer. Default 64.
    pub chunk_streams: usize,
    /// NetStreams alive at one time. Default 32.
    pub message_streams: usize,
    /// Nesting of AMF values. Default 32.
    pub amf_depth: u32,
    /// Values and fields in one AMF message. Default 16,384.
    pub amf_elements: u32,
    /// Bytes of names and text which AMF references may repeat in one message. Default 1 MiB.
    pub amf_repeated_bytes: usize,
    /// Bytes of unsent output at which input stops. Default 256 KiB.
    pub output_bytes: usize,
    /// Waiting events at which input stops. Default 256.
    pub events: usize,
    /// Bytes of media in waiting events at which input stops. Default 1 MiB.
    pub event_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            partial_bytes_before_connect: 256 << 10,
            partial_bytes: 16 << 20,
            chunk_streams: 64,
            message_streams: 32,
            amf_depth: 32,
            amf_elements: 16 << 10,
            amf_repeated_bytes: 1 << 20,
            output_bytes: 256 << 10,
            events: 256,
            event_bytes: 1 << 20,
        }
    }
}
