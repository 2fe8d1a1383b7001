//! Headers of WAV files.

/// Uncompressed sound without a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pcm {
    /// Samples a second.
    pub(super) rate: u32,
    /// Samples at once.
    pub(super) channels: u16,
}

impl Pcm {
    /// 16-bit samples as Gemini describes them: `audio/L16;codec=pcm;rate=24000`. None for any other sound.
    ///
    /// Their bytes are little-endian, although RFC 2586 has it otherwise
    /// (<https://ai.google.dev/gemini-api/docs/speech-generation>, 2026-11).
    pub(super) fn of(mime: &str) -> Option<Self> {
        let mut fields = mime.split(';').map(str::trim);
        let kind = fields.next()?;
        if !kind.eq_ignore_ascii_case("audio/l16") && !kind.eq_ignore_ascii_case("audio/pcm") {
            return None;
        }
        let mut pcm = Self { rate: 24_000, channels: 1 };
        for (name, value) in fields.filter_map(|field| field.split_once('=')) {
            match name {
                "rate" => pcm.rate = value.parse().unwrap_or(pcm.rate),
                "channels" => pcm.channels = value.parse().unwrap_or(pcm.channels),
                _ => {}
            }
        }
        Some(pcm)
    }

    /// A WAV file of 16-bit samples (<https://www.mmsp.ece.mcgill.ca/Documents/AudioFormats/WAVE/WAVE.html>, 2026-11).
    pub(super) fn wav(self, samples: &[u8]) -> Vec<u8> {
        let length = u32::try_from(samples.len()).unwrap_or(u32::MAX - 36);
        let frame = self.channels.saturating_mul(2);
        let mut wav = Vec::with_capacity(samples.len() + 44);
        wav.extend_from_slice(b"RIFF");
        wav.extend_from_slice(&length.saturating_add(36).to_le_bytes());
        wav.extend_from_slice(b"WAVEfmt ");
        wav.extend_from_slice(&16_u32.to_le_bytes());
        wav.extend_from_slice(&1_u16.to_le_bytes());
        wav.extend_from_slice(&self.channels.to_le_bytes());
        wav.extend_from_slice(&self.rate.to_le_bytes());
        wav.extend_from_slice(&self.rate.saturating_mul(frame.into()).to_le_bytes());
        wav.extend_from_slice(&frame.to_le_bytes());
        wav.extend_from_slice(&16_u16.to_le_bytes());
        wav.extend_from_slice(b"data");
        wav.extend_from_slice(&length.to_le_bytes());
        wav.extend_from_slice(samples);
        wav
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_tells_what_the_samples_are() {
        let pcm = Pcm::of("audio/L16;codec=pcm;rate=16000; channels=2").unwrap();
        assert_eq!(pcm, Pcm { rate: 16_000, channels: 2 });
        let wav = pcm.wav(&[1, 2, 3, 4]);
        let word = |at: usize| u32::from_le_bytes(wav[at..at + 4].try_into().unwrap());
        assert_eq!((&wav[..4], &wav[8..16], &wav[36..40]), (&b"RIFF"[..], &b"WAVEfmt "[..], &b"data"[..]));
        assert_eq!([word(4), word(16), word(24), word(28), word(40)], [40, 16, 16_000, 64_000, 4]);
        assert_eq!(
            (&wav[20..24], &wav[32..36], &wav[44..]),
            (&[1, 0, 2, 0][..], &[4, 0, 16, 0][..], &[1, 2, 3, 4][..])
        );
    }

    #[test]
    fn only_samples_get_a_header() {
        assert_eq!(Pcm::of("audio/pcm"), Some(Pcm { rate: 24_000, channels: 1 }));
        assert_eq!(Pcm::of("audio/mpeg"), None);
        assert_eq!(Pcm::of(""), None);
    }
}
