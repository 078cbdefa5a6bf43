use super::*;

fn tag(kind: u8, time: u32, body: &[u8]) -> Vec<u8> {
    let [a, b, c, d] = time.to_be_bytes();
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    let back = u32::try_from(body.len() + HEADER_LEN).unwrap().to_be_bytes();
    [&[kind][..], &length[1..], &[b, c, d, a], &[0, 0, 9], body, &back].concat()
}

/// Type, time and body of a part.
type Seen = Result<(u8, u32, Vec<u8>), Cause>;

fn read(body: Vec<u8>, timestamp: u32) -> Vec<Seen> {
    let part = |part: Part| (part.kind.0, part.timestamp, part.payload.to_vec());
    Reader::new(body.into(), timestamp).map(|item| item.map(part).map_err(|e| e.cause)).collect()
}

/// Defect 10: aggregates are taken apart.
#[test]
fn times_shift_to_the_aggregates_own() {
    let body = [tag(8, 1000, b"a"), tag(9, 1040, b"vv"), tag(18, 990, b"")].concat();
    let expected = [Ok((8, 5000, b"a".to_vec())), Ok((9, 5040, b"vv".to_vec())), Ok((18, 4990, vec![]))];
    assert_eq!(read(body, 5000), expected);
}

#[test]
fn times_have_their_upper_byte_and_wrap() {
    let body = [tag(8, 0x0100_0000, b"a"), tag(8, 0x0100_0010, b"b")].concat();
    assert_eq!(read(body, 0xFFFF_FFF8), [Ok((8, 0xFFFF_FFF8, b"a".to_vec())), Ok((8, 8, b"b".to_vec()))]);
}

#[test]
fn the_last_back_pointer_may_be_missing() {
    let mut body = [tag(8, 0, b"a"), tag(9, 1, b"b")].concat();
    body.truncate(body.len() - 4);
    assert_eq!(read(body, 0), [Ok((8, 0, b"a".to_vec())), Ok((9, 1, b"b".to_vec()))]);
}

#[test]
fn a_cut_gives_what_came_before_it_and_one_error() {
    let whole = [tag(8, 0, b"a"), tag(9, 1, b"bbbb")].concat();
    let first = tag(8, 0, b"a").len();
    for end in first + 1..whole.len() - 4 {
        assert_eq!(read(whole[..end].to_vec(), 0), [Ok((8, 0, b"a".to_vec())), Err(Cause::AggregateTruncated)]);
    }
    assert_eq!(read(vec![], 0), []);
    assert_eq!(read(vec![8, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0], 0), [Err(Cause::AggregateTruncated)]);
}
