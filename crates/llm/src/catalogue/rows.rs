//! The built-in rows.
//!
//! Each line of the data files is a JSON object: the fields of `ModelFactsSpec`, but `match` a list of patterns, and
//! - `vendor`: who makes it;
//! - `prices_at`: prices by host, where the price depends on who serves it; they go before `prices`;
//! - `source` and `as_of`: the page that says so, and the month (`2026-11`) in which it did; `from knowledge` was not
//!   looked up again, `as … reports it` was read elsewhere;
//! - `note`: what else a reader of the file should know.
//!
//! A fact that no page states is left out. Prices are those of ordinary requests: not of batches, priorities or regions.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

use roundhouse_domain::spec::{ModelFactsSpec, Prices};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::name::{Glob, Names};
use super::overrides::apply;
use super::{Facts, Seller};

/// The data files, a vendor each or several.
pub(super) const FILES: [(&str, &str); 7] = [
    ("openai", include_str!("openai.jsonl")),
    ("anthropic", include_str!("anthropic.jsonl")),
    ("google", include_str!("google.jsonl")),
    ("europe", include_str!("europe.jsonl")),
    ("america", include_str!("america.jsonl")),
    ("china", include_str!("china.jsonl")),
    ("embedding", include_str!("embedding.jsonl")),
];

static BUILT_IN: LazyLock<Rows> = LazyLock::new(Rows::read);

/// All rows, by what they match.
#[derive(Debug)]
pub(super) struct Rows {
    exact: HashMap<String, Arc<Row>>,
    globs: Vec<(Glob, Arc<Row>)>,
}

/// What is known of some models.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) patterns: Vec<Glob>,
    facts: Arc<Facts>,
    at: Vec<(String, Arc<Facts>)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(rename = "match")]
    patterns: Vec<String>,
    vendor: String,
    source: String,
    as_of: String,
    #[serde(default)]
    prices_at: BTreeMap<String, Prices>,
    #[serde(default, rename = "note")]
    _note: String,
}

/// What the built-in catalogue says of prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRow {
    /// The models, as patterns.
    pub models: Vec<String>,
    /// Who makes them.
    pub vendor: Option<Arc<str>>,
    /// Where they cost this; none for everywhere else.
    pub host: Option<String>,
    /// The prices.
    pub prices: Prices,
    /// The page that says so, and the month in which it did.
    pub source: Option<Arc<str>>,
}

/// All built-in prices, in the order of the files.
pub fn price_list() -> Vec<PriceRow> {
    let rows = FILES.iter().flat_map(|(_, text)| text.lines()).filter_map(|line| Row::read(line).ok());
    let mut list = Vec::new();
    for row in rows {
        let models: Vec<String> = row.patterns.iter().map(|pattern| pattern.text().to_owned()).collect();
        let here = row.at.iter().map(|(host, facts)| (Some(host.clone()), facts));
        for (host, facts) in here.chain([(None, &row.facts)]) {
            let Some(prices) = facts.prices.clone() else { continue };
            let (vendor, source) = (facts.vendor.clone(), facts.source.clone());
            list.push(PriceRow { models: models.clone(), vendor, host, prices, source });
        }
    }
    list
}

impl Rows {
    pub(super) fn built_in() -> &'static Self {
        &BUILT_IN
    }

    /// Reads the data files. That every line can be read is the tests' to see to.
    fn read() -> Self {
        let lines = FILES.iter().flat_map(|(_, text)| text.lines());
        let mut rows = Self { exact: HashMap::new(), globs: Vec::new() };
        for row in lines.filter_map(|line| Row::read(line).ok()).map(Arc::new) {
            for pattern in &row.patterns {
                if pattern.is_plain() {
                    rows.exact.insert(pattern.text().to_owned(), Arc::clone(&row));
                } else {
                    rows.globs.push((pattern.clone(), Arc::clone(&row)));
                }
            }
        }
        rows.globs.sort_by_key(|(glob, _)| std::cmp::Reverse(glob.rank()));
        rows
    }

    /// The row that says most about a name: one for exactly it, else the pattern with the most of it.
    pub(super) fn find(&self, names: &Names) -> Option<&Row> {
        let exact = names.forms().find_map(|form| self.exact.get(form));
        let glob = || self.globs.iter().find(|(glob, _)| glob.fits(names)).map(|(_, row)| row);
        exact.or_else(glob).map(|row| &**row)
    }
}

impl Row {
    /// Reads one line.
    pub(super) fn read(line: &str) -> Result<Self, serde_json::Error> {
        let mut spec: Map<String, Value> = serde_json::from_str(line)?;
        let written = ["match", "vendor", "source", "as_of", "prices_at", "note"];
        let written: Map<String, Value> =
            written.into_iter().filter_map(|key| Some((key.to_owned(), spec.remove(key)?))).collect();
        let written: Written = serde_json::from_value(written.into())?;
        spec.insert("match".to_owned(), Value::String(String::new()));
        let spec: ModelFactsSpec = serde_json::from_value(spec.into())?;
        let mut facts = Facts {
            vendor: Some(written.vendor.into()),
            source: Some(format!("{} ({})", written.source, written.as_of).into()),
            ..Facts::default()
        };
        apply(&spec, &mut facts);
        let at = written.prices_at.into_iter().map(|(host, prices)| {
            let facts = Facts { prices: Some(prices), ..facts.clone() };
            (host, Arc::new(facts))
        });
        Ok(Self {
            patterns: written.patterns.iter().map(|pattern| Glob::new(pattern)).collect(),
            at: at.collect(),
            facts: Arc::new(facts),
        })
    }

    /// What is known of the models, as `seller` serves them.
    pub(super) fn facts(&self, seller: Seller<'_>) -> Arc<Facts> {
        let here = |host: &str| {
            seller.host.strip_suffix(host).is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        let there = self.at.iter().find(|(host, _)| here(host));
        Arc::clone(there.map_or(&self.facts, |(_, facts)| facts))
    }
}
