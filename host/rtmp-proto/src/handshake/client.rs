//! The client's half of the handshake: C0 C1 out, S0 S1 S2 in, C2 out.

use super::rtmpe::{self, Offer};
use super::{Cipher, HandshakeRandom, Layout, PACKET_LEN, VERSION, Variant, collect, digest, milliseconds, put};
use crate::error::{Cause, Error, Place};
use std::time::Duration;

/// The client version in C1 of a handshake with digests: that of the Flash Player which most clients claim to be.
const CLIENT_VERSION: [u8; 4] = [9, 0, 124, 2];

/// The client's half of the handshake.
#[derive(Debug)]
pub struct Client {
    random: HandshakeRandom,
    signed: bool,
    /// The key that RTMPE was asked for with.
    offer: Option<Box<Offer>>,
    state: State,
    /// Made with C2, in force behind S2.
    cipher: Option<Box<Cipher>>,
    received: u64,
}

#[derive(Debug)]
enum State {
    Version,
    First(Vec<u8>),
    Second(usize),
    /// S2 of RTMPE is in, and the cipher waits to be taken.
    Agreed,
    Done,
}

impl Client {
    /// Begins: appends C0 and C1 to `output`. With a `layout`, C1 carries a digest there. `now` is written as C1's time.
    pub fn new(random: HandshakeRandom, layout: Option<Layout>, now: Duration, output: &mut Vec<u8>) -> Self {
        let mut c1 = [0; PACKET_LEN];
        random.fill(&mut c1);
        put(&mut c1, 0, &milliseconds(now).to_be_bytes());
        match layout {
            Some(layout) => {
                put(&mut c1, 4, &CLIENT_VERSION);
                digest::client::sign_c1(&mut c1, layout);
            }
            None => put(&mut c1, 4, &[0; 4]),
        }
        output.push(VERSION);
        output.extend_from_slice(&c1);
        let signed = layout.is_some();
        Client { random, signed, offer: None, state: State::Version, cipher: None, received: 0 }
    }

    /// The same for RTMPE: C0 is 6, and C1 carries a public key, and a digest at this place.
    pub fn encrypted(random: HandshakeRandom, layout: Layout, now: Duration, output: &mut Vec<u8>) -> Self {
        let mut c1 = [0; PACKET_LEN];
        let offer = Offer::new(&mut c1, layout, random);
        put(&mut c1, 0, &milliseconds(now).to_be_bytes());
        digest::client::sign_c1(&mut c1, layout);
        output.push(rtmpe::VERSION);
        output.extend_from_slice(&c1);
        let offer = Some(Box::new(offer));
        Client { random, signed: true, offer, state: State::Version, cipher: None, received: 0 }
    }

    /// Whether S2 is in, and the cipher taken if there is one: what follows is chunks.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Whether S2 of RTMPE is in: no more input is taken before the cipher is.
    pub fn has_cipher(&self) -> bool {
        matches!(self.state, State::Agreed)
    }

    /// What all bytes behind S2 and behind C2 go through. It is there once, when S2 of RTMPE is in.
    pub fn take_cipher(&mut self) -> Option<Box<Cipher>> {
        if !self.has_cipher() {
            return None;
        }
        self.state = State::Done;
        self.cipher.take()
    }

    /// Takes handshake bytes from the front of `input`, in any split, and appends C2 to `output` once S1 is whole. Bytes
    /// after S2 stay in `input`. S2 is not checked: servers send anything. Gives the variant when C2 was made: that of the
    /// server, which may answer a digest in the plain way.
    ///
    /// # Errors
    /// S0 is not C0; S1 of RTMPE is not signed, or its public key is none.
    pub fn read(&mut self, input: &mut &[u8], output: &mut Vec<u8>) -> Result<Option<Variant>, Error> {
        let mut variant = None;
        loop {
            match &mut self.state {
                State::Version => {
                    let Some((version, rest)) = input.split_first() else { return Ok(variant) };
                    *input = rest;
                    self.received = 1;
                    match (*version, &self.offer) {
                        (VERSION, None) | (rtmpe::VERSION, Some(_)) => {}
                        (VERSION, Some(_)) => return Err(self.fault(Cause::InTheClear)),
                        (rtmpe::VERSION | 8 | 9, _) => return Err(self.fault(Cause::Encrypted(*version))),
                        (other, _) => return Err(self.fault(Cause::NotRtmp(other))),
                    }
                    self.state = State::First(Vec::new());
                }
                State::First(packet) => {
                    self.received = self.received.saturating_add(collect(packet, input));
                    let Ok(s1) = <&[u8; PACKET_LEN]>::try_from(packet.as_slice()) else { return Ok(variant) };
                    let made = match &self.offer {
                        Some(offer) => accept(s1, offer, self.random, output),
                        None => Ok((respond(s1, self.signed, self.random, output), None)),
                    };
                    let (taken, cipher) = made.map_err(|cause| self.fault(cause))?;
                    variant = Some(taken);
                    self.cipher = cipher;
                    self.state = State::Second(0);
                }
                State::Second(seen) => {
                    let n = PACKET_LEN.saturating_sub(*seen).min(input.len());
                    *input = input.get(n..).unwrap_or_default();
                    *seen = seen.saturating_add(n);
                    self.received = self.received.saturating_add(n.try_into().unwrap_or(u64::MAX));
                    if *seen < PACKET_LEN {
                        return Ok(variant);
                    }
                    self.state = if self.cipher.is_some() { State::Agreed } else { State::Done };
                }
                State::Agreed | State::Done => return Ok(variant),
            }
        }
    }

    fn fault(&self, cause: Cause) -> Error {
        Error { cause, place: Place { byte: Some(self.received), ..Place::default() } }
    }
}

/// The digest of S1 and its place, if one verifies.
fn server_digest(s1: &[u8; PACKET_LEN]) -> Option<(Layout, [u8; 32])> {
    let layouts = [Layout::DigestFirst, Layout::KeyFirst];
    layouts.into_iter().find_map(|layout| Some((layout, digest::client::server_digest(s1, layout)?)))
}

/// C2 for a whole S1: signed if S1 is signed as the answer to a signed C1, else S1's echo.
fn respond(s1: &[u8; PACKET_LEN], signed: bool, random: HandshakeRandom, output: &mut Vec<u8>) -> Variant {
    // Nothing was asked for without a digest of our own: looking for the server's would cost two HMACs.
    match signed.then(|| server_digest(s1)).flatten() {
        Some((layout, server)) => {
            sign(&server, random, output);
            Variant::Digest(layout)
        }
        None => {
            output.extend_from_slice(s1);
            Variant::Plain
        }
    }
}

/// C2 for a whole S1 of RTMPE, and what follows S2 is encrypted with.
fn accept(
    s1: &[u8; PACKET_LEN],
    offer: &Offer,
    random: HandshakeRandom,
    output: &mut Vec<u8>,
) -> Result<(Variant, Option<Box<Cipher>>), Cause> {
    let (layout, server) = server_digest(s1).ok_or(Cause::NoDigest)?;
    let cipher = offer.accept(s1, layout)?;
    sign(&server, rtmpe::noise_of(random), output);
    Ok((Variant::Encrypted(layout), Some(cipher)))
}

/// A C2 of noise, signed for the server's digest.
fn sign(server: &[u8; 32], random: HandshakeRandom, output: &mut Vec<u8>) {
    let mut c2 = [0; PACKET_LEN];
    random.fill(&mut c2);
    digest::client::sign_c2(&mut c2, server);
    output.extend_from_slice(&c2);
}

#[cfg(test)]
mod tests;
