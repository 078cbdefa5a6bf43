//! What a joiner is told of streams whose tracks come, end and change.

use std::sync::Arc;

use crate::support::*;
use bytes::Bytes;
use fanout::{Publisher, Streams};
use media::{Body, Frame, Kind, flv};

/// Messages as they come from a publisher, 1 ms apart.
struct Sender {
    publisher: Publisher,
    time_us: i64,
}

impl Sender {
    fn send(&mut self, kind: Kind, body: &[u8]) -> Frame {
        self.time_us += 1000;
        let body = Bytes::copy_from_slice(body);
        let frame = match kind {
            Kind::Audio => flv::audio(body, self.time_us),
            _ => flv::video(body, self.time_us),
        };
        self.publisher.push(frame.clone()).unwrap();
        frame
    }

    fn video(&mut self, bodies: &[&[u8]]) {
        for body in bodies {
            self.send(Kind::Video, body);
        }
    }

    fn audio(&mut self, bodies: &[&[u8]]) {
        for body in bodies {
            self.send(Kind::Audio, body);
        }
    }
}

fn sender() -> (Streams, Sender) {
    let (streams, publisher) = published();
    (streams, Sender { publisher, time_us: 0 })
}

/// The bodies that a joiner gets before its first frame.
fn headers(streams: &Streams) -> Vec<Vec<u8>> {
    let mut batch = Vec::new();
    streams.subscribe(name()).unwrap().try_next(&mut batch);
    let at = batch.iter().position(|e| matches!(e.frame.content, media::Content::Coded) || e.frame.key);
    batch[..at.unwrap_or(batch.len())].iter().map(|e| bytes(&e.frame.body)).collect()
}

fn bytes(body: &Body) -> Vec<u8> {
    body.to_bytes().to_vec()
}

const AVC: &[u8] = b"\x17\x00\x00\x00\x00avcC";
const AVC_KEY: &[u8] = b"\x17\x01\x00\x00\x00key";
const AVC_END: &[u8] = b"\x17\x02\x00\x00\x00";
const AVC1: &[u8] = b"\x96\x00avc1\x01avcC";
const AVC1_KEY: &[u8] = b"\x96\x01avc1\x01\x00\x00\x00key";
const AVC1_END: &[u8] = b"\x96\x02avc1\x01";
const HEVC: &[u8] = b"\x90hvc1hvcC";
const HEVC_KEY: &[u8] = b"\x93hvc1key";
const COLOR: &[u8] = b"\xd4hvc1\x02\x00\x09colorInfo\x03\x00\x01x\x05\x00\x00\x09";
const AAC: &[u8] = b"\xaf\x00\x12\x10";
const AAC_FRAME: &[u8] = b"\xaf\x01aac";
const AAC1: &[u8] = b"\x95\x00mp4a\x01\x12\x10";
const AAC1_CHANNELS: &[u8] = b"\x95\x04mp4a\x01\x01\x02\x00\x00\x00\x03";
const AAC1_FRAME: &[u8] = b"\x95\x01mp4a\x01aac";

#[test]
fn every_track_has_its_headers_whatever_its_number_and_form() {
    let (streams, mut s) = sender();
    s.video(&[AVC, AVC1]);
    s.audio(&[AAC, AAC1, AAC1_CHANNELS]);
    s.video(&[AVC_KEY, AVC1_KEY]);
    s.audio(&[AAC_FRAME, AAC1_FRAME]);
    assert_eq!(headers(&streams), [AVC, AVC1, AAC, AAC1, AAC1_CHANNELS]);
}

#[test]
fn a_track_that_has_ended_is_not_told_of() {
    let (streams, mut s) = sender();
    s.video(&[AVC, AVC1]);
    s.audio(&[AAC, AAC1, AAC1_CHANNELS]);
    s.video(&[AVC_KEY, AVC1_KEY, AVC1_END, AVC_KEY]);
    assert_eq!(headers(&streams), [AVC, AAC, AAC1, AAC1_CHANNELS]);
    s.audio(&[b"\x95\x02mp4a\x01"]);
    s.video(&[AVC_KEY]);
    assert_eq!(headers(&streams), [AVC, AAC]);
    // It begins again.
    s.video(&[AVC1, AVC_KEY]);
    assert_eq!(headers(&streams), [AVC, AAC, AVC1]);
}

/// ffmpeg ends every video track by a message that names track 0.
#[test]
fn an_end_that_is_followed_by_more_was_none() {
    let (streams, mut s) = sender();
    s.video(&[AVC, AVC1, AVC_KEY, AVC1_KEY, AVC_END]);
    s.video(&[AVC_KEY, AVC1_KEY]);
    assert_eq!(headers(&streams), [AVC, AVC1]);
}

/// So does its colorInfo.
#[test]
fn colours_of_a_codec_that_the_track_never_had_stay() {
    let (streams, mut s) = sender();
    let hevc1 = b"\x96\x00hvc1\x01hvcC";
    s.video(&[AVC, hevc1, COLOR, AVC_KEY, b"\x96\x03hvc1\x01key", AVC_KEY]);
    assert_eq!(headers(&streams), [AVC, hevc1, COLOR]);
    s.video(&[AVC, AVC_END, AVC_KEY]);
    assert_eq!(headers(&streams), [&hevc1[..], COLOR, AVC]);
}

