//! Decoder configuration records and codec headers: what was read is written back, and telling what it says never fails.

use crate::choices::Choices;
use crate::memory;
use bytes::Bytes;
use media::{Body, FourCc, aac, av1, avc, hevc, sound, track, vpx, vvc};

/// Lists of parameter sets share the record's bytes; a list entry is what a byte or two of the record can make.
fn most(record: &[u8]) -> usize {
    64 * record.len() + 4096
}

/// AVCDecoderConfigurationRecord and sequence parameter sets.
pub fn avc(input: &[u8]) {
    let record = Bytes::copy_from_slice(input);
    memory::within(most(input), || {
        if let Ok(read) = avc::Record::decode(&record) {
            assert_eq!(read.encode().expect("what was read"), record);
            let params = read.params();
            assert_eq!(params.unit_length_bytes, read.unit_length_bytes);
            if let Some(extension) = read.extension() {
                assert!(extension.sps_ext.iter().map(Bytes::len).sum::<usize>() <= record.len());
            }
            if let Ok(fresh) = avc::Record::new(read.sps.clone(), read.pps.clone()) {
                let bytes = fresh.encode().expect("no more sets than were read");
                let again = avc::Record::decode(&bytes).expect("our own bytes");
                assert_eq!((&again.sps, &again.pps), (&read.sps, &read.pps));
            }
        }
        let _ = avc::Sps::decode(input);
    });
}

/// HEVCDecoderConfigurationRecord and sequence parameter sets.
pub fn hevc(input: &[u8]) {
    let record = Bytes::copy_from_slice(input);
    memory::within(most(input), || {
        if let Ok(read) = hevc::Record::decode(&record) {
            assert_eq!(read.encode().expect("what was read"), record);
            let _ = read.params();
            for unit_type in 0..64 {
                assert!(read.units(unit_type).all(|unit| unit.len() <= record.len()));
            }
        }
        let _ = hevc::Sps::decode(input);
    });
}

/// AV1CodecConfigurationRecord, its MPEG-2 TS form, and sequence headers.
pub fn av1(input: &[u8]) {
    let record = Bytes::copy_from_slice(input);
    memory::within(most(input), || {
        if let Ok(read) = av1::Record::decode(&record) {
            assert_eq!(read.encode(), record);
            let params = read.params();
            assert_eq!((params.bit_depth, params.unit_length_bytes), (read.bit_depth(), 0));
        }
        if let Ok(read) = av1::Record::from_descriptor(&record) {
            assert_eq!(read.encode(), record[2..6]);
        }
        let _ = av1::Sequence::decode(input);
        let _ = av1::Sequence::find(&Body::from(record.clone()));
    });
}

/// AudioSpecificConfig.
pub fn aac(input: &[u8]) {
    memory::within(most(input), || match aac::AudioSpecificConfig::decode(input) {
        Ok(read) => {
            assert_eq!(read.encode(), input);
            assert!([960, 1024].contains(&read.frame_samples()));
            assert!(read.sample_rate() <= 0xFF_FFFF);
            let _ = (read.channels(), read.signalled_object_type());
        }
        Err(error) => assert!(error.at <= input.len()),
    });
}

/// The headers of the other codecs, and what a track learns from any of them.
pub fn other(input: &[u8]) {
    let mut choices = Choices::new(input);
    let (codec, key) = (choices.below(20), choices.flag());
    let bytes = Bytes::copy_from_slice(choices.rest());
    memory::within(most(input), || {
        let _ = sound::opus_head(&bytes);
        let _ = sound::flac_stream_info(&bytes);
        let _ = sound::mpeg_audio(&bytes);
        let _ = sound::ac3(&bytes);
        let _ = vvc::params(&bytes);
        let _ = vpx::params(&bytes);
        let _ = vpx::vp8_size(&bytes);
        let _ = vpx::vp9_size(&bytes);
        let codecs = [
            FourCc::AVC1,
            FourCc::HVC1,
            FourCc::VVC1,
            FourCc::AV01,
            FourCc::VP08,
            FourCc::VP09,
            FourCc::MP4A,
            FourCc::MP3,
            FourCc::ALAW,
            FourCc::ULAW,
            FourCc::LPCM,
            FourCc::FLV1,
            FourCc::UNKNOWN,
        ];
        let codec = codecs[codec % codecs.len()];
        let mut params = track::params::video(codec, &bytes);
        let _ = track::params::audio(codec, &bytes);
        if key {
            track::params::from_key_frame(codec, &Body::from(bytes.clone()), &mut params);
        }
    });
}
