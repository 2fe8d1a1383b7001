//! The table `options`: settings and prices.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::read::Reading;
use crate::fields::{Fields, number, text};
use crate::tables::Row;

/// Units of quota in a US dollar, unless `QuotaPerUnit` says otherwise.
const UNITS_PER_DOLLAR: f64 = 500_000.0;
/// US dollars for a million tokens at a ratio of 1 (a ratio of 1 is 0.002 dollars for a thousand).
const DOLLARS_AT_ONE: f64 = 2.0;

/// Options by name.
pub(super) struct Options(BTreeMap<String, String>);

impl Options {
    /// Reads the rows of the table.
    pub(super) fn new(rows: &[Row]) -> Self {
        let option = |row: &Row| Some((text(row, "key")?.to_owned(), text(row, "value")?.to_owned()));
        Self(rows.iter().filter_map(option).collect())
    }

    /// Units of quota in a US dollar.
    pub(super) fn units_per_dollar(&self) -> f64 {
        let set = self.0.get("QuotaPerUnit").and_then(|units| units.trim().parse::<f64>().ok());
        set.filter(|units| units.is_finite() && *units >= 1.0).unwrap_or(UNITS_PER_DOLLAR)
    }

    /// Sets what has a counterpart.
    pub(super) fn apply(&self, reading: &mut Reading) {
        let mut gateway = Fields::default();
        if let Some(times) =
            self.0.get("RetryTimes").and_then(|times| times.trim().parse::<u32>().ok()).filter(|t| *t > 0)
        {
            gateway.put("max_attempts", times.saturating_add(1).min(100));
        }
        reading.imported.configuration.document.set_section("gateway", gateway.0);
        self.prices(reading);
        if self.map("GroupRatio").values().filter_map(number).any(|ratio| (ratio - 1.0).abs() > f64::EPSILON)
        {
            let message = "prices do not differ by group here: costs are those of the providers";
            reading.notes.warn("options.GroupRatio", message);
        }
    }

    fn prices(&self, reading: &mut Reading) {
        let completions = self.map("CompletionRatio");
        for (model, ratio) in self.map("ModelRatio") {
            let Some(input) = number(&ratio).map(|ratio| cents(ratio * DOLLARS_AT_ONE)) else { continue };
            if !(0.0..=1e6).contains(&input) || model.trim().is_empty() {
                continue;
            }
            let mut facts = Fields::default();
            facts.put("match", model.as_str());
            facts.put_in("prices", "input", json!(input));
            let output = completions.get(&model).and_then(number).map(|ratio| cents(input * ratio));
            if let Some(output) = output.filter(|output| (0.0..=1e6).contains(output)) {
                facts.put_in("prices", "output", json!(output));
            }
            reading.imported.configuration.document.push("catalogue", facts.0);
        }
        if !self.map("ModelPrice").is_empty() {
            reading
                .notes
                .warn("options.ModelPrice", "prices for each call are left out: prices are for tokens");
        }
    }

    fn map(&self, name: &str) -> Map<String, Value> {
        self.0.get(name).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
    }
}

/// Without what multiplications add at the end.
fn cents(dollars: f64) -> f64 {
    (dollars * 1e9).round() / 1e9
}
