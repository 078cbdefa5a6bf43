//! The client's half of the handshake: C0 C1 out, S0 S1 S2 in, C2 out.

use super::{HandshakeRandom, Layout, PACKET_LEN, VERSION, Variant, collect, digest, milliseconds, put};
use crate::error::{Cause, Error, Place};
use std::time::Duration;

/// The client version in C1 of a handshake with digests: that of the Flash Player which most clients claim to be.
const CLIENT_VERSION: [u8; 4] = [9, 0, 124, 2];

/// The client's half of the handshake.
#[derive(Debug)]
pub struct Client {
    random: HandshakeRandom,
    signed: bool,
    state: State,
    received: u64,
}

#[derive(Debug)]
enum State {
    Version,
    First(Vec<u8>),
    Second(usize),
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
        Client { random, signed: layout.is_some(), state: State::Version, received: 0 }
    }

    /// Whether S2 is in: what follows is chunks.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Takes handshake bytes from the front of `input`, in any split, and appends C2 to `output` once S1 is whole. Bytes
    /// after S2 stay in `input`. S2 is not checked: servers send anything. Gives the variant when C2 was made: that of the
    /// server, which may answer a digest in the plain way.
    ///
    /// # Errors
    /// S0 is not 3.
    pub fn read(&mut self, input: &mut &[u8], output: &mut Vec<u8>) -> Result<Option<Variant>, Error> {
        let mut variant = None;
        loop {
            match &mut self.state {
                State::Version => {
                    let Some((version, rest)) = input.split_first() else { return Ok(variant) };
                    *input = rest;
                    self.received = 1;
                    if *version != VERSION {
                        let place = Place { byte: Some(self.received), ..Place::default() };
                        return Err(Error { cause: Cause::NotRtmp(*version), place });
                    }
                    self.state = State::First(Vec::new());
                }
                State::First(packet) => {
                    self.received = self.received.saturating_add(collect(packet, input));
                    let Ok(s1) = <&[u8; PACKET_LEN]>::try_from(packet.as_slice()) else { return Ok(variant) };
                    variant = Some(respond(s1, self.signed, self.random, output));
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
                    self.state = State::Done;
                }
                State::Done => return Ok(variant),
            }
        }
    }
}

/// C2 for a whole S1: signed if S1 is signed as the answer to a signed C1, else S1's echo.
fn respond(s1: &[u8; PACKET_LEN], signed: bool, random: HandshakeRandom, output: &mut Vec<u8>) -> Variant {
    // Nothing was asked for without a digest of our own: looking for the server's would cost two HMACs.
    let mut layouts = [Layout::DigestFirst, Layout::KeyFirst].into_iter().filter(|_| signed);
    let found = layouts.find_map(|layout| Some((layout, digest::client::server_digest(s1, layout)?)));
    match found {
        Some((layout, server)) => {
            let mut c2 = [0; PACKET_LEN];
            random.fill(&mut c2);
            digest::client::sign_c2(&mut c2, &server);
            output.extend_from_slice(&c2);
            Variant::Digest(layout)
        }
        None => {
            output.extend_from_slice(s1);
            Variant::Plain
        }
    }
}

#[cfg(test)]
mod tests;
