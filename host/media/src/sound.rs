//! What the headers of other audio codecs say: just enough to name rate and channels.

use crate::AudioParams;
use crate::bits::Bits;

/// OpusHead (RFC 7845 5.1); Opus always decodes at 48 kHz.
pub fn opus_head(head: &[u8]) -> Option<AudioParams> {
    let fields = head.strip_prefix(b"OpusHead")?;
    let channels = *fields.get(1)?;
    Some(AudioParams { sample_rate: 48_000, channels, bits: 0, object_type: 0 })
}

/// STREAMINFO (RFC 9639 8.2), bare, behind its block header, or behind that and `fLaC`.
pub fn flac_stream_info(header: &[u8]) -> Option<AudioParams> {
    let block = header.strip_prefix(b"fLaC").unwrap_or(header);
    let info = match block.split_at_checked(4) {
        Some(([kind, 0, 0, 34], info)) if kind & 0x7f == 0 => info,
        _ => block,
    };
    let mut b = Bits::new(info);
    b.skip(80)?;
    let sample_rate = b.u(20)?;
    let channels = b.u8(3)?.saturating_add(1);
    let bits = b.u8(5)?.saturating_add(1);
    Some(AudioParams { sample_rate, channels, bits, object_type: 0 })
}

/// A frame header of MPEG audio (ISO/IEC 11172-3 2.4.1.3, 13818-3).
pub fn mpeg_audio(frame: &[u8]) -> Option<AudioParams> {
    let mut b = Bits::new(frame);
    if b.u(11)? != 0x7ff {
        return None;
    }
    let version = b.u(2)?;
    b.skip(7)?;
    let mpeg1: u32 = match b.u(2)? {
        0 => 44_100,
        1 => 48_000,
        2 => 32_000,
        _ => return None,
    };
    let sample_rate = match version {
        3 => mpeg1,
        2 => mpeg1 >> 1,
        0 => mpeg1 >> 2,
        _ => return None,
    };
    b.skip(2)?;
    let channels = if b.u(2)? == 3 { 1 } else { 2 };
    Some(AudioParams { sample_rate, channels, bits: 16, object_type: 0 })
}

/// A sync frame of AC-3 or E-AC-3 (ETSI TS 102 366 4.3, E.1.2).
pub fn ac3(frame: &[u8]) -> Option<AudioParams> {
    const RATES: [u32; 3] = [48_000, 44_100, 32_000];
    const CHANNELS: [u8; 8] = [2, 1, 2, 3, 3, 4, 4, 5];
    let mut b = Bits::new(frame);
    if b.u(16)? != 0x0b77 {
        return None;
    }
    // bsid stands at the same place in both; above 10 it is E-AC-3.
    let enhanced = frame.get(5)? >> 3 > 10;
    let (rate, mode);
    if enhanced {
        b.skip(16)?;
        let code = b.u(2)? as usize;
        let second = b.u(2)? as usize;
        rate = match RATES.get(code) {
            Some(rate) => *rate,
            None => RATES.get(second)? >> 1,
        };
        mode = b.u(3)?;
    } else {
        b.skip(16)?;
        rate = *RATES.get(b.u(2)? as usize)?;
        b.skip(14)?;
        mode = b.u(3)?;
        if mode & 1 == 1 && mode != 1 {
            b.skip(2)?;
        }
        if mode & 4 == 4 {
            b.skip(2)?;
        }
        if mode == 2 {
            b.skip(2)?;
        }
    }
    let low = b.flag()?;
    let channels = CHANNELS.get(mode as usize)?.saturating_add(u8::from(low));
    Some(AudioParams { sample_rate: rate, channels, bits: 0, object_type: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(p: Option<AudioParams>) -> Option<(u32, u8, u8)> {
        p.map(|p| (p.sample_rate, p.channels, p.bits))
    }

    #[test]
    fn rates_and_channels() {
        assert_eq!(told(opus_head(b"OpusHead\x01\x06\x38\x01\x80\xbb\0\0\0\0\x01")), Some((48_000, 6, 0)));
        assert_eq!(told(opus_head(b"OpusHea")), None);
        let mut info = vec![0; 34];
        info[10..14].copy_from_slice(&[0x0b, 0xb8, 0x03, 0x70]);
        assert_eq!(told(flac_stream_info(&info)), Some((48_000, 2, 24)), "1011 1011 1000 0000 | 001 | 10111");
        let framed = [b"fLaC\x80\0\0\x22".to_vec(), info.clone()].concat();
        assert_eq!(told(flac_stream_info(&framed)), told(flac_stream_info(&info)));
        assert_eq!(told(flac_stream_info(&info[..9])), None);
        assert_eq!(told(mpeg_audio(&[0xff, 0xfb, 0x90, 0x00])), Some((44_100, 2, 16)));
        assert_eq!(told(mpeg_audio(&[0xff, 0xf3, 0x94, 0xc0])), Some((24_000, 1, 16)));
        assert_eq!(told(mpeg_audio(&[0xff, 0xe3, 0x98, 0xc0])), Some((8_000, 1, 16)));
        assert_eq!(told(mpeg_audio(&[0x12, 0xe3, 0x98, 0xc0])), None);
        // 48 kHz, bsid 8, 3/2 and LFE: acmod 7, cmixlev, surmixlev, lfeon.
        assert_eq!(told(ac3(&[0x0b, 0x77, 0, 0, 0x1e, 0x40, 0xe1, 0x00])), Some((48_000, 6, 0)));
        assert_eq!(told(ac3(&[0x0b, 0x77, 0, 0, 0x1e, 0x40, 0x40])), Some((48_000, 2, 0)));
        // E-AC-3: bsid 16; fscod 0, numblkscod 3, acmod 2, lfeon 1.
        assert_eq!(told(ac3(&[0x0b, 0x77, 0x01, 0xff, 0b0011_0101, 0x80])), Some((48_000, 3, 0)));
        assert_eq!(told(ac3(&[0x0b, 0x77])), None);
    }
}
