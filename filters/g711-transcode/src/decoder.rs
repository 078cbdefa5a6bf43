//! Sound as it comes, made into bytes of G.711.

use guest_sdk::media::g711;
use symphonia_codec_aac::AacDecoder;
use symphonia_core::audio::{Audio, GenericAudioBufferRef};
use symphonia_core::codecs::audio::well_known::CODEC_ID_AAC;
use symphonia_core::codecs::audio::{AudioCodecParameters, AudioDecoder, AudioDecoderOptions};
use symphonia_core::packet::PacketRef;
use symphonia_core::units::{Duration, Timestamp};

use crate::config::Law;
use crate::resample::Resampler;

/// AAC-LC of one or two channels, decoded, mixed to one channel, and brought to 8 kHz.
pub(crate) struct Aac {
    decoder: AacDecoder,
    resampler: Resampler,
}

impl Aac {
    /// By the stream's AudioSpecificConfig.
    ///
    /// # Errors
    /// What the decoder says of it: only AAC-LC with one or two channels is decoded.
    pub(crate) fn new(config: &[u8]) -> Result<Aac, String> {
        let mut params = AudioCodecParameters::new();
        params.for_codec(CODEC_ID_AAC).with_extra_data(config.into());
        let decoder = AacDecoder::try_new(&params, &AudioDecoderOptions::default()).map_err(|e| e.to_string())?;
        let rate = decoder.codec_params().sample_rate.ok_or("no sample rate")?;
        Ok(Aac { decoder, resampler: Resampler::new(rate) })
    }

    /// One frame.
    pub(crate) fn decode(&mut self, frame: &[u8], law: Law) -> Result<Vec<u8>, String> {
        let packet = PacketRef::new(0, Timestamp::new(0), Duration::ZERO, frame);
        let decoded = self.decoder.decode_ref(&packet).map_err(|e| e.to_string())?;
        let GenericAudioBufferRef::F32(sound) = decoded else { return Err("no samples".into()) };
        let samples = match (sound.plane(0), sound.plane(1)) {
            (Some(left), Some(right)) => self.resampler.push(left.iter().zip(right).map(|(l, r)| (l + r) / 2.0)),
            (Some(mono), None) => self.resampler.push(mono.iter().copied()),
            _ => return Err("no channels".into()),
        };
        Ok(samples.into_iter().map(|sample| code(law, (sample * 32_768.0) as i16)).collect())
    }
}

/// What an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) is of, in words.
pub(crate) fn kind(config: &[u8]) -> &'static str {
    match config.first().map(|byte| byte >> 3) {
        Some(5) => "HE-AAC",
        Some(29) => "HE-AAC v2",
        _ => "this AAC",
    }
}

fn code(law: Law, sample: i16) -> u8 {
    match law {
        Law::Pcma => g711::linear_to_alaw(sample),
        Law::Pcmu => g711::linear_to_ulaw(sample),
    }
}

/// One law's bytes in the other; channels stay as they are.
pub(crate) fn other_law(bytes: &[u8], law: Law) -> Vec<u8> {
    let linear = |byte: u8| match law {
        Law::Pcma => g711::ulaw_to_linear(byte),
        Law::Pcmu => g711::alaw_to_linear(byte),
    };
    bytes.iter().map(|byte| code(law, linear(*byte))).collect()
}
