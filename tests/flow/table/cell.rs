//! What makes a cell of the table good.

use weir_tests::flv::{AUDIO, DATA, Tag, VIDEO};
use weir_tests::sample::{Sample, samples};

/// What a client leaves out of the file that it writes, whoever serves it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Omits {
    Nothing,
    /// Pictures of up to five bytes (an end of sequence) and sounds of one.
    Tiny,
    /// Those, and the last message of a stream, if its end comes before that has been taken up: rtmp2src throws it away.
    TinyAndLast,
}

const SAMPLE_ACCESS: &[u8] = b"\x02\x00\x11|RtmpSampleAccess";

/// Every message as it was sent: kind, bytes, order, and time since the first.
pub(super) fn same_tags(sent: &[Tag], got: &[Tag], omits: Omits) -> Result<(), String> {
    let is_kept = |tag: &&Tag| match tag.kind {
        // Servers say it to players, publishers do not.
        DATA if tag.body.starts_with(SAMPLE_ACCESS) => false,
        _ if omits == Omits::Nothing => true,
        VIDEO => tag.body.len() > 5,
        AUDIO => tag.body.len() > 1,
        _ => true,
    };
    let from_first = |tags: &[Tag]| {
        let first = tags.iter().find(|t| t.kind != DATA).map(|t| t.time_ms).unwrap_or_default();
        let tags = tags.iter().filter(is_kept);
        // When data is to be there, nobody says: it leaves with the next frame.
        let time = |tag: &Tag| (tag.kind != DATA).then(|| tag.time_ms.wrapping_sub(first));
        tags.map(|tag| (time(tag), tag.clone())).collect::<Vec<_>>()
    };
    let (sent, got) = (from_first(sent), from_first(got));
    if sent.is_empty() {
        return Err("nothing was sent".into());
    }
    for (at, ((sent_time, sent), (got_time, got))) in sent.iter().zip(&got).enumerate() {
        if (sent.kind, &sent.body, sent_time) != (got.kind, &got.body, got_time) {
            return Err(format!("message {at}: sent {sent:?} ({sent_time:?}), got {got:?} ({got_time:?})"));
        }
    }
    let may_lack = usize::from(omits == Omits::TinyAndLast);
    let missing = sent.len().checked_sub(got.len());
    match missing {
        Some(n) if n <= may_lack => Ok(()),
        Some(n) => Err(format!("the last {n} of {} messages are missing: {:?}", sent.len(), &sent[got.len()..])),
        None => Err(format!("more than was sent: {:?}", &got[sent.len()..])),
    }
}

/// What a client keeps that writes its file anew: of pictures and of sound, each by itself, every frame with its bytes and its
/// times since the first picture, and the codec record in force.
pub(super) fn same_samples(sent: &[Tag], got: &[Tag]) -> Result<(), String> {
    let (sent, got) = (samples(sent), samples(got));
    for video in [true, false] {
        let of = |all: &[Sample]| -> Vec<Sample> {
            let first = all.iter().find(|s| s.video && !s.record).map(|s| s.dts_ms).unwrap_or_default();
            let mut kept: Vec<Sample> = all.iter().filter(|s| s.video == video).cloned().collect();
            for sample in &mut kept {
                sample.dts_ms -= first;
                sample.pts_ms -= first;
                if sample.record {
                    // A record holds from its place on; its time says nothing.
                    (sample.dts_ms, sample.pts_ms) = (0, 0);
                }
            }
            kept.dedup_by(|next, before| next.record && next == before);
            kept
        };
        compare(&of(&sent), &of(&got))?;
    }
    Ok(())
}

/// The codec's own bytes alone: what multiplexing anew may not touch.
pub(super) fn same_payloads(clip: &[Tag], sent: &[Tag]) -> Result<(), String> {
    for video in [true, false] {
        let of = |tags: &[Tag]| -> Vec<Sample> {
            let frames = samples(tags).into_iter().filter(|s| s.video == video && !s.record);
            frames.map(|s| Sample { dts_ms: 0, pts_ms: 0, ..s }).collect()
        };
        compare(&of(clip), &of(sent))?;
    }
    Ok(())
}

fn compare(sent: &[Sample], got: &[Sample]) -> Result<(), String> {
    if sent.is_empty() {
        return Err("nothing was sent".into());
    }
    if let Some((at, (a, b))) = sent.iter().zip(got).enumerate().find(|(_, (a, b))| a != b) {
        return Err(format!("sample {at}: sent {a:?}, got {b:?}"));
    }
    match sent.len() == got.len() {
        true => Ok(()),
        false => Err(format!("{} of {} samples; the last one sent: {:?}", got.len(), sent.len(), sent.last())),
    }
}
