//! The handshake of RTMPE (version 6): that with digests, and a public key in C1 and in S1. Both ends get a [`Cipher`] of it.
//!
//! No specification tells it; what stands here is what librtmp and ffmpeg do. Versions 8 and 9, whose signatures are encrypted
//! once more, are for servers that answer so: clients ask with 6.

use super::cipher::Cipher;
use super::key_exchange::{LEN, PrivateKey};
use super::{Answer, HandshakeRandom, Layout, PACKET_LEN, SERVER_VERSION, Variant, digest, put};
use crate::error::Cause;

/// The protocol version in C0 and S0.
pub(super) const VERSION: u8 = 6;
/// The client version in C1, which says that RTMPE is known: that of librtmp and ffmpeg.
const CLIENT_VERSION: [u8; 4] = [128, 0, 3, 2];
/// Private keys that the server tries.
const DRAWS: u8 = 16;

/// S0 S1 S2 for a whole C1, and what follows them is encrypted with.
pub(super) fn respond(
    c1: &[u8; PACKET_LEN],
    random: HandshakeRandom,
    time: [u8; 4],
    output: &mut Vec<u8>,
) -> Result<(Variant, Answer, Box<Cipher>), Cause> {
    let (layout, client) = digest::find_client(c1).ok_or(Cause::NoDigest)?;
    let theirs = digest::public_key(c1, layout).ok_or(Cause::PublicKey)?;
    let (key, secret) = agree(&theirs, random).ok_or(Cause::PublicKey)?;
    let ours = key.public();
    let mut noise = [0u8; 2 * PACKET_LEN];
    noise_of(random).fill(&mut noise);
    let (s1, s2) = noise.split_at_mut(PACKET_LEN);
    put(s1, 0, &time);
    put(s1, 4, &SERVER_VERSION);
    // Not where the client has its own: an ffmpeg that publishes looks for the server's key in this place only.
    digest::put_public_key(s1, Layout::DigestFirst, &ours);
    let server = digest::sign_server(s1, Layout::DigestFirst);
    digest::sign_answer(s2, &client);
    output.push(VERSION);
    output.extend_from_slice(s1);
    output.extend_from_slice(s2);
    let cipher = Cipher::new(&secret, &ours, &theirs).ok_or(Cause::PublicKey)?;
    Ok((Variant::Encrypted(layout), Answer { s1: s1.to_vec(), digest: Some(server) }, cipher))
}

/// A private key and the secret that it makes with the client's public key.
///
/// One whose secret begins with a zero byte is put back: some clients leave such bytes out and come to another key. The server
/// speaks second, so the choice is its own.
fn agree(theirs: &[u8; LEN], random: HandshakeRandom) -> Option<(PrivateKey, [u8; LEN])> {
    let mut agreed = None;
    for draw in 0..DRAWS {
        let key = PrivateKey::new(random, draw);
        let secret = key.shared(theirs)?;
        let done = secret.first() != Some(&0);
        agreed = Some((key, secret));
        if done {
            break;
        }
    }
    agreed
}

/// Noise shows where it comes from to who computes it back. The private key must not come from there.
pub(super) fn noise_of(random: HandshakeRandom) -> HandshakeRandom {
    HandshakeRandom(random.derive(b"RTMPE noise", 0))
}

/// A client's key, until the server has shown its own.
#[derive(Debug)]
pub(super) struct Offer {
    key: PrivateKey,
    public: [u8; LEN],
}

impl Offer {
    /// Fills C1 but for its time.
    pub(super) fn new(c1: &mut [u8; PACKET_LEN], layout: Layout, random: HandshakeRandom) -> Offer {
        let key = PrivateKey::new(random, 0);
        let public = key.public();
        noise_of(random).fill(c1);
        put(c1, 4, &CLIENT_VERSION);
        digest::put_public_key(c1, layout, &public);
        Offer { key, public }
    }

    /// What follows the handshake is encrypted with, by a whole S1 whose digest stands by this layout.
    pub(super) fn accept(&self, s1: &[u8; PACKET_LEN], layout: Layout) -> Result<Box<Cipher>, Cause> {
        let theirs = digest::public_key(s1, layout).ok_or(Cause::PublicKey)?;
        let secret = self.key.shared(&theirs).ok_or(Cause::PublicKey)?;
        Cipher::new(&secret, &self.public, &theirs).ok_or(Cause::PublicKey)
    }
}

#[cfg(test)]
mod tests;
