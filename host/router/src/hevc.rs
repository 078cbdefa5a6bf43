//! Which players get H.265 in which form.

use filter::session::{Attributes, ConnectionInfo};
use media::FourCc;
use media::flv::HevcForm;

/// How the players of an application get H.265 that came on either of its ways. Nothing else is ever changed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Hevc {
    /// As the publisher sent it.
    #[default]
    AsSent,
    /// As `hvc1` of Enhanced RTMP.
    Enhanced,
    /// As CodecID 12; players that said that they take `hvc1`, which few say, get that.
    Legacy,
}

/// The words of the configuration, and of `hevc=` in the query of a play, which wins.
pub const HEVC_WORDS: &[(&str, Hevc)] =
    &[("as-sent", Hevc::AsSent), ("enhanced", Hevc::Enhanced), ("legacy", Hevc::Legacy)];

/// All codecs, as Enhanced RTMP names them.
const ANY: FourCc = FourCc(u32::from_be_bytes(*b"*   "));
/// `FourCcInfoMask`: decode, forward.
const TAKES: u32 = 1 | 4;

impl Hevc {
    /// What one player gets; none: as it was sent.
    pub(crate) fn form(self, query: &Attributes, player: &ConnectionInfo) -> Option<HevcForm> {
        let asked = query.iter().rev().find(|(name, _)| name == "hevc").map(|(_, word)| word);
        let asked = asked.and_then(|asked| HEVC_WORDS.iter().find(|(word, _)| word == asked).map(|(_, hevc)| *hevc));
        match asked.unwrap_or(self) {
            Hevc::AsSent => None,
            Hevc::Enhanced => Some(HevcForm::Enhanced),
            Hevc::Legacy if asked.is_none() && takes_hvc1(player) => Some(HevcForm::Enhanced),
            Hevc::Legacy => Some(HevcForm::Legacy),
        }
    }
}

/// Whether a player said so. That one did not say so means nothing: ffmpeg plays `hvc1` and does not say it.
fn takes_hvc1(player: &ConnectionInfo) -> bool {
    let mask = |name: &str| {
        let told = player.extra.iter().find(|(key, _)| key.strip_prefix("videoFourCcInfoMap.") == Some(name));
        told.and_then(|(_, mask)| mask.parse::<u32>().ok())
    };
    match mask("hvc1").or_else(|| mask("*")) {
        Some(mask) => mask & TAKES != 0,
        None => player.fourccs.iter().any(|fourcc| [FourCc::HVC1, ANY].contains(&FourCc(*fourcc))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(pairs: &[(&str, &str)]) -> Attributes {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn the_query_wins_over_the_application_and_what_a_player_said_over_neither() {
        let silent = ConnectionInfo::default();
        let modern = ConnectionInfo { fourccs: vec![FourCc::AV01.0, FourCc::HVC1.0], ..ConnectionInfo::default() };
        let (enhanced, legacy) = (Some(HevcForm::Enhanced), Some(HevcForm::Legacy));
        for (app, query, player, form) in [
            (Hevc::AsSent, "", &silent, None),
            (Hevc::AsSent, "", &modern, None),
            (Hevc::Enhanced, "", &silent, enhanced),
            (Hevc::Legacy, "", &silent, legacy),
            (Hevc::Legacy, "", &modern, enhanced),
            (Hevc::Legacy, "legacy", &modern, legacy),
            (Hevc::Legacy, "as-sent", &silent, None),
            (Hevc::AsSent, "legacy", &silent, legacy),
            (Hevc::AsSent, "enhanced", &silent, enhanced),
            (Hevc::Legacy, "nonsense", &silent, legacy),
        ] {
            let pair = [("token", "x"), ("hevc", query)];
            let query = pairs(if query.is_empty() { &pair[..1] } else { &pair });
            assert_eq!(app.form(&query, player), form, "{app:?} {query:?}");
        }
    }

    #[test]
    fn a_player_takes_what_it_decodes_or_forwards() {
        for (fourccs, extra, takes) in [
            (vec![], pairs(&[]), false),
            (vec![ANY.0], pairs(&[]), true),
            (vec![FourCc::AV01.0], pairs(&[]), false),
            (vec![FourCc::HVC1.0], pairs(&[("videoFourCcInfoMap.hvc1", "1")]), true),
            (vec![FourCc::HVC1.0], pairs(&[("videoFourCcInfoMap.hvc1", "4")]), true),
            (vec![FourCc::HVC1.0], pairs(&[("videoFourCcInfoMap.hvc1", "2")]), false),
            (vec![ANY.0], pairs(&[("videoFourCcInfoMap.*", "2"), ("audioFourCcInfoMap.*", "1")]), false),
        ] {
            let player = ConnectionInfo { fourccs, extra, ..ConnectionInfo::default() };
            assert_eq!(takes_hvc1(&player), takes, "{player:?}");
        }
    }
}
