//! The tracks that one message is about.

use std::sync::Arc;

use media::FourCc;

/// Track ids with their codecs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Tracks {
    One(u8, FourCc),
    /// Of a ManyTracks message, in its order.
    Many(Arc<[(u8, FourCc)]>),
}

impl Tracks {
    pub(super) fn of(tracks: impl Iterator<Item = (u8, FourCc)>) -> Tracks {
        Tracks::Many(tracks.collect())
    }

    pub(super) fn is_many(&self) -> bool {
        matches!(self, Tracks::Many(_))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (u8, FourCc)> {
        let (one, many) = match self {
            Tracks::One(track, codec) => (Some((*track, *codec)), &[][..]),
            Tracks::Many(many) => (None, &many[..]),
        };
        one.into_iter().chain(many.iter().copied())
    }

    /// The codec of a track; none if it is not among them.
    pub(super) fn codec(&self, track: u8) -> Option<FourCc> {
        match self {
            Tracks::One(one, codec) => (*one == track).then_some(*codec),
            Tracks::Many(many) => many.iter().find(|(id, _)| *id == track).map(|(_, codec)| *codec),
        }
    }

    /// Whether all of `others` are among them, whatever their codecs.
    pub(super) fn cover(&self, others: &Tracks) -> bool {
        others.iter().all(|(track, _)| self.codec(track).is_some())
    }
}
