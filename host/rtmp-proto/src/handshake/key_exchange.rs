//! The key exchange of RTMPE: Diffie-Hellman in the group of 1024 bits that RFC 2409 §6.2 calls the second Oakley group.
//!
//! Nobody's key is proven to be theirs, and the group is small by today's measure: it keeps a stream from those who only
//! listen, for a while, and from nobody who can answer in the server's place.

use super::HandshakeRandom;
use crypto_bigint::modular::{ConstMontyForm, ConstMontyParams, FixedMontyParams};
use crypto_bigint::{Odd, U256, U1024};

/// Bytes of a public key and of a shared secret, big-endian.
pub(super) const LEN: usize = 128;

const LIMBS: usize = U1024::LIMBS;

const PRIME: Odd<U1024> = Odd::<U1024>::from_be_hex(
    "ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74\
     020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437\
     4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed\
     ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff",
);

const GENERATOR: U1024 = U1024::from_u8(2);

/// The field that the group's prime makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Oakley;

impl ConstMontyParams<LIMBS> for Oakley {
    const LIMBS: usize = LIMBS;
    const PARAMS: FixedMontyParams<LIMBS> = FixedMontyParams::new_vartime(PRIME);
}

/// A private key: an exponent of 256 bits, which is more than the group's strength can use. Good for one connection.
pub(super) struct PrivateKey(U256);

impl PrivateKey {
    /// Makes the key number `draw` of this randomness. What else is made of the same randomness tells nothing of it.
    pub(super) fn new(random: HandshakeRandom, draw: u8) -> PrivateKey {
        PrivateKey(U256::from_be_slice(&random.derive(b"RTMPE private key", draw)))
    }

    /// The public key that goes with it.
    pub(super) fn public(&self) -> [u8; LEN] {
        self.raise(&GENERATOR)
    }

    /// What both ends know, from the peer's public key; `None` if that is 0, 1 or -1, with which the secret would be known to
    /// everyone, or no number of the group.
    pub(super) fn shared(&self, theirs: &[u8; LEN]) -> Option<[u8; LEN]> {
        let theirs = U1024::from_be_slice(theirs);
        let minus_one = PRIME.as_ref().wrapping_sub(&U1024::ONE);
        (theirs > U1024::ONE && theirs < minus_one).then(|| self.raise(&theirs))
    }

    /// Takes the same time for every key.
    fn raise(&self, base: &U1024) -> [u8; LEN] {
        let power = ConstMontyForm::<Oakley, LIMBS>::new(base).pow(&self.0).retrieve();
        let mut bytes = [0; LEN];
        super::put(&mut bytes, 0, power.to_be_bytes().as_ref());
        bytes
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PrivateKey")
    }
}

#[cfg(test)]
pub(super) mod tests;
