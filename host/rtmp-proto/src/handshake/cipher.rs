//! What RTMPE makes of the bytes behind the handshake: RC4, with a key for each direction.

use super::key_exchange::LEN;
use super::{PACKET_LEN, digest};
use rc4::{KeyInit, Rc4, StreamCipher};

/// Bytes of an RC4 key.
const KEY_LEN: usize = 16;

/// Both directions of an RTMPE connection, from the first byte behind the handshake.
///
/// Every byte goes through it once and in order. It hides a stream from who only listens; who can change bytes can put
/// himself between the ends, and RC4 is broken: nothing that must stay secret belongs here.
pub struct Cipher {
    incoming: Rc4,
    outgoing: Rc4,
}

impl Cipher {
    /// From the shared secret and the public keys of both ends: each end's bytes are encrypted with a key made of the other
    /// end's public key.
    pub(super) fn new(secret: &[u8; LEN], ours: &[u8; LEN], theirs: &[u8; LEN]) -> Option<Box<Cipher>> {
        let incoming = start(secret, ours)?;
        let outgoing = start(secret, theirs)?;
        Some(Box::new(Cipher { incoming, outgoing }))
    }

    /// Decrypts what came from the peer, in place.
    pub fn decrypt(&mut self, bytes: &mut [u8]) {
        self.incoming.apply_keystream(bytes);
    }

    /// Encrypts what goes to the peer, in place.
    pub fn encrypt(&mut self, bytes: &mut [u8]) {
        self.outgoing.apply_keystream(bytes);
    }
}

/// A key stream behind the bytes that both ends leave unused: as many as the handshake's last packet has.
fn start(secret: &[u8; LEN], reader: &[u8; LEN]) -> Option<Rc4> {
    let digest = digest::hmac(secret, &[reader]);
    let mut stream = Rc4::new_from_slice(digest.get(..KEY_LEN)?).ok()?;
    stream.apply_keystream(&mut [0; PACKET_LEN]);
    Some(stream)
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cipher")
    }
}

#[cfg(test)]
mod tests;
