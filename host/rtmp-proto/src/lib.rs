//! What RTMP says: handshake, chunks, AMF, commands, sessions. Pure.
