//! What a vector is for, in each provider's word.

/// What a vector is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// It finds documents.
    Query,
    /// It is found.
    Document,
    /// It is compared with its like.
    Similarity,
    /// A classifier reads it.
    Classification,
    /// It is grouped with its like.
    Clustering,
    /// It finds answers.
    Question,
    /// It finds what supports or refutes it.
    Fact,
    /// It finds code.
    Code,
}

/// One purpose in every provider's word; none where a provider has no word that comes near.
///
/// Sources: <https://ai.google.dev/api/embeddings#TaskType>, <https://ai.google.dev/gemini-api/docs/embeddings> (the
/// instructions of gemini-embedding-2), <https://docs.cohere.com/reference/embed>, <https://docs.voyageai.com/reference/embeddings-api>,
/// <https://jina.ai/embeddings>, <https://docs.aws.amazon.com/nova/latest/userguide/embeddings-schema.html>; 2026-11.
struct Words {
    purpose: Purpose,
    gemini: &'static str,
    instruction: &'static str,
    cohere: Option<&'static str>,
    voyage: Option<&'static str>,
    jina: &'static str,
    nova: &'static str,
}

const WORDS: [Words; 8] = [
    Words {
        purpose: Purpose::Query,
        gemini: "RETRIEVAL_QUERY",
        instruction: "search result",
        cohere: Some("search_query"),
        voyage: Some("query"),
        jina: "retrieval.query",
        nova: "TEXT_RETRIEVAL",
    },
    Words {
        purpose: Purpose::Document,
        gemini: "RETRIEVAL_DOCUMENT",
        instruction: "",
        cohere: Some("search_document"),
        voyage: Some("document"),
        jina: "retrieval.passage",
        nova: "GENERIC_INDEX",
    },
    Words {
        purpose: Purpose::Similarity,
        gemini: "SEMANTIC_SIMILARITY",
        instruction: "sentence similarity",
        cohere: None,
        voyage: None,
        jina: "text-matching",
        nova: "GENERIC_INDEX",
    },
    Words {
        purpose: Purpose::Classification,
        gemini: "CLASSIFICATION",
        instruction: "classification",
        cohere: Some("classification"),
        voyage: None,
        jina: "classification",
        nova: "CLASSIFICATION",
    },
    Words {
        purpose: Purpose::Clustering,
        gemini: "CLUSTERING",
        instruction: "clustering",
        cohere: Some("clustering"),
        voyage: None,
        jina: "separation",
        nova: "CLUSTERING",
    },
    Words {
        purpose: Purpose::Question,
        gemini: "QUESTION_ANSWERING",
        instruction: "question answering",
        cohere: Some("search_query"),
        voyage: Some("query"),
        jina: "retrieval.query",
        nova: "TEXT_RETRIEVAL",
    },
    Words {
        purpose: Purpose::Fact,
        gemini: "FACT_VERIFICATION",
        instruction: "fact checking",
        cohere: Some("search_query"),
        voyage: Some("query"),
        jina: "retrieval.query",
        nova: "TEXT_RETRIEVAL",
    },
    Words {
        purpose: Purpose::Code,
        gemini: "CODE_RETRIEVAL_QUERY",
        instruction: "code retrieval",
        cohere: Some("search_query"),
        voyage: Some("query"),
        jina: "code.query",
        nova: "TEXT_RETRIEVAL",
    },
];

/// Words that stand for a purpose beside those of the table.
const OTHER_WORDS: [(&str, Purpose); 3] =
    [("passage", Purpose::Document), ("code.passage", Purpose::Document), ("nl2code.query", Purpose::Code)];

impl Purpose {
    /// The purpose that any provider's word stands for.
    pub fn of_word(word: &str) -> Option<Self> {
        let in_table = WORDS.iter().find(|words| {
            let mine = [Some(words.gemini), words.cohere, words.voyage, Some(words.jina)];
            mine.into_iter().flatten().any(|mine| mine.eq_ignore_ascii_case(word))
        });
        let other = || OTHER_WORDS.iter().find(|(other, _)| *other == word).map(|(_, purpose)| *purpose);
        in_table.map(|words| words.purpose).or_else(other)
    }

    pub(super) fn gemini(self) -> &'static str {
        self.words().gemini
    }

    pub(super) fn cohere(self) -> Option<&'static str> {
        self.words().cohere
    }

    pub(super) fn voyage(self) -> Option<&'static str> {
        self.words().voyage
    }

    pub(super) fn jina(self) -> &'static str {
        self.words().jina
    }

    pub(super) fn nova(self) -> &'static str {
        self.words().nova
    }

    /// What gemini-embedding-2 and later read before the text instead of a task type.
    pub(super) fn instructed(self, title: Option<&str>, text: &str) -> String {
        match self.words().instruction {
            "" => format!("title: {} | text: {text}", title.unwrap_or("none")),
            instruction => format!("task: {instruction} | query: {text}"),
        }
    }

    fn words(self) -> &'static Words {
        // Every purpose has its row, in the order of the enumeration; a test holds it.
        &WORDS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_stands_where_its_purpose_looks_for_it() {
        for words in &WORDS {
            assert_eq!(words.purpose.gemini(), words.gemini);
        }
    }

    #[test]
    fn every_providers_word_is_understood() {
        for (word, purpose) in [
            ("retrieval_query", Purpose::Query),
            ("query", Purpose::Query),
            ("search_query", Purpose::Query),
            ("retrieval.passage", Purpose::Document),
            ("passage", Purpose::Document),
            ("separation", Purpose::Clustering),
            ("text-matching", Purpose::Similarity),
            ("CODE_RETRIEVAL_QUERY", Purpose::Code),
        ] {
            assert_eq!(Purpose::of_word(word), Some(purpose), "{word}");
        }
        assert_eq!(Purpose::of_word("TASK_TYPE_UNSPECIFIED"), None);
    }
}
