//! What is declared of models.

use roundhouse_domain::spec::{Modality, Price, ReasoningSpec};

use crate::support::{Setup, problems};

#[test]
fn facts_and_prices_of_models_are_read() {
    let yaml = "\
providers: [{ name: azure, kind: openai, keys: [k] }]
catalogue:
  - { match: gpt-4o, provider: azure, prices: { input: 2, output: 8.5, long: [{ above_tokens: 200000, input: 4 }] } }
  - match: house-*
    context_tokens: 131072
    reasoning: budget
    thinking_tokens: { min: 1024, max: 32000 }
    efforts: [low, xhigh]
    input: [image, pdf]
";
    let config = Setup::new(yaml).load();
    let [negotiated, house] = config.declared.catalogue.as_slice() else { panic!("two entries") };
    let prices = negotiated.prices.as_ref().unwrap();
    assert_eq!(
        (prices.output, prices.long[0].input),
        (Some(Price(8_500_000_000)), Some(Price(4_000_000_000)))
    );
    assert_eq!((house.context_tokens, house.reasoning), (Some(131_072), Some(ReasoningSpec::Budget)));
    assert!(house.thinking_tokens.is_some_and(|tokens| tokens.can_stop));
    assert_eq!(house.input.as_deref(), Some([Modality::Image, Modality::Pdf].as_slice()));
}

#[test]
fn mistakes_about_models_are_told_with_their_line() {
    let yaml = "\
providers: [{ name: azure, kind: openai, keys: [k] }]
catalogue:
  - { match: a, provider: azur }
  - { match: b, prices: { inptu: 1 } }
  - { match: c, prices: { input: -1 } }
  - { match: d, reasoning: budget }
  - { match: e, reasoning: always, thinking_tokens: { min: 1, max: 2 } }
  - { match: f, thinking_tokens: { min: 3, max: 2 } }
  - { match: g, prices: { long: [{ input: 1 }] } }
  - { match: h, efforts: [hihg] }
  - { match: i, shutdown: tomorrow }
";
    assert_eq!(
        problems(yaml),
        [
            "roundhouse.yaml:3: catalogue[0].provider: no provider is named `azur`; did you mean `azure`?",
            "roundhouse.yaml:4: catalogue[1].prices.inptu: unknown field; did you mean `input`?",
            "roundhouse.yaml:5: catalogue[2].prices.input: must be at least 0",
            "roundhouse.yaml:6: catalogue[3].reasoning: needs `thinking_tokens` too",
            "roundhouse.yaml:7: catalogue[4].thinking_tokens: belong to `reasoning: budget` only",
            "roundhouse.yaml:8: catalogue[5].thinking_tokens.min: must not be above `max`",
            "roundhouse.yaml:9: catalogue[6].prices.long[0].above_tokens: must be more than 0; prices of every prompt stand beside `long`",
            "roundhouse.yaml:10: catalogue[7].efforts[0]: expected one of none, minimal, low, medium, high, xhigh, max; did you mean `high`?",
            "roundhouse.yaml:11: catalogue[8].shutdown: expected the day on which it is switched off (`2027-01-14`)",
        ]
    );
}
