//! AudioSpecificConfig (ISO/IEC 14496-3 1.6.2.1): the sequence header of AAC.

use bytes::Bytes;

use crate::Malformed;
use crate::bits::{BitWriter, Bits};

/// Sampling frequencies by index (ISO/IEC 14496-3 Table 1.18).
pub const SAMPLE_RATES: [u32; 13] =
    [96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350];

const MOST_BYTES: usize = 4096;

/// Object type: AAC LC.
pub const LC: u8 = 2;
/// Object type: spectral band replication (HE-AAC).
pub const SBR: u8 = 5;
/// Object type: parametric stereo (HE-AAC v2).
pub const PS: u8 = 29;

/// A sampling frequency as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rate {
    /// samplingFrequencyIndex, 0 to 14; 13 and 14 are reserved.
    Index(u8),
    /// Index 15 and then the frequency itself, 24 bits.
    Hz(u32),
}

impl Rate {
    /// In hertz; 0 for a reserved index.
    pub fn hz(self) -> u32 {
        match self {
            Rate::Index(index) => SAMPLE_RATES.get(usize::from(index)).copied().unwrap_or(0),
            Rate::Hz(hz) => hz,
        }
    }

    /// The index if the table has this frequency.
    pub fn of(hz: u32) -> Rate {
        let index = SAMPLE_RATES.iter().position(|r| *r == hz).and_then(|i| u8::try_from(i).ok());
        index.map_or(Rate::Hz(hz & 0xff_ffff), Rate::Index)
    }

    fn read(b: &mut Bits<'_>) -> Option<Rate> {
        match b.u8(4)? {
            15 => b.u(24).map(Rate::Hz),
            index => Some(Rate::Index(index)),
        }
    }

    fn write(self, out: &mut BitWriter) {
        match self {
            Rate::Index(index) => out.put(u32::from(index), 4),
            Rate::Hz(hz) => {
                out.put(15, 4);
                out.put(hz, 24);
            }
        }
    }
}

/// SBR or PS said first: explicit hierarchical signalling (ISO/IEC 14496-3 1.6.5.2).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Extension {
    /// 5 SBR, 29 PS.
    pub object_type: u8,
    /// The frequency that comes out of the decoder.
    pub rate: Rate,
}

/// The record; [`AudioSpecificConfig::encode`] gives back the bytes that [`AudioSpecificConfig::decode`] read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AudioSpecificConfig {
    /// audioObjectType of the core: 1 Main, 2 LC, 42 USAC, …
    pub object_type: u8,
    /// The core's frequency.
    pub rate: Rate,
    /// channelConfiguration, 0 to 15; 0 leaves it to a program config element.
    pub channel_configuration: u8,
    /// SBR or PS, where they are signalled first.
    pub extension: Option<Extension>,
    /// What stands behind: the object type's own configuration, and SBR or PS signalled the backward compatible way.
    tail: Tail,
}

/// Bits that go to the end of the record, the last byte filled up.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
struct Tail {
    bytes: Vec<u8>,
    bits: usize,
}

impl AudioSpecificConfig {
    /// A record of 1024-sample frames without extension.
    pub fn new(object_type: u8, sample_rate: u32, channel_configuration: u8) -> AudioSpecificConfig {
        AudioSpecificConfig {
            object_type,
            rate: Rate::of(sample_rate),
            channel_configuration: channel_configuration & 0x0f,
            extension: None,
            tail: Tail { bytes: vec![0], bits: 3 },
        }
    }

    /// Reads a record of at most 4096 bytes; real ones have two to a few dozen.
    pub fn decode(record: &[u8]) -> Result<AudioSpecificConfig, Malformed> {
        if record.len() > MOST_BYTES {
            return Err(Malformed::new(MOST_BYTES, "AudioSpecificConfig of at most 4096 bytes"));
        }
        let mut b = Bits::new(record);
        read(&mut b, record).ok_or(Malformed::new(b.at() >> 3, "AudioSpecificConfig"))
    }

    /// Writes the record.
    pub fn encode(&self) -> Bytes {
        let mut out = BitWriter::default();
        let first = self.extension.map_or(self.object_type, |e| e.object_type);
        write_object_type(first, &mut out);
        self.rate.write(&mut out);
        out.put(u32::from(self.channel_configuration), 4);
        if let Some(extension) = self.extension {
            extension.rate.write(&mut out);
            write_object_type(self.object_type, &mut out);
        }
        let mut tail = Bits::new(&self.tail.bytes);
        for _ in 0..self.tail.bits {
            out.put(u32::from(tail.flag().unwrap_or(false)), 1);
        }
        out.finish().into()
    }

    /// The object type that is named first: 5 or 29 with an explicit extension, else the core's.
    pub fn signalled_object_type(&self) -> u8 {
        self.extension.map_or(self.object_type, |e| e.object_type)
    }

