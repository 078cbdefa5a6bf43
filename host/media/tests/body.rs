//! Bodies of many slices behave as one run of bytes.

use bytes::Bytes;
use media::{Body, FourCc, Malformed};
use proptest::prelude::*;

proptest! {
    #[test]
    fn slices_do_not_show(
        pieces in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..6), 0..6),
        head in prop::collection::vec(any::<u8>(), 0..4),
        from in 0usize..40,
        to in 0usize..40,
    ) {
        let flat = pieces.concat();
        let body = Body::from_slices(pieces.into_iter().map(Bytes::from).collect());
        prop_assert!(body.slices().iter().all(|s| !s.is_empty()));
        prop_assert_eq!((body.len(), body.is_empty()), (flat.len(), flat.is_empty()));
        prop_assert_eq!(&body.to_bytes()[..], &flat[..]);
        prop_assert_eq!(&body, &Body::from(flat.clone()));

        let range = from.min(to).min(flat.len())..to.min(flat.len());
        let cut = &flat[range];
        prop_assert_eq!(&body.slice(from, to).to_bytes()[..], cut);
        let mut copied = vec![9];
        body.copy_range(from, to, &mut copied);
        prop_assert_eq!(&copied[1..], cut);
        let mut shared = Vec::new();
        body.share_range(from, to, &mut shared);
        prop_assert_eq!(shared.concat(), cut.to_vec());

        prop_assert_eq!(body.byte(from), flat.get(from).copied());
        let joined = Body::join(Bytes::from(head.clone()), body.clone());
        prop_assert_eq!(&joined.to_bytes()[..], &[head, flat.clone()].concat()[..]);
        prop_assert!(joined.slices().iter().all(|s| !s.is_empty()));

        let mut reader = body.reader();
        reader.skip(from);
        let at = from.min(flat.len());
        prop_assert_eq!((reader.at(), reader.left()), (at, flat.len() - at));
        prop_assert_eq!(reader.peek(), flat.get(at).copied());
        prop_assert_eq!(reader.peek_at(to), flat.get(at + to).copied());
        for bytes in [3usize, 4, 5, 1, 2] {
            let at = reader.at();
            let want = flat.get(at..at + bytes).filter(|_| bytes <= 4);
            let want = want.map(|s| s.iter().fold(0u32, |v, b| v << 8 | u32::from(*b)));
            prop_assert_eq!(reader.be(bytes), want);
        }
        let at = reader.at();
        prop_assert_eq!(reader.u8(), flat.get(at).copied());
    }
}

#[test]
fn different_bytes_are_not_equal() {
    assert_ne!(Body::from(vec![1, 2]), Body::from(vec![1, 3]));
    assert_ne!(Body::from(vec![1, 2]), Body::from(vec![1, 2, 3]));
    assert_eq!(Body::new(), Body::from_slices(vec![Bytes::new()]));
}

#[test]
fn names_and_errors_are_readable() {
    assert_eq!(FourCc::MP3.to_string(), ".mp3");
    assert_eq!(FourCc::UNKNOWN.to_string(), "0x00000000");
    assert_eq!(Malformed::new(7, "FourCC").to_string(), "malformed media at byte 7: FourCC");
}
