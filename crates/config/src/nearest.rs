//! The known name nearest to one that somebody mistyped.

/// The nearest of `known` to `name`, when it is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let name = name.to_lowercase();
    let limit = (name.chars().count() / 3).clamp(1, 4);
    let distance = |candidate: &str| strsim::damerau_levenshtein(&name, &candidate.to_lowercase());
    // Long texts are no typing errors, and comparing them costs the product of their lengths.
    let plausible = |candidate: &&str| name.len() <= 200 && candidate.len().abs_diff(name.len()) <= limit;
    let scored = known.into_iter().filter(plausible).map(|candidate| (distance(candidate), candidate));
    scored.filter(|(distance, _)| *distance <= limit).min().map(|(_, candidate)| candidate)
}

/// `; did you mean …?` for the nearest of `known`, or nothing.
pub(crate) fn suggestion<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|candidate| format!("; did you mean `{candidate}`?")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_near_name_is_suggested() {
        let known = ["weight", "name", "keys", "keys_file"];
        assert_eq!(nearest("wieght", known), Some("weight"));
        assert_eq!(nearest("Weights", known), Some("weight"));
        assert_eq!(nearest("key_file", known), Some("keys_file"));
        assert_eq!(nearest("temperature", known), None);
        assert_eq!(nearest("", known), None);
    }
}
