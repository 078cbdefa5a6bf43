//! The header of an accepted connection.

use std::io;
use std::time::Instant;

use tokio::io::AsyncReadExt;

use super::header::{self, Found, Malformed, Source};
use crate::address::Peer;
use crate::connection::Origin;
use crate::counters::Counters;
use crate::socket::Socket;

/// Why a connection has no header.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("the PROXY header did not come in time")]
    Late,
    #[error("the server shuts down")]
    Drained,
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error("{0}")]
    Network(#[from] io::Error),
}

/// Takes the header off the connection and makes its source the peer, until the handshake timeout is over or the listener
/// drains. A failure is counted and told in the log; `None` then.
pub(crate) async fn accept(mut socket: Socket, origin: &mut Origin) -> Option<Socket> {
    let deadline = origin.accepted + origin.settings.handshake_timeout;
    let outcome = tokio::select! {
        read = tokio::time::timeout_at(deadline, read(&mut socket)) => read.unwrap_or(Err(Failure::Late)),
        _ = origin.shared.drain.begun() => Err(Failure::Drained),
    };
    match outcome {
        Ok(source) => {
            let proxy = origin.peer;
            match source {
                Source::Ip(address) => origin.peer = Peer::at(address),
                Source::Unix => origin.peer = Peer::Unix { uid: None, pid: None },
                Source::Unsaid => {}
            }
            tracing::debug!(id = origin.id, peer = %origin.peer, %proxy, "PROXY header");
            Some(socket)
        }
        Err(failure) => {
            tell(&failure, origin);
            None
        }
    }
}

/// Reads no byte behind the header: what follows is TLS's or RTMP's.
async fn read(socket: &mut Socket) -> Result<Source, Failure> {
    let mut bytes = Vec::new();
    loop {
        match header::read(&bytes)? {
            Found::Whole(source, _) => return Ok(source),
            Found::More(more) => {
                // What is declared is bounded, and what is kept is what came.
                let had = bytes.len();
                if (&mut *socket).take(more as u64).read_buf(&mut bytes).await? == 0 {
                    let gone = if had == 0 { io::ErrorKind::UnexpectedEof } else { io::ErrorKind::ConnectionAborted };
                    return Err(io::Error::from(gone).into());
                }
            }
        }
    }
}

fn tell(failure: &Failure, Origin { id, peer, shared, .. }: &Origin) {
    if let Failure::Drained = failure {
        return;
    }
    Counters::add(&shared.counters.proxy_failed, 1);
    // Who only looks whether the port is open, as health checks do, has said nothing wrong.
    if let Failure::Network(error) = failure {
        tracing::debug!(id, %peer, %error, "gone before the end of the PROXY header");
    } else if let Some(held_back) = shared.warnings.pass(Instant::now()) {
        tracing::warn!(
            id, %peer, why = %failure, held_back,
            "refused: a connection from this address must begin with a PROXY header (proxy_protocol.from)"
        );
    }
}
