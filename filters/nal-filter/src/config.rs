//! The operator's rules.

use guest_sdk::{Config, Fault, fourcc};
use serde::Deserialize;

use crate::units::{self, Codec};

/// What is dropped, as bits by unit type.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Rules {
    h264: u64,
    hevc: u64,
    av1: u64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    h264: Option<Drop>,
    hevc: Option<Drop>,
    av1: Option<Drop>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Drop {
    drop: Vec<Unit>,
}

/// A type by its name in the codec's specification, or by its number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected the name of a unit type, or its number")]
enum Unit {
    Number(u8),
    Name(String),
}

impl Rules {
    pub(crate) fn read(config: &Config) -> Result<Rules, Fault> {
        let table: Table = config.parse()?;
        Ok(Rules {
            h264: types("h264", &units::H264, table.h264)?,
            hevc: types("hevc", &units::HEVC, table.hevc)?,
            av1: types("av1", &units::AV1, table.av1)?,
        })
    }

    /// Each codec with what is dropped of it.
    pub(crate) fn by_codec(&self) -> [(u32, u64); 3] {
        [(fourcc(b"avc1"), self.h264), (fourcc(b"hvc1"), self.hevc), (fourcc(b"av01"), self.av1)]
    }

    /// What is dropped of one codec.
    pub(crate) fn of(&self, codec: u32) -> u64 {
        self.by_codec().into_iter().find(|(c, _)| *c == codec).map_or(0, |(_, types)| types)
    }
}

fn types(key: &str, codec: &Codec, table: Option<Drop>) -> Result<u64, Fault> {
    let Some(table) = table else { return Ok(codec.default_types()) };
    let mut bits = 0;
    for (index, unit) in table.drop.iter().enumerate() {
        let types = match unit {
            Unit::Number(n) if *n <= codec.last => Some(1 << n),
            Unit::Number(_) => None,
            Unit::Name(name) => codec.types(name),
        };
        bits |= types.ok_or_else(|| {
            let got = match unit {
                Unit::Number(n) => n.to_string(),
                Unit::Name(name) => format!("`{name}`"),
            };
            let names: Vec<_> = codec.names.iter().map(|(name, _)| *name).collect();
            Fault::InvalidConfig(format!(
                "{key}.drop[{index}]: {got} is no unit type; expected a number from 0 to {} or one of {}",
                codec.last,
                names.join(", ")
            ))
        })?;
    }
    Ok(bits)
}
