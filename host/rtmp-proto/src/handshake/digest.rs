//! The digests of the handshake that Flash Player 9 and later use, and where RTMPE has its public keys.

use super::{Layout, PACKET_LEN, key_exchange, put};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Bytes of a digest.
const LEN: usize = 32;
/// The key of clients; the first 30 bytes sign C1, all of it C2.
const CLIENT_KEY: &[u8; 62] = b"Genuine Adobe Flash Player 001\
    \xf0\xee\xc2\x4a\x80\x68\xbe\xe8\x2e\x00\xd0\xd1\x02\x9e\x7e\x57\
    \x6e\xec\x5d\x2d\x29\x80\x6f\xab\x93\xb8\xe6\x36\xcf\xeb\x31\xae";
const CLIENT_NAME: &[u8; 30] = b"Genuine Adobe Flash Player 001";
/// The key of servers; the first 36 bytes sign S1, all of it S2.
const SERVER_KEY: &[u8; 68] = b"Genuine Adobe Flash Media Server 001\
    \xf0\xee\xc2\x4a\x80\x68\xbe\xe8\x2e\x00\xd0\xd1\x02\x9e\x7e\x57\
    \x6e\xec\x5d\x2d\x29\x80\x6f\xab\x93\xb8\xe6\x36\xcf\xeb\x31\xae";
const SERVER_NAME: &[u8; 36] = b"Genuine Adobe Flash Media Server 001";

/// HMAC-SHA-256 over the parts in order.
pub(super) fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; LEN] {
    // HMAC takes keys of any length; the error type belongs to ciphers.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return [0; LEN] };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// Where the digest of a packet stands: four offset bytes at the head of its half say it.
fn position(packet: &[u8], layout: Layout) -> usize {
    let head: usize = match layout {
        Layout::DigestFirst => 8,
        Layout::KeyFirst => 772,
    };
    // 728 = 764 bytes of the half, less 4 offset bytes and the digest.
    head.saturating_add(4).saturating_add(sum(packet, head) % 728)
}

/// The sum of four offset bytes.
fn sum(packet: &[u8], at: usize) -> usize {
    packet.iter().skip(at).take(4).fold(0usize, |sum, b| sum.saturating_add(usize::from(*b)))
}

/// Where the public key of RTMPE stands in a packet: in the half without the digest, whose last four bytes say it.
fn key_position(packet: &[u8], layout: Layout) -> usize {
    let (head, tail): (usize, usize) = match layout {
        Layout::DigestFirst => (772, 1532),
        Layout::KeyFirst => (8, 768),
    };
    // 632 = 764 bytes of the half, less 4 offset bytes and the key.
    head.saturating_add(sum(packet, tail) % 632)
}

/// The public key of a packet whose digest stands by this layout.
pub(super) fn public_key(packet: &[u8; PACKET_LEN], layout: Layout) -> Option<[u8; key_exchange::LEN]> {
    let (_, rest) = packet.split_at_checked(key_position(packet, layout))?;
    rest.first_chunk().copied()
}

/// Writes a public key into its place: before the digest, which signs it.
pub(super) fn put_public_key(packet: &mut [u8], layout: Layout, key: &[u8; key_exchange::LEN]) {
    put(packet, key_position(packet, layout), key);
}

/// The packet without its digest, and the digest.
fn split(packet: &[u8], layout: Layout) -> Option<(&[u8], &[u8], &[u8])> {
    let (before, rest) = packet.split_at_checked(position(packet, layout))?;
    let (digest, after) = rest.split_at_checked(LEN)?;
    Some((before, digest, after))
}

/// Looks for a digest that verifies in C1, in both layouts.
pub(super) fn find_client(c1: &[u8; PACKET_LEN]) -> Option<(Layout, [u8; LEN])> {
    [Layout::DigestFirst, Layout::KeyFirst].into_iter().find_map(|layout| {
        let (before, digest, after) = split(c1, layout)?;
        let expected = hmac(CLIENT_NAME, &[before, after]);
        (digest == expected).then_some((layout, expected))
    })
}

/// Writes the digest of S1 into its place.
pub(super) fn sign_server(s1: &mut [u8], layout: Layout) -> [u8; LEN] {
    sign(s1, layout, SERVER_NAME)
}

fn sign(packet: &mut [u8], layout: Layout, key: &[u8]) -> [u8; LEN] {
    let Some((before, _, after)) = split(packet, layout) else { return [0; LEN] };
    let digest = hmac(key, &[before, after]);
    put(packet, position(packet, layout), &digest);
    digest
}

/// Signs S2 (its last 32 bytes) as the answer to the client's digest.
pub(super) fn sign_answer(s2: &mut [u8], client: &[u8; LEN]) {
    let Some((body, digest)) = s2.split_last_chunk_mut::<LEN>() else { return };
    *digest = hmac(&hmac(SERVER_KEY, &[client]), &[body]);
}

/// Whether C2 is signed as the answer to the server's digest.
pub(super) fn answers_server(c2: &[u8; PACKET_LEN], server: &[u8; LEN]) -> bool {
    let Some((body, digest)) = c2.split_last_chunk::<LEN>() else { return false };
    *digest == hmac(&hmac(CLIENT_KEY, &[server]), &[body])
}

/// The client's side.
pub(super) mod client {
    use super::*;

    /// Writes the digest of C1 into its place.
    pub(crate) fn sign_c1(c1: &mut [u8; PACKET_LEN], layout: Layout) -> [u8; LEN] {
        sign(c1, layout, CLIENT_NAME)
    }

    /// Signs C2 (its last 32 bytes) as the answer to the server's digest.
    pub(crate) fn sign_c2(c2: &mut [u8; PACKET_LEN], server: &[u8; LEN]) {
        let Some((body, digest)) = c2.split_last_chunk_mut::<LEN>() else { return };
        *digest = hmac(&hmac(CLIENT_KEY, &[server]), &[body]);
    }

    /// The digest of S1, if it verifies.
    pub(crate) fn server_digest(s1: &[u8], layout: Layout) -> Option<[u8; LEN]> {
        let (before, digest, after) = split(s1, layout)?;
        let expected = hmac(SERVER_NAME, &[before, after]);
        (digest == expected).then_some(expected)
    }

    /// Whether S2 is signed as the answer to the client's digest.
    #[cfg(test)]
    pub(crate) fn answers_client(s2: &[u8], client: &[u8; LEN]) -> bool {
        let Some((body, digest)) = s2.split_last_chunk::<LEN>() else { return false };
        *digest == hmac(&hmac(SERVER_KEY, &[client]), &[body])
    }
}
