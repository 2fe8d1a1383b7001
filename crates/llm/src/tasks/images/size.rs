//! Sizes of images: pixels for some providers, shapes for others.

use crate::generation::Losses;

/// The longest side that a provider makes when it is told a shape alone, in pixels.
const USUAL: u32 = 1_536;

/// The longest side of an image of twice that, in pixels.
const DOUBLE: u32 = 3_072;

/// How large an image is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size<'a> {
    /// `1024x1536`.
    Pixels(u32, u32),
    /// `16:9`.
    Ratio(&'a str),
    /// `2K`.
    Named(&'a str),
}

/// A size as providers of shapes take it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Shape<'a> {
    /// `16:9`.
    pub(super) ratio: Option<&'a str>,
    /// `2K`, `4K`; none: the provider's usual.
    pub(super) scale: Option<&'a str>,
}

impl<'a> Size<'a> {
    /// The size that a caller's word stands for; none where it is no size.
    pub(super) fn of(word: &'a str) -> Option<Self> {
        if let Some((width, height)) = word.split_once(['x', 'X', '*']) {
            let side = |text: &str| text.parse::<u32>().ok().filter(|side| *side > 0);
            return Some(Self::Pixels(side(width)?, side(height)?));
        }
        if let Some((width, height)) = word.split_once(':') {
            let is_number = |text: &str| text.parse::<f64>().is_ok_and(|number| number > 0.0);
            return (is_number(width) && is_number(height)).then_some(Self::Ratio(word));
        }
        let is_named = word.strip_suffix(['K', 'k']).is_some_and(|number| number.parse::<u32>().is_ok());
        is_named.then_some(Self::Named(word))
    }

    /// The nearest of `ratios`, and the scale; what is not met exactly is a loss.
    pub(super) fn shape(self, ratios: &[&'a str], losses: &mut Losses) -> Shape<'a> {
        match self {
            Self::Ratio(ratio) => Shape { ratio: Some(ratio), scale: None },
            Self::Named(scale) => Shape { ratio: None, scale: Some(scale) },
            Self::Pixels(width, height) => {
                let wanted = f64::from(width) / f64::from(height);
                let distance = |ratio: &str| (quotient(ratio) / wanted).ln().abs();
                let nearest = ratios.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)));
                let longest = width.max(height);
                let scale = if longest > DOUBLE { Some("4K") } else { (longest > USUAL).then_some("2K") };
                if nearest.is_none_or(|ratio| distance(ratio) > 1e-3) || longest < USUAL / 2 {
                    losses.note("size", format!("the nearest shape is {}", nearest.unwrap_or_default()));
                }
                Shape { ratio: nearest, scale }
            }
        }
    }
}

fn quotient(ratio: &str) -> f64 {
    let side = |text: &str| text.parse::<f64>().unwrap_or(1.0);
    ratio.split_once(':').map_or(1.0, |(width, height)| side(width) / side(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATIOS: [&str; 5] = ["1:1", "2:3", "3:2", "9:16", "16:9"];

    #[test]
    fn pixels_become_the_nearest_shape() {
        for (size, ratio, scale, is_exact) in [
            ("1024x1024", "1:1", None, true),
            ("1024x1536", "2:3", None, true),
            ("1792x1024", "16:9", Some("2K"), false),
            ("3840X2160", "16:9", Some("4K"), true),
            ("2048*2048", "1:1", Some("2K"), true),
            ("256x256", "1:1", None, false),
            ("1x4000000000", "9:16", Some("4K"), false),
        ] {
            let mut losses = Losses::default();
            let shape = Size::of(size).unwrap().shape(&RATIOS, &mut losses);
            assert_eq!((shape, losses.is_empty()), (Shape { ratio: Some(ratio), scale }, is_exact), "{size}");
        }
    }

    #[test]
    fn shapes_and_names_are_taken_as_they_are() {
        assert_eq!(Size::of("21:9"), Some(Size::Ratio("21:9")));
        assert_eq!(Size::of("2K"), Some(Size::Named("2K")));
        for word in ["", "x", "0x1", "1x-1", "a:b", "1:0", "large", "K"] {
            assert_eq!(Size::of(word), None, "{word}");
        }
    }
}
