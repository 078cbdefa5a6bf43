//! The handshake of both sides (RTMP 1.0 §5.2): C0 C1, then S0 S1 S2, then C2.
//!
//! Two variants share the sizes: plain (S2 echoes C1) and with digests (the peers prove that they are Adobe's or claim to
//! be). A C1 that carries no digest that verifies is answered in the plain way. A third one, RTMPE, has a version of its own
//! and ends with a [`Cipher`] for all that follows.

mod cipher;
mod client;
mod digest;
mod key_exchange;
mod rtmpe;

pub use cipher::Cipher;
pub use client::Client;

use crate::error::{Cause, Error, Place};
use std::time::Duration;

/// Bytes of C1, S1, C2 and S2 each (RTMP 1.0 §5.2.3, §5.2.4).
pub const PACKET_LEN: usize = 1536;
/// The protocol version in C0 and S0 (RTMP 1.0 §5.2.2).
pub const VERSION: u8 = 3;
/// The server version in S1 of a handshake with digests; any non-zero one.
const SERVER_VERSION: [u8; 4] = [4, 5, 0, 1];

/// Where the random bytes of a handshake come from: 32 bytes from the caller's random source, expanded by a small
/// generator. Handshake bytes are no secret; they need only differ between connections. What must be secret, the private key
/// of RTMPE, is derived by a one-way function.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandshakeRandom(pub [u8; 32]);

impl HandshakeRandom {
    /// 32 bytes for this purpose, from which neither these nor those for another one can be computed.
    fn derive(self, purpose: &[u8], number: u8) -> [u8; 32] {
        digest::hmac(&self.0, &[purpose, &[number]])
    }

    /// Fills `out` (xoshiro256**).
    fn fill(self, out: &mut [u8]) {
        let mut state = [0u64; 4];
        for (word, bytes) in state.iter_mut().zip(self.0.as_chunks::<8>().0) {
            *word = u64::from_le_bytes(*bytes);
        }
        if state == [0; 4] {
            // The generator has no way out of zero.
            state = [0x9E37_79B9_7F4A_7C15, 1, 2, 3];
        }
        let mut next = || {
            let [a, b, c, d] = state;
            let result = b.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
            let (c2, d2) = (c ^ a, d ^ b);
            state = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
            result
        };
        for chunk in out.chunks_mut(8) {
            for (to, from) in chunk.iter_mut().zip(next().to_le_bytes()) {
                *to = from;
            }
        }
    }
}

/// Which variant the handshake took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variant {
    /// S2 echoes C1.
    Plain,
    /// C1 carried a digest at this place.
    Digest(Layout),
    /// RTMPE: C1 carried a digest at this place, and a public key.
    Encrypted(Layout),
}

/// Where C1 or S1 carries its digest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// In the first half, the key in the second.
    DigestFirst,
    /// In the second half, the key in the first.
    KeyFirst,
}

/// The server's half of the handshake.
#[derive(Debug)]
pub struct Server {
    random: HandshakeRandom,
    check_c2: bool,
    rtmpe: bool,
    state: State,
    /// Made with S1, in force behind C2.
    cipher: Option<Box<Cipher>>,
    received: u64,
}

#[derive(Debug)]
enum State {
    Version,
    First {
        encrypted: bool,
        packet: Vec<u8>,
    },
    Second {
        answer: Option<Box<Answer>>,
        seen: usize,
        packet: Vec<u8>,
    },
    /// C2 of RTMPE is in, and the cipher waits to be taken.
    Agreed,
    Done,
}

/// What a checked C2 has to answer.
#[derive(Debug)]
struct Answer {
    s1: Vec<u8>,
    digest: Option<[u8; 32]>,
}

impl Server {
    /// A handshake that waits for C0. With `check_c2`, a C2 that does not answer S1 ends it; without `rtmpe`, version 6 does.
    pub fn new(random: HandshakeRandom, check_c2: bool, rtmpe: bool) -> Self {
        Server { random, check_c2, rtmpe, state: State::Version, cipher: None, received: 0 }
    }

    /// Whether C2 is in, and the cipher taken if there is one: what follows is chunks.
    pub fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Whether C2 of RTMPE is in: no more input is taken before the cipher is.
    pub fn has_cipher(&self) -> bool {
        matches!(self.state, State::Agreed)
    }

    /// What all bytes behind C2 and behind S2 go through. It is there once, when C2 of RTMPE is in.
    pub fn take_cipher(&mut self) -> Option<Box<Cipher>> {
        if !self.has_cipher() {
            return None;
        }
        self.state = State::Done;
        self.cipher.take()
    }

