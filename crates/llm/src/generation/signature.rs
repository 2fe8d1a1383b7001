//! Proofs of thinking, which only the provider that made them can read.

/// Who made a signature, and so who can read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Issuer {
    /// `OpenAI`: `encrypted_content`.
    Openai,
    /// Anthropic: `signature`, and the data of `redacted_thinking`; good on every cloud that has Claude.
    Anthropic,
    /// Google: `thoughtSignature`.
    Gemini,
    /// Amazon's own models, behind Converse.
    Amazon,
}

/// A proof of thinking.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// Who made it.
    pub issuer: Issuer,
    /// As it came.
    pub data: String,
}

/// What marks a signature in a field that belongs to another issuer.
const MARK: &str = "rh1.";

impl Signature {
    /// A signature of `issuer`.
    pub fn new(issuer: Issuer, data: impl Into<String>) -> Self {
        Self { issuer, data: data.into() }
    }

    /// The text for a field in which `owner` has its own signatures: as it came where they are of one issuer, else marked
    /// with whose it is, so that [`Self::opened`] knows it again.
    pub(crate) fn sealed(&self, owner: Issuer) -> String {
        if self.issuer == owner {
            self.data.clone()
        } else {
            format!("{MARK}{}.{}", self.issuer.letter(), self.data)
        }
    }

    /// Reads the text of a field in which `owner` has its own signatures.
    pub(crate) fn opened(text: &str, owner: Issuer) -> Self {
        let marked = text.strip_prefix(MARK).and_then(|rest| rest.split_once('.'));
        let sealed = marked.and_then(|(letter, data)| Some(Self::new(Issuer::of_letter(letter)?, data)));
        sealed.unwrap_or_else(|| Self::new(owner, text))
    }
}

impl Issuer {
    const ALL: [Self; 4] = [Self::Openai, Self::Anthropic, Self::Gemini, Self::Amazon];

    /// One letter that stands for it.
    pub(crate) const fn letter(self) -> &'static str {
        match self {
            Self::Openai => "o",
            Self::Anthropic => "a",
            Self::Gemini => "g",
            Self::Amazon => "z",
        }
    }

    /// The issuer that a letter stands for.
    pub(crate) fn of_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|issuer| issuer.letter() == letter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_comes_back_from_a_foreign_field_as_it_went_in() {
        for issuer in Issuer::ALL {
            for owner in Issuer::ALL {
                let signature = Signature::new(issuer, "EqMD.x/+=");
                assert_eq!(Signature::opened(&signature.sealed(owner), owner), signature);
            }
        }
        assert_eq!(Signature::opened("rh1.?.x", Issuer::Gemini), Signature::new(Issuer::Gemini, "rh1.?.x"));
    }
}
