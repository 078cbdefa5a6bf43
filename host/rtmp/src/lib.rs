//! Sockets for RTMP: listening, the connection's driver, the egress writer.
