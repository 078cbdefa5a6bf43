//! FLV files, read in any pieces and written back.

use bytes::Bytes;
use media::flv::file::{self, Item, Reader};
use media::{Body, Kind};
use proptest::prelude::*;

fn all(reader: &mut Reader, bytes: &[u8], piece: usize) -> Vec<Item> {
    let mut items = Vec::new();
    for piece in bytes.chunks(piece) {
        reader.feed(piece);
        while let Some(item) = reader.next_item().unwrap() {
            items.push(item);
        }
    }
    items
}

#[test]
fn the_bytes_of_the_standard() {
    let mut out = file::header(true, true).to_vec();
    file::write(Kind::Data, 0, &Body::from(vec![2, 0, 0]), &mut out).unwrap();
    file::write(Kind::Video, 0x0102_0304, &Body::from(vec![0x17, 2, 0, 0, 0]), &mut out).unwrap();
    let want: &[u8] = &[
        b'F', b'L', b'V', 1, 5, 0, 0, 0, 9, 0, 0, 0, 0, // header
        18, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 14, // script data
        9, 0, 0, 5, 2, 3, 4, 1, 0, 0, 0, 0x17, 2, 0, 0, 0, 0, 0, 0, 16, // the extension is the high byte
    ];
    assert_eq!(out, want);
    let items = all(&mut Reader::new(), &out, 1);
    assert_eq!(items[0], Item::Header { audio: true, video: true });
    let Item::Tag(script) = &items[1] else { panic!() };
    assert_eq!((script.kind(), script.timestamp_ms, &script.body[..]), (Some(Kind::Data), 0, &[2, 0, 0][..]));
    let Item::Tag(video) = &items[2] else { panic!() };
    assert_eq!((video.kind(), video.timestamp_ms, video.body.len()), (Some(Kind::Video), 0x0102_0304, 5));
    assert_eq!(file::header(true, false)[4], 4);
    assert_eq!(file::header(false, true)[4], 1);
}

#[test]
fn a_tag_shares_its_body() {
    let body = Bytes::from(vec![0xaf; 1000]);
    let tag = file::tag(Kind::Audio, 5, &Body::from(body.clone())).unwrap();
    assert_eq!(tag.slices()[1].as_ptr(), body.as_ptr());
    let mut out = Vec::new();
    file::write(Kind::Audio, 5, &Body::from(body), &mut out).unwrap();
    assert_eq!(tag.to_bytes(), out);
    let long = Body::from(vec![0; 0x100_0000]);
    assert!(file::tag(Kind::Audio, 5, &long).is_err());
    assert!(file::write(Kind::Audio, 5, &long, &mut Vec::new()).is_err());
}

#[test]
fn odd_files() {
    // A longer header, an unknown and encrypted tag type, a wrong size behind it, and a tag that is cut off.
    let mut bytes = vec![b'F', b'L', b'V', 1, 0, 0, 0, 0, 12, 9, 9, 9, 0, 0, 0, 0];
    bytes.extend([0x2f, 0, 0, 1, 0, 0, 7, 0, 0, 0, 3, 0xaa, 0, 0, 0, 99]);
    bytes.extend([8, 0, 0, 5, 0, 0, 9, 0, 0, 0, 0, 0xaf]);
    let mut reader = Reader::new();
    let items = all(&mut reader, &bytes, 5);
    assert_eq!(items.len(), 2);
    let Item::Tag(tag) = &items[1] else { panic!() };
    assert_eq!((tag.tag_type, tag.kind(), tag.filtered, tag.stream_id), (15, None, true, 3));
    assert_eq!((reader.wrong_sizes(), reader.position(), reader.pending()), (1, 32, 12));

    for bad in [&b"RIFF"[..], b"FLX", b"G", b"FLV\x01\x05\0\0\0\x05"] {
        let mut reader = Reader::new();
        reader.feed(bad);
        assert!(reader.next_item().is_err(), "{bad:?}");
    }
    let mut reader = Reader::new();
    reader.feed(b"FL");
    assert_eq!(reader.next_item(), Ok(None));
}

proptest! {
    #[test]
    fn any_tags_in_any_pieces(
        tags in prop::collection::vec((0u8..3, any::<u32>(), prop::collection::vec(any::<u8>(), 0..60)), 0..10),
        piece in 1usize..100,
    ) {
        let mut bytes = file::header(true, true).to_vec();
        let kind = |k: u8| [Kind::Audio, Kind::Video, Kind::Data][usize::from(k)];
        for (k, ts, body) in &tags {
            file::write(kind(*k), *ts, &Body::from(body.clone()), &mut bytes).unwrap();
        }
        let mut reader = Reader::new();
        let items = all(&mut reader, &bytes, piece);
        let read: Vec<_> = items.iter().skip(1).map(|i| match i {
            Item::Tag(t) => (t.kind().unwrap(), t.timestamp_ms, t.body.to_vec()),
            Item::Header { .. } => unreachable!(),
        }).collect();
        let want: Vec<_> = tags.iter().map(|(k, ts, body)| (kind(*k), *ts, body.clone())).collect();
        prop_assert_eq!(read, want);
        prop_assert_eq!((reader.pending(), reader.position(), reader.wrong_sizes()), (0, bytes.len() as u64, 0));
    }

    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..300), piece in 1usize..50) {
        let mut reader = Reader::new();
        reader.feed(&file::header(true, true));
        for piece in bytes.chunks(piece) {
            reader.feed(piece);
            while reader.next_item().unwrap().is_some() {}
        }
        let mut reader = Reader::new();
        reader.feed(&bytes);
        while let Ok(Some(_)) = reader.next_item() {}
    }
}
