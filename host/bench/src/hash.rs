//! A fast hash that notices changed, moved and missing bytes. No defence against anyone who wants to fool it.

const K: [u64; 4] = [0x9E37_79B9_7F4A_7C15, 0xC2B2_AE3D_27D4_EB4F, 0x1656_67B1_9E37_79F9, 0xD6E8_FEB8_6659_FD93];

/// The hash of `bytes`.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut lanes = K;
    let (blocks, tail) = bytes.as_chunks::<32>();
    for block in blocks {
        let (words, _) = block.as_chunks::<8>();
        for ((lane, word), k) in lanes.iter_mut().zip(words).zip(K) {
            *lane = (*lane ^ u64::from_le_bytes(*word)).wrapping_mul(k).rotate_left(29);
        }
    }
    let mut sum = bytes.len() as u64;
    for lane in lanes {
        sum = mix(sum, lane);
    }
    for part in tail.chunks(8) {
        let mut word = [0; 8];
        word[..part.len()].copy_from_slice(part);
        sum = mix(sum, u64::from_le_bytes(word));
    }
    sum
}

/// Joins two hashes, in this order.
pub(crate) fn mix(a: u64, b: u64) -> u64 {
    let x = (a.rotate_left(17) ^ b).wrapping_mul(K[0]);
    (x ^ (x >> 32)).wrapping_mul(K[1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_flipped_bit_is_noticed(bytes in prop::collection::vec(any::<u8>(), 1..200), at: usize, bit in 0u32..8) {
            let mut other = bytes.clone();
            let at = at % other.len();
            other[at] ^= 1u8 << bit;
            prop_assert_ne!(hash(&bytes), hash(&other));
        }

        #[test]
        fn any_cut_is_noticed(bytes in prop::collection::vec(any::<u8>(), 1..200), at: usize) {
            prop_assert_ne!(hash(&bytes), hash(&bytes[..at % bytes.len()]));
        }
    }

    #[test]
    fn order_matters() {
        assert_ne!(mix(1, 2), mix(2, 1));
        let (a, b) = ([1u8; 32], [2u8; 32]);
        assert_ne!(hash(&[a, b].concat()), hash(&[b, a].concat()));
    }
}
