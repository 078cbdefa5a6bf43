//! Tracks that a filter adds to its stream: `output.add-track`, by grant `tracks`.

use filter_wit::media::weir::filter::{output, types};
use media::{Body, FourCc, Kind};

use super::Before;
use super::derived::header_frame;
use crate::convert;
use crate::host::State;

/// Tracks that one filter adds to one stream.
const MOST_TRACKS: usize = 16;

/// The tracks of one instance's own.
#[derive(Default)]
pub(super) struct Added {
    tracks: Vec<(Kind, u8)>,
}

impl Added {
    pub(super) fn has(&self, kind: Kind, track: u8) -> bool {
        self.tracks.contains(&(kind, track))
    }

    /// The id of a track of this kind: the one asked for if it is the guest's own or nobody's, otherwise the next free one. Track 0
    /// is the publisher's, whether it has one or not.
    fn place(&mut self, kind: Kind, asked: u8, taken: &[(Kind, u8)]) -> Result<u8, output::OutputError> {
        if kind == Kind::Data {
            return Err(output::OutputError::NoSuchTrack);
        }
        if self.has(kind, asked) && !taken.contains(&(kind, asked)) {
            return Ok(asked);
        }
        if self.tracks.len() >= MOST_TRACKS {
            return Err(output::OutputError::Full);
        }
        let free = |id: &u8| *id != 0 && !taken.contains(&(kind, *id)) && !self.has(kind, *id);
        let id = std::iter::once(asked).chain(1..=u8::MAX).find(free).ok_or(output::OutputError::Full)?;
        self.tracks.push((kind, id));
        Ok(id)
    }
}

impl State {
    pub(super) fn added_track(
        &mut self,
        info: &types::TrackInfo,
        header: Option<Body>,
    ) -> Result<u16, output::OutputError> {
        if !self.guest.tracks {
            return Err(output::OutputError::Denied);
        }
        let kind = convert::kind(info.kind);
        let asked = u8::try_from(info.id).unwrap_or(0);
        let output = &mut self.desk.output;
        let track = output.staged.get_or_insert_default().added.place(kind, asked, &output.tracks)?;
        if let Some(header) = header {
            if !output.affords(header.len()) {
                return Err(output::OutputError::Full);
            }
            let dts_us = output.now_us.max(self.last(kind, track));
            self.desk.output.staged().before.push(Before::Emit(header_frame(
                kind,
                track,
                FourCc(info.codec),
                dts_us,
                &header,
            )));
        }
        Ok(u16::from(track))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_publishers_first() {
        let taken = [(Kind::Audio, 0), (Kind::Audio, 1), (Kind::Video, 2)];
        let mut added = Added::default();
        let mut place = |asked, taken: &[_]| added.place(Kind::Audio, asked, taken).ok();
        assert_eq!([place(0, &taken), place(2, &taken), place(3, &taken)], [Some(2), Some(2), Some(3)]);
        assert_eq!(place(1, &taken), Some(4), "the publisher has it");
        assert_eq!(place(2, &[(Kind::Audio, 2)]), Some(1), "the publisher has taken it since");
        assert!((5..40).map_while(|id| place(id, &taken)).count() == 12, "no more than so many");
        assert!(matches!(Added::default().place(Kind::Data, 1, &[]), Err(output::OutputError::NoSuchTrack)));
    }
}
