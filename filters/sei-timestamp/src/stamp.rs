//! The SEI message that carries a time (MISB ST 0604.6): user data unregistered, with a well-known identifier.

/// H.264 and H.265, by what differs between them here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Syntax {
    Avc,
    Hevc,
}

/// The unit before its SEI message: nal_unit_type 6 (ISO/IEC 14496-10 §7.3.1), and prefix SEI of temporal layer 0
/// (ISO/IEC 23008-2 §7.3.1.2).
const AVC_UNIT: &[u8] = &[6];
const HEVC_UNIT: &[u8] = &[39 << 1, 1];

/// payloadType user_data_unregistered.
const UNREGISTERED: u8 = 5;
/// Identifier, status, and eight bytes of time with a guard byte after each two but the last (ST 0604.6 §7.4).
const SIZE: u8 = 28;
/// Whether the clock is locked to a reference is not known; time goes on without a break (ST 0603, Time Status).
const STATUS: u8 = 0x9f;
/// Keeps the time from looking like a start code, so that no emulation prevention is needed.
const GUARD: u8 = 0xff;
/// rbsp_trailing_bits.
const TRAILING: u8 = 0x80;

impl Syntax {
    /// Who reads the time finds it by this (ST 0604.6 §7.1 and §7.2).
    pub(crate) fn identifier(self) -> &'static [u8; 16] {
        match self {
            Syntax::Avc => b"MISPmicrosectime",
            Syntax::Hevc => {
                &[0xa8, 0x68, 0x7d, 0xd4, 0xd7, 0x59, 0x37, 0x58, 0xa5, 0xce, 0xf0, 0x33, 0x8b, 0x65, 0x45, 0xf1]
            }
        }
    }

    /// nal_unit_type of (prefix) SEI.
    pub(crate) fn sei(self) -> u8 {
        match self {
            Syntax::Avc => 6,
            Syntax::Hevc => 39,
        }
    }

    /// Whether a unit of this type is a slice, or a prefix that belongs to one: SEI stands before the first of them.
    pub(crate) fn is_slice(self, unit_type: u8) -> bool {
        match self {
            Syntax::Avc => matches!(unit_type, 1..=5 | 14),
            Syntax::Hevc => unit_type < 32,
        }
    }

    /// A NAL unit that says it is `unix_us` microseconds since 1970.
    pub(crate) fn unit(self, unix_us: u64) -> Vec<u8> {
        let mut unit = match self {
            Syntax::Avc => AVC_UNIT.to_vec(),
            Syntax::Hevc => HEVC_UNIT.to_vec(),
        };
        unit.extend([UNREGISTERED, SIZE]);
        unit.extend(self.identifier());
        unit.push(STATUS);
        let [a, b, c, d, e, f, g, h] = unix_us.to_be_bytes();
        unit.extend([a, b, GUARD, c, d, GUARD, e, f, GUARD, g, h]);
        unit.push(TRAILING);
        unit
    }
}