#[test]
fn a_codec_that_came_without_a_header_makes_the_old_one_stale() {
    let (streams, mut s) = sender();
    s.video(&[AVC, AVC_KEY]);
    s.audio(&[AAC, AAC_FRAME]);
    // VP8 has no header, neither has MP3.
    s.audio(&[b"\x2fmp3"]);
    s.video(&[b"\x91vp08key"]);
    assert_eq!(headers(&streams), Vec::<Vec<u8>>::new());
    s.video(&[HEVC, HEVC_KEY]);
    assert_eq!(headers(&streams), [HEVC]);
    // Back to what was told of before, which is not told again.
    s.audio(&[AAC_FRAME]);
    s.video(&[HEVC_KEY]);
    assert_eq!(headers(&streams), [AAC, HEVC]);
}

#[test]
fn colours_are_replaced_and_taken_back() {
    let (streams, mut s) = sender();
    let newer = [&COLOR[..5], b"\x02\x00\x09colorInfo\x03\x00\x01y\x05\x00\x00\x09"].concat();
    s.video(&[HEVC, COLOR, HEVC_KEY, &newer, HEVC_KEY]);
    assert_eq!(headers(&streams), [HEVC, &newer[..]]);
    for nothing in [&b"\x06"[..], b"\x05", b"\x03\x00\x00\x09", b"\x08\x00\x00\x00\x00\x00\x00\x09"] {
        for first in [0xd4, 0x94] {
            s.video(&[COLOR, HEVC_KEY]);
            assert_eq!(headers(&streams), [HEVC, COLOR]);
            let reset = [&[first][..], b"hvc1\x02\x00\x09colorInfo", nothing].concat();
            s.video(&[&reset, HEVC_KEY]);
            assert_eq!(headers(&streams), [HEVC], "{reset:02x?}");
        }
    }
    // A colour of track 1 is not one of track 0.
    let other = [&b"\xd6\x04hvc1\x01"[..], &COLOR[5..]].concat();
    s.video(&[COLOR, &other, HEVC_KEY, b"\xd6\x04hvc1\x01\x02\x00\x09colorInfo\x06", HEVC_KEY]);
    assert_eq!(headers(&streams), [HEVC, COLOR]);
}

/// ManyTracks: two tracks of one codec in one message.
fn many(first: u8, packet_type: u8, tracks: &[(u8, &[u8])]) -> Vec<u8> {
    let mut body = vec![first, 0x10 | packet_type];
    body.extend_from_slice(b"avc1");
    for (track, data) in tracks {
        body.extend_from_slice(&[*track, 0, 0, data.len() as u8]);
        body.extend_from_slice(data);
    }
    body
}

#[test]
fn a_message_of_many_tracks_is_kept_whole_and_taken_apart_when_they_part() {
    let (streams, mut s) = sender();
    let start = many(0x96, 0, &[(0, b"a"), (1, b"b"), (2, b"c")]);
    let key = many(0x96, 3, &[(0, b"k"), (1, b"k"), (2, b"k")]);
    s.video(&[&start, &key]);
    assert_eq!(headers(&streams), std::slice::from_ref(&start));
    // The same again, and a change of codec in one message of two codecs.
    s.video(&[&start, &key, &key]);
    assert_eq!(headers(&streams), std::slice::from_ref(&start));
    let one = b"\x96\x00avc1\x01B";
    s.video(&[one, &key]);
    assert_eq!(headers(&streams), [&b"\x96\x00avc1\x00a"[..], b"\x96\x00avc1\x02c", one]);
    s.video(&[&many(0x96, 2, &[(0, b""), (1, b"")]), &many(0x96, 3, &[(2, b"k")])]);
    // What a sole track of the message says is not many: it leads once the others are silent, so look at the next whole one.
    s.video(&[&key]);
    assert_eq!(headers(&streams).len(), 3, "all of them went on");
    s.video(&[&many(0x96, 2, &[(1, b""), (2, b"")]), &many(0x96, 3, &[(0, b"k")])]);
    assert_eq!(headers(&streams), [b"\x96\x00avc1\x00a"]);
    s.video(&[&start, &key]);
    assert_eq!(headers(&streams), [start]);
}

#[test]
fn tracks_of_many_codecs_change_one_by_one() {
    let (streams, mut s) = sender();
    let start = b"\x96\x20avc1\x00\x00\x00\x01ahvc1\x01\x00\x00\x01b";
    let key = b"\x96\x23avc1\x00\x00\x00\x01khvc1\x01\x00\x00\x01k";
    s.video(&[start, key]);
    assert_eq!(headers(&streams), [start]);
    // Track 1 goes over to a codec that tells nothing before.
    let other = b"\x96\x23avc1\x00\x00\x00\x01kvp08\x01\x00\x00\x01k";
    s.video(&[other]);
    assert_eq!(headers(&streams), [b"\x96\x00avc1\x00a"]);
    s.video(&[key]);
    assert_eq!(headers(&streams), [&b"\x96\x00avc1\x00a"[..], b"\x96\x00hvc1\x01b"]);
}

#[test]
fn broken_and_unknown_messages_are_no_headers_and_do_no_harm() {
    let (streams, mut s) = sender();
    s.video(&[AVC, AVC_KEY]);
    let odd: [&[u8]; 6] = [
        // A track that runs over the end, multitrack in multitrack, an unknown kind of multitrack, an unknown packet type.
        b"\x96\x10avc1\x00\x00\x00\xffa",
        b"\x96\x06\x96\x00avc1\x00a",
        b"\x96\x30avc1\x00a",
        b"\x9eavc1\x00",
        b"\x97\xff",
        b"",
    ];
    s.video(&odd);
    s.audio(&odd);
    s.video(&[AVC_KEY]);
    assert_eq!(headers(&streams), [AVC]);
    let mut batch = Vec::new();
    streams.subscribe(name()).unwrap().try_next(&mut batch);
    assert_eq!(Arc::clone(&batch[1]).frame.body.to_bytes(), AVC_KEY);
}
