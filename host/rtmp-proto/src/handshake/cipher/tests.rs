use super::super::key_exchange::tests::{PUBLIC, SECRET, hex};
use super::*;
use proptest::prelude::*;

fn ends() -> (Box<Cipher>, Box<Cipher>) {
    let ([one, two], secret) = (PUBLIC.map(hex), hex(SECRET));
    (Cipher::new(&secret, &one, &two).unwrap(), Cipher::new(&secret, &two, &one).unwrap())
}

/// Computed with another implementation: HMAC-SHA256 of the reader's public key, its first 16 bytes as the RC4 key, the first
/// 1536 bytes of the key stream thrown away.
#[test]
fn another_implementation_comes_to_the_same() {
    let (mut one, _) = ends();
    let mut bytes = [0; 32];
    one.encrypt(&mut bytes);
    assert_eq!(bytes, hex("b30049f4a10ef6242a6017a58f4a51f8dc3ea94e912d2a44835f7268e2bed11f"));
    let mut bytes = [0; 32];
    one.decrypt(&mut bytes);
    assert_eq!(bytes, hex("160858776b379d89a19fdd84d1eec40f2e8f9d2c59a1a04ed5cecfac052fb63f"));
}

proptest! {
    #[test]
    fn what_one_end_encrypts_the_other_decrypts_in_any_split(
        said in prop::collection::vec(any::<u8>(), 0..5000),
        cuts in prop::collection::vec(1usize..700, 2..9),
    ) {
        let (mut one, mut two) = ends();
        let mut wire = said.clone();
        let mut left = wire.as_mut_slice();
        for cut in cuts.iter().cycle() {
            if left.is_empty() { break; }
            let (now, later) = left.split_at_mut(left.len().min(*cut));
            one.encrypt(now);
            left = later;
        }
        prop_assert!(said.len() < 8 || wire != said);
        let mut left = wire.as_mut_slice();
        for cut in cuts.iter().rev().cycle() {
            if left.is_empty() { break; }
            let (now, later) = left.split_at_mut(left.len().min(*cut));
            two.decrypt(now);
            left = later;
        }
        prop_assert_eq!(wire, said);
    }
}

#[test]
fn the_log_never_shows_a_key_stream() {
    assert_eq!(format!("{:?}", ends().0), "Cipher");
}
