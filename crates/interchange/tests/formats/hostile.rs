//! Bytes that are no file of any format.

use proptest::prelude::*;
use roundhouse_interchange::{Variables, keys_txt, lite_llm, uni_api};

const SAMPLES: [&str; 2] = [
    "providers:\n  - provider: a\n    base_url: https://a.example/v1/chat/completions\n    api: [sk-1, '${X}']\n    model: [m, {n: o}]\n    preferences: {model_timeout: {default: 3}, post_body_parameter_overrides: {__remove__: [x]}}\napi_keys:\n  - api: sk-2\n    model: [a/*, {b/m: 2}]\n    preferences: {rate_limit: 5/min, credits: 1}\npreferences: {model_price: {m: '1,2'}}\n",
    "model_list:\n  - model_name: m\n    litellm_params: {model: openai/m, api_key: os.environ/X, weight: 2, order: 1}\nrouter_settings: {fallbacks: [{m: [n]}], model_group_alias: {a: m}}\nlitellm_settings: {num_retries: 3}\ngeneral_settings: {master_key: sk-1}\n",
];

fn read_all(bytes: &[u8]) {
    let variables = Variables::default();
    // Whatever they answer: they must answer.
    let _ = uni_api::read(bytes, &variables).map(|imported| format!("{imported:?}"));
    let _ = lite_llm::read(bytes, &variables).map(|imported| format!("{imported:?}"));
    let _ = keys_txt::read(bytes, "openai").map(|imported| format!("{imported:?}"));
}

#[test]
fn files_cut_anywhere_are_read_or_refused() {
    for sample in SAMPLES {
        for end in 0..sample.len() {
            read_all(&sample.as_bytes()[..end]);
        }
    }
}

#[test]
fn what_is_hostile_is_refused_with_a_reason() {
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let bomb = format!(
        "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n{}",
        (1..12).fold(String::new(), |text, at| format!(
            "{text}a{at}: &a{at} [{}]\n",
            vec![format!("*a{}", at - 1); 10].join(",")
        ))
    );
    let variables = Variables::default();
    for (text, why) in [
        (deep.as_str(), "not valid JSON"),
        (bomb.as_str(), "repeat more than"),
        ("{\"providers\": [], \"providers\": []}", "given twice"),
        ("providers: []\nproviders: []\n", "given twice"),
        ("providers: {}\n", "must be a list"),
        ("just text", "at the top"),
        ("a: 1\n", "neither"),
        ("providers: [\n", "not valid YAML"),
    ] {
        let error = uni_api::read(text.as_bytes(), &variables).unwrap_err();
        assert!(error.to_string().contains(why), "{why}: {error}");
    }
    let error = uni_api::read(&[0xff, 0xfe, 0x00], &variables).unwrap_err();
    assert_eq!(error.code(), "import_unreadable");
    let error = uni_api::read(&vec![b' '; (64 << 20) + 1], &variables).unwrap_err();
    assert_eq!(error.code(), "import_too_large");
}

proptest! {
    #[test]
    fn random_bytes_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_all(&bytes);
    }

    #[test]
    fn changed_files_do_no_harm(sample in 0..SAMPLES.len(), at in 0..500_usize, byte in any::<u8>()) {
        let mut bytes = SAMPLES[sample].as_bytes().to_vec();
        let at = at % bytes.len();
        bytes[at] = byte;
        read_all(&bytes);
    }

    #[test]
    fn values_of_any_kind_do_no_harm(field in 0..40_usize, value in "(null|true|-1|1e99|''|\\[\\]|\\{\\}|\\[\\[1\\]\\]|\\{a: \\{b: c\\}\\}|中文)") {
        for sample in SAMPLES {
            // Each value of the sample in turn is replaced.
            let mut marks = sample.match_indices(": ").map(|(at, _)| at + 2);
            let Some(at) = marks.nth(field) else { continue };
            let end = sample[at..].find(['\n', ',', '}']).map_or(sample.len(), |end| at + end);
            read_all(format!("{}{value}{}", &sample[..at], &sample[end..]).as_bytes());
        }
    }
}