    /// Hertz out of the decoder, as far as the record tells: SBR that only the stream shows doubles it unsaid.
    pub fn sample_rate(&self) -> u32 {
        match (self.extension, self.compatible_extension()) {
            (Some(extension), _) => extension.rate.hz(),
            (None, Some((rate, _))) => rate.hz(),
            (None, None) => self.rate.hz(),
        }
    }

    /// Channels out of the decoder; 0 if the record does not tell.
    pub fn channels(&self) -> u8 {
        let core = match self.channel_configuration {
            0 => self.program_channels().unwrap_or(0),
            n @ 1..=6 => n,
            7 | 12 | 14 => 8,
            11 => 7,
            13 => 24,
            _ => 0,
        };
        let stereo = self.extension.is_some_and(|e| e.object_type == PS)
            || self.compatible_extension().is_some_and(|(_, stereo)| stereo);
        if stereo && core == 1 { 2 } else { core }
    }

    /// Samples of a frame before SBR: 1024 or 960, for the object types of general audio.
    pub fn frame_samples(&self) -> u32 {
        match Bits::new(&self.tail.bytes).flag() {
            Some(true) if is_general(self.object_type) => 960,
            _ => 1024,
        }
    }

    /// SBR said behind the configuration, and whether PS is: backward compatible signalling.
    fn compatible_extension(&self) -> Option<(Rate, bool)> {
        let mut b = self.tail();
        self.skip_general(&mut b)?;
        if b.u(11)? != 0x2b7 || read_object_type(&mut b)? != SBR || !b.flag()? {
            return None;
        }
        let rate = Rate::read(&mut b)?;
        let stereo = b.left() >= 12 && b.u(11) == Some(0x548) && b.flag() == Some(true);
        Some((rate, stereo))
    }

    /// GASpecificConfig (ISO/IEC 14496-3 4.4.1).
    fn skip_general(&self, b: &mut Bits<'_>) -> Option<()> {
        if !is_general(self.object_type) || self.channel_configuration == 0 {
            return None;
        }
        b.flag()?;
        if b.flag()? {
            b.skip(14)?;
        }
        let extension = b.flag()?;
        if matches!(self.object_type, 6 | 20) {
            b.skip(3)?;
        }
        if extension {
            match self.object_type {
                22 => b.skip(16)?,
                17 | 19 | 20 | 23 => b.skip(3)?,
                _ => {}
            }
            b.flag()?;
        }
        if matches!(self.object_type, 17 | 19..=27 | 39) {
            b.skip(2)?;
        }
        Some(())
    }

    /// Channels of a program config element (ISO/IEC 14496-3 4.4.1.1).
    fn program_channels(&self) -> Option<u8> {
        if !is_general(self.object_type) {
            return None;
        }
        let mut b = self.tail();
        b.flag()?;
        if b.flag()? {
            b.skip(14)?;
        }
        b.flag()?;
        b.skip(10)?;
        let elements = b.u(4)?.saturating_add(b.u(4)?).saturating_add(b.u(4)?);
        let low = b.u8(2)?;
        b.skip(7)?;
        for bits in [4, 4, 3] {
            if b.flag()? {
                b.skip(bits)?;
            }
        }
        let mut channels = low;
        for _ in 0..elements {
            channels = channels.saturating_add(if b.flag()? { 2 } else { 1 });
            b.skip(4)?;
        }
        Some(channels)
    }

    fn tail(&self) -> Bits<'_> {
        Bits::new(&self.tail.bytes)
    }
}

fn read(b: &mut Bits<'_>, record: &[u8]) -> Option<AudioSpecificConfig> {
    let mut object_type = read_object_type(b)?;
    let rate = Rate::read(b)?;
    let channel_configuration = b.u8(4)?;
    let mut extension = None;
    if matches!(object_type, SBR | PS) {
        extension = Some(Extension { object_type, rate: Rate::read(b)? });
        object_type = read_object_type(b)?;
    }
    let mut tail = BitWriter::default();
    let bits = record.len().saturating_mul(8).saturating_sub(b.at());
    while let Some(bit) = b.flag() {
        tail.put(u32::from(bit), 1);
    }
    let tail = Tail { bytes: tail.finish(), bits };
    Some(AudioSpecificConfig { object_type, rate, channel_configuration, extension, tail })
}

fn read_object_type(b: &mut Bits<'_>) -> Option<u8> {
    match b.u8(5)? {
        31 => b.u8(6).map(|v| v.saturating_add(32)),
        v => Some(v),
    }
}

fn write_object_type(object_type: u8, out: &mut BitWriter) {
    match object_type.checked_sub(32) {
        Some(high) => {
            out.put(31, 5);
            out.put(u32::from(high), 6);
        }
        None => out.put(u32::from(object_type), 5),
    }
}

/// Object types whose own configuration is GASpecificConfig.
fn is_general(object_type: u8) -> bool {
    matches!(object_type, 1..=4 | 6 | 7 | 17 | 19..=23)
}
