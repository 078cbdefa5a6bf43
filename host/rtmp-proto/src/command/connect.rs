//! What connect says about the client (RTMP 1.0 §7.2.1.1, E-RTMP v2 «Enhancing NetConnection connect Command»).

use crate::amf0::Value;

/// What the peer said about itself in connect. Text is printable: bytes that were not UTF-8, and control characters, are
/// `%XX`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeerInfo {
    /// The application as sent, with its query; `None` if there was none.
    pub app: Option<String>,
    /// The URL the client was given.
    pub tc_url: String,
    /// The client's name and version.
    pub flash_ver: String,
    /// Where the player or encoder claims to come from.
    pub swf_url: String,
    /// The page of the player.
    pub page_url: String,
    /// `nonprivate` and the like.
    pub kind: String,
    /// The AMF version of its commands: 0 or 3.
    pub object_encoding: u8,
    /// Bit set of legacy audio codecs it plays.
    pub audio_codecs: u32,
    /// Bit set of legacy video codecs it plays.
    pub video_codecs: u32,
    /// FourCCs it can use; `*` and three spaces stands for all. From all three Enhanced properties. What it says it can do
    /// with each is in [`extra`](PeerInfo::extra), if it does.
    pub fourccs: Vec<[u8; 4]>,
    /// Bit set of Enhanced capabilities: 1 reconnect, 2 multitrack, 4 ModEx, 8 nanosecond offset.
    pub caps_ex: u32,
    /// Everything else of scalar value, and further arguments as `arg0`, `arg1`, … Also, as they decide what a peer
    /// understands: `capsEx`, and `videoFourCcInfoMap.hvc1`, `audioFourCcInfoMap.*` and so on with the mask of each codec (1
    /// decode, 2 encode, 4 forward).
    pub extra: Vec<(String, String)>,
}

/// Names, values and entries kept in `extra` and `fourccs` at most.
const MAX_ENTRIES: usize = 64;
const MAX_TEXT: usize = 1024;

impl PeerInfo {
    pub(super) fn from_values(object: &Value, arguments: &[Value]) -> PeerInfo {
        let mut peer = PeerInfo::default();
        for (key, value) in object.fields().into_iter().flatten() {
            peer.property(&key.to_printable(), value);
        }
        for (at, value) in arguments.iter().enumerate() {
            peer.extra(format!("arg{at}"), value);
        }
        peer
    }

    /// Whether the peer understands a reconnect request.
    pub fn can_reconnect(&self) -> bool {
        self.caps_ex & 1 != 0
    }

    fn property(&mut self, key: &str, value: &Value) {
        let text = || value.text().map(|t| t.to_printable());
        let bits = || value.number().map_or(0, saturate);
        match key {
            "app" => self.app = text(),
            "tcUrl" => self.tc_url = text().unwrap_or_default(),
            "flashVer" | "flashver" => self.flash_ver = text().unwrap_or_default(),
            "swfUrl" => self.swf_url = text().unwrap_or_default(),
            "pageUrl" => self.page_url = text().unwrap_or_default(),
            "type" => self.kind = text().unwrap_or_default(),
            "objectEncoding" => self.object_encoding = if bits() == 3 { 3 } else { 0 },
            "audioCodecs" => self.audio_codecs = bits(),
            "videoCodecs" => self.video_codecs = bits(),
            "capsEx" => {
                self.caps_ex = bits();
                self.extra(key.to_owned(), value);
            }
            "fourCcList" => {
                if let Value::StrictArray(list) = value {
                    list.iter().filter_map(Value::text).for_each(|name| self.fourcc(name.as_bytes()));
                } else if let Some(name) = value.text() {
                    // ffmpeg before 6.1 wrote a bare string.
                    name.as_bytes().split(|b| *b == b',').for_each(|name| self.fourcc(name));
                }
            }
            "videoFourCcInfoMap" | "audioFourCcInfoMap" => {
                for (name, mask) in value.fields().into_iter().flatten() {
                    self.fourcc(name.as_bytes());
                    self.extra(format!("{key}.{}", name.to_printable()), mask);
                }
            }
            _ => self.extra(key.to_owned(), value),
        }
    }

    fn fourcc(&mut self, name: &[u8]) {
        let fourcc = match *name {
            [b'*'] => *b"*   ",
            [a, b, c, d] => [a, b, c, d],
            _ => return,
        };
        if !self.fourccs.contains(&fourcc) && self.fourccs.len() < MAX_ENTRIES {
            self.fourccs.push(fourcc);
        }
    }

    fn extra(&mut self, key: String, value: &Value) {
        let text = match value {
            Value::String(text) => text.to_printable(),
            Value::Number(n) => n.to_string(),
            Value::Boolean(b) => b.to_string(),
            _ => return,
        };
        if self.extra.len() < MAX_ENTRIES && key.len() <= MAX_TEXT && text.len() <= MAX_TEXT {
            self.extra.push((key, text));
        }
    }
}

/// A bit set from a number.
fn saturate(n: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturation is wanted")]
    let cast = n as u32;
    cast
}
