//! A short tone as a WAV file (Microsoft, Multimedia Programming Interface and Data Specifications 1.0, 1991).

const SAMPLES_PER_SECOND: u32 = 8_000;

/// Half a second.
const SAMPLES: u32 = SAMPLES_PER_SECOND / 2;

/// Bytes of a header before the samples.
const HEADER_BYTES: u32 = 44;

/// One wave of 400 Hz in 20 steps, 128 being silence.
const WAVE: [u8; 20] =
    [128, 138, 147, 154, 158, 160, 158, 154, 147, 138, 128, 118, 109, 102, 98, 96, 98, 102, 109, 118];

/// The tone: one channel, 8 bits a sample.
pub(super) fn tone() -> Vec<u8> {
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((HEADER_BYTES - 8 + SAMPLES).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    for number in [1_u16, 1] {
        file.extend(number.to_le_bytes());
    }
    for number in [SAMPLES_PER_SECOND, SAMPLES_PER_SECOND] {
        file.extend(number.to_le_bytes());
    }
    for number in [1_u16, 8] {
        file.extend(number.to_le_bytes());
    }
    file.extend(b"data");
    file.extend(SAMPLES.to_le_bytes());
    file.extend(WAVE.iter().cycle().zip(0..SAMPLES).map(|(sample, _)| *sample));
    file
}
