//! Embeddings without a model: runs of letters hashed into a unit vector, so that like texts get like vectors.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// Letters in one run.
const RUN: usize = 3;

/// Places that every run and every word has in a vector.
const PLACES: u64 = 4;

/// What a whole word weighs against a run of letters.
const WORD_WEIGHT: f32 = 2.0;

/// Longer texts are read no further, like a model's context.
const MOST_CHARS: usize = 32_768;

/// The unit vector of `text`.
pub(super) fn embed(text: &str, dimensions: usize) -> Vec<f32> {
    let mut vector = vec![0.0; dimensions];
    let lower: String = text.chars().take(MOST_CHARS).flat_map(char::to_lowercase).collect();
    for word in lower.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty()) {
        add(&mut vector, word.as_bytes(), WORD_WEIGHT);
        let padded: Vec<char> = std::iter::once(' ').chain(word.chars()).chain([' ']).collect();
        for run in padded.windows(RUN) {
            add(&mut vector, String::from_iter(run).as_bytes(), 1.0);
        }
    }
    // Ideographs have no blanks around words: pairs of them are what is alike.
    let chars: Vec<char> = lower.chars().filter(|char| super::words::is_han(*char)).collect();
    for pair in chars.windows(2) {
        add(&mut vector, String::from_iter(pair).as_bytes(), WORD_WEIGHT);
    }
    if vector.iter().all(|value| *value == 0.0) {
        add(&mut vector, format!("\0{text}").as_bytes(), 1.0);
    }
    normalise(vector)
}

fn add(vector: &mut [f32], feature: &[u8], weight: f32) {
    let len = vector.len() as u64;
    for place in 0..PLACES {
        let hash = hash(feature, place);
        let Some(value) =
            (hash >> 1).checked_rem(len).and_then(|at| vector.get_mut(usize::try_from(at).ok()?))
        else {
            return;
        };
        *value += if hash & 1 == 0 { weight } else { -weight };
    }
}

/// FNV-1a with a last mix, so that its high bits are good as well (isthe.com/chongo/tech/comp/fnv).
fn hash(bytes: &[u8], salt: u64) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325 ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let hash =
        bytes.iter().fold(start, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3));
    let mixed = (hash ^ (hash >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

fn normalise(mut vector: Vec<f32>) -> Vec<f32> {
    let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt();
    if length > 0.0 {
        for value in &mut vector {
            *value /= length;
        }
    } else if let Some(first) = vector.first_mut() {
        // Places that took each other away.
        *first = 1.0;
    }
    vector
}

/// How alike two unit vectors are, from -1 to 1.
pub(super) fn cosine(one: &[f32], other: &[f32]) -> f32 {
    one.iter().zip(other).map(|(one, other)| one * other).sum()
}

/// A number as JSON, in the fewest digits that tell it from its neighbours.
pub(super) fn number(value: f32) -> Value {
    value.to_string().parse::<f64>().map_or(Value::Null, Value::from)
}

/// The vector as a JSON array.
pub(super) fn numbers(vector: &[f32]) -> Value {
    vector.iter().copied().map(number).collect()
}

/// The vector as base64 of little-endian numbers.
pub(super) fn base64(vector: &[f32]) -> String {
    STANDARD.encode(vector.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_texts_are_closer_than_others() {
        for (one, like, other) in [
            ("the cat sat on the mat", "a cat sits on a mat", "quarterly revenue grew by ten percent"),
            ("北京今天的天气", "今天北京天气怎么样", "公司季度财务报告"),
        ] {
            let [one, like, other] = [one, like, other].map(|text| embed(text, 256));
            assert!(cosine(&one, &like) > cosine(&one, &other) + 0.2);
        }
    }

    proptest::proptest! {
        #[test]
        fn every_text_gets_the_same_unit_vector_again(text: String, dimensions in 1_usize..600) {
            let vector = embed(&text, dimensions);
            proptest::prop_assert!((cosine(&vector, &vector) - 1.0).abs() < 1e-3);
            proptest::prop_assert_eq!(vector, embed(&text, dimensions));
        }
    }
}