    /// Takes handshake bytes from the front of `input`, in any split, and appends S0 S1 S2 to `output` once C1 is whole.
    /// Bytes after C2 stay in `input`. `now` is written as S1's time. Gives the variant when the answer was made.
    ///
    /// # Errors
    /// C0 is neither 3 nor, with RTMPE, 6; C1 of RTMPE is not signed or its public key is none; C2 is wrong and was to be
    /// checked.
    pub fn read(&mut self, now: Duration, input: &mut &[u8], output: &mut Vec<u8>) -> Result<Option<Variant>, Error> {
        let mut variant = None;
        loop {
            match &mut self.state {
                State::Version => {
                    let Some((version, rest)) = input.split_first() else { return Ok(variant) };
                    *input = rest;
                    self.received = 1;
                    match *version {
                        VERSION => self.state = State::First { encrypted: false, packet: Vec::new() },
                        rtmpe::VERSION if self.rtmpe => {
                            self.state = State::First { encrypted: true, packet: Vec::new() };
                        }
                        // 8 and 9 are later forms of RTMPE.
                        rtmpe::VERSION | 8 | 9 => return Err(self.fault(Cause::Encrypted(*version))),
                        other => return Err(self.fault(Cause::NotRtmp(other))),
                    }
                }
                State::First { encrypted, packet } => {
                    self.received = self.received.saturating_add(collect(packet, input));
                    let Ok(c1) = <&[u8; PACKET_LEN]>::try_from(packet.as_slice()) else { return Ok(variant) };
                    let time = milliseconds(now).to_be_bytes();
                    let (taken, answer) = if *encrypted {
                        let made = rtmpe::respond(c1, self.random, time, output);
                        let (taken, answer, cipher) = made.map_err(|cause| self.fault(cause))?;
                        self.cipher = Some(cipher);
                        (taken, answer)
                    } else {
                        respond(c1, self.random, time, output)
                    };
                    variant = Some(taken);
                    let answer = self.check_c2.then(|| Box::new(answer));
                    self.state = State::Second { answer, seen: 0, packet: Vec::new() };
                }
                State::Second { answer, seen, packet } => {
                    if let Some(answer) = answer {
                        self.received = self.received.saturating_add(collect(packet, input));
                        *seen = packet.len();
                        let Ok(c2) = <&[u8; PACKET_LEN]>::try_from(packet.as_slice()) else { return Ok(variant) };
                        if !answer.accepts(c2) {
                            return Err(self.fault(Cause::BadC2));
                        }
                    } else {
                        // Unchecked: count it, keep nothing.
                        let n = PACKET_LEN.saturating_sub(*seen).min(input.len());
                        *input = input.get(n..).unwrap_or_default();
                        *seen = seen.saturating_add(n);
                        self.received = self.received.saturating_add(n.try_into().unwrap_or(u64::MAX));
                        if *seen < PACKET_LEN {
                            return Ok(variant);
                        }
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

/// Moves bytes into `packet` until it is whole; gives how many.
fn collect(packet: &mut Vec<u8>, input: &mut &[u8]) -> u64 {
    let (now, rest) = input.split_at(PACKET_LEN.saturating_sub(packet.len()).min(input.len()));
    packet.extend_from_slice(now);
    *input = rest;
    now.len().try_into().unwrap_or(u64::MAX)
}

/// S0 S1 S2 for a whole C1.
fn respond(c1: &[u8; PACKET_LEN], random: HandshakeRandom, time: [u8; 4], output: &mut Vec<u8>) -> (Variant, Answer) {
    // S1 and, with digests, S2 are random throughout: one run of the generator fills both.
    let mut noise = [0u8; 2 * PACKET_LEN];
    random.fill(&mut noise);
    let (s1, s2) = noise.split_at_mut(PACKET_LEN);
    put(s1, 0, &time);
    output.push(VERSION);
    let (_, version) = c1.split_at(4);
    let found = if version.starts_with(&[0; 4]) { None } else { digest::find_client(c1) };
    match found {
        Some((layout, client)) => {
            put(s1, 4, &SERVER_VERSION);
            let server = digest::sign_server(s1, layout);
            digest::sign_answer(s2, &client);
            output.extend_from_slice(s1);
            output.extend_from_slice(s2);
            (Variant::Digest(layout), Answer { s1: s1.to_vec(), digest: Some(server) })
        }
        None => {
            put(s1, 4, &[0; 4]);
            output.extend_from_slice(s1);
            // S2 echoes C1's time and random bytes; its own time stands between them (RTMP 1.0 §5.2.4).
            let mut echo = *c1;
            put(&mut echo, 4, &time);
            output.extend_from_slice(&echo);
            (Variant::Plain, Answer { s1: s1.to_vec(), digest: None })
        }
    }
}

impl Answer {
    /// Whether C2 carries S1's random bytes or, with digests, is signed for S1's digest.
    fn accepts(&self, c2: &[u8; PACKET_LEN]) -> bool {
        let echoes = c2.get(8..) == self.s1.get(8..);
        echoes || self.digest.is_some_and(|digest| digest::answers_server(c2, &digest))
    }
}

/// Overwrites the bytes at `at`.
fn put(packet: &mut [u8], at: usize, bytes: &[u8]) {
    for (to, from) in packet.iter_mut().skip(at).zip(bytes) {
        *to = *from;
    }
}

/// Milliseconds in 32 bits, wrapping.
pub(crate) fn milliseconds(time: Duration) -> u32 {
    let [.., a, b, c, d] = time.as_millis().to_be_bytes();
    u32::from_be_bytes([a, b, c, d])
}

#[cfg(test)]
mod tests;
