use super::*;
use proptest::prelude::*;

pub(crate) fn hex<const N: usize>(text: &str) -> [u8; N] {
    let digits: Vec<u8> = text.chars().map(|c| c.to_digit(16).unwrap() as u8).collect();
    assert_eq!(digits.len(), 2 * N);
    std::array::from_fn(|at| digits[2 * at] << 4 | digits[2 * at + 1])
}

/// The private keys of randomness 1 and 2, their public keys and the secret, computed with another implementation.
pub(crate) const PRIVATE: &str = "a327443615b5b884fd016f7ae40706d5f322eed5e1b655b50d659370d2349703";
pub(crate) const PUBLIC: [&str; 2] = [
    "32d6ed21a8b4fb29dbc2c45000e00d1998761aff65cddf23373147040f3e7731\
     70bd2d682397cad9e2e20bc01262d1177b378c469bea977c1029a4e7361a9da2\
     9eb25e9c1fefe643c9da81bd36db658b31aad3ead51d62d3ac600283d09ef724\
     f1f82fb6fd3bb9c4d11974195c3fb10b22fcff44b2ed507798d7f6d59263c8ae",
    "90e28aede22ad233016d4c8283acbb9ab4146042cc850275979abd63efe0f401\
     e57e8b9918bb242f714837eaa0b4ffce0594db96cce3cbb35c52d81f42a40f6a\
     320f5e22b2e8d3a5ef7b379a72d3008afa376abab247d91431211d5b3a0622f3\
     1ebb0f043e6949467cad0d42afdd4fe201b9ce9e6329fd3335787b8fade13485",
];
pub(crate) const SECRET: &str = "dbe8f2f0b3ac5bf31cfc84311cd0452a8bfadce82bbfb3f178716abe469580a6\
     d899c0fb0003e33b747481c3b0dd1ffe47dcc8602eef3c426f2d422036f3e04e\
     48df88a2602fd56e2656fca084f846cc7b0e3f0db86e9516392288327477b9a0\
     d2af844c45c92f1da91b939fae2f45c13edb05a9e240e23ab1daeb95324e5d21";

fn key(random: u8) -> PrivateKey {
    PrivateKey::new(HandshakeRandom([random; 32]), 0)
}

/// Prime less `n`.
fn below_prime(n: u8) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    bytes.copy_from_slice(PRIME.as_ref().wrapping_sub(&U1024::from_u8(n)).to_be_bytes().as_ref());
    bytes
}

fn small(n: u8) -> [u8; LEN] {
    let mut bytes = [0; LEN];
    bytes[LEN - 1] = n;
    bytes
}

#[test]
fn another_implementation_comes_to_the_same() {
    let (one, two) = (key(1), key(2));
    assert_eq!(one.0, U256::from_be_slice(&hex::<32>(PRIVATE)));
    let [first, second] = PUBLIC.map(hex);
    assert_eq!((one.public(), two.public()), (first, second));
    assert_eq!(one.shared(&second), Some(hex(SECRET)));
    assert_eq!(two.shared(&first), Some(hex(SECRET)));
}

#[test]
fn the_prime_is_that_of_the_second_oakley_group() {
    // 2^1024 - 2^960 - 1 + 2^64 * { [2^894 pi] + 129093 } (RFC 2409 §6.2): ones at both ends, and 2 is a square modulo it.
    let prime = PRIME.as_ref().to_be_bytes();
    let prime: &[u8] = prime.as_ref();
    assert_eq!((&prime[..8], &prime[120..]), (&[0xFF; 8][..], &[0xFF; 8][..]));
    // By Fermat, and by Euler's criterion.
    let two = ConstMontyForm::<Oakley, LIMBS>::new(&GENERATOR);
    let less_one = PRIME.as_ref().wrapping_sub(&U1024::ONE);
    assert_eq!(two.pow(&less_one).retrieve(), U1024::ONE);
    assert_eq!(two.pow(&less_one.shr(1)).retrieve(), U1024::ONE);
}

#[test]
fn numbers_that_would_give_the_secret_away_are_no_keys() {
    for bad in [small(0), small(1), below_prime(1), below_prime(0), [0xFF; LEN]] {
        assert_eq!(key(1).shared(&bad), None, "{bad:02x?}");
    }
    for good in [small(2), below_prime(2)] {
        assert!(key(1).shared(&good).is_some(), "{good:02x?}");
    }
}

#[test]
fn every_draw_is_another_key() {
    let random = HandshakeRandom([1; 32]);
    assert_ne!(PrivateKey::new(random, 0).0, PrivateKey::new(random, 1).0);
    assert_ne!(PrivateKey::new(random, 0).0, key(2).0);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn both_ends_agree(one in any::<[u8; 32]>(), two in any::<[u8; 32]>()) {
        let [one, two] = [one, two].map(|random| PrivateKey::new(HandshakeRandom(random), 0));
        prop_assert_eq!(one.shared(&two.public()), two.shared(&one.public()));
    }
}
