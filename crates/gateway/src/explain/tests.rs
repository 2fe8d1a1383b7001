use roundhouse_domain::Secret;
use roundhouse_domain::spec::{BreakerSpec, Span};
use roundhouse_outbound::Tls;
use serde_json::{Value, json};

use super::*;
use crate::compile::{Compiler, Plan};
use crate::failure::{Sign, Verdict};
use crate::gateway::Pin;
use crate::hash::LookupHasher;
use crate::key::KeyPolicy;
use crate::limits::Usages;
use crate::selection::Selection;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);
const POLICY: KeyPolicy = KeyPolicy {
    threshold: 3,
    cumulative: false,
    quota: Duration::from_secs(100),
    rate_limit: Duration::from_secs(30),
    rate_limit_max: Duration::from_mins(30),
};

fn provider(name: &str, keys: &[&str], more: &Value) -> Value {
    let mut spec = json!({
        "name": name,
        "kind": "openai-compatible",
        "base_urls": [{ "url": format!("http://{name}.example/v1") }],
        "keys": keys,
        "models": ["m"],
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        spec[field] = value.clone();
    }
    spec
}

fn snapshot(providers: &Value, routes: &Value) -> Snapshot {
    let plan = Plan {
        providers: serde_json::from_value(providers.clone()).unwrap(),
        routes: serde_json::from_value(routes.clone()).unwrap(),
        ..Plan::default()
    };
    let (hasher, tls, previous) = (LookupHasher::new([7; 32]), Tls::default(), Snapshot::default());
    let usages = Usages::default();
    Compiler { hasher: &hasher, tls: &tls, usages: &usages, previous: &previous, now: NOW }
        .compile(&plan)
        .unwrap()
}

/// `provider: order standing` of each target.
fn told(snapshot: &Snapshot, model: &str, question: &Question) -> Vec<String> {
    let explanation = snapshot.explain(model, question, NOW).unwrap();
    let targets = explanation.routes.iter().flat_map(|route| &route.targets);
    let told = |target: &ExplainedTarget| {
        let order = target.order.map_or_else(|| "-".to_owned(), |order| order.to_string());
        format!("{}: {order} {}", target.provider, target.standing.code())
    };
    targets.map(told).collect()
}

fn reasons(snapshot: &Snapshot) -> Vec<String> {
    let question = Question { operation: Some(Operation::ChatCompletions), ..Question::default() };
    let explanation = snapshot.explain("m", &question, NOW).unwrap();
    explanation.routes.into_iter().flat_map(|route| route.targets).map(|target| target.reason).collect()
}

fn open_breaker(snapshot: &Snapshot, provider: &str) {
    let breaker = BreakerSpec { failures: 1, open: Span::secs(30) };
    let route = snapshot.route("m").unwrap();
    let target = route.targets().find(|(_, target)| &*target.provider.name == provider).unwrap().1;
    target.health.breaker.failed(&breaker, NOW);
}

fn caller(rule: &str) -> Arc<AccessKey> {
    Arc::new(AccessKey { rules: vec![ModelRule::parse(rule).unwrap()], ..anyone() })
}

#[test]
fn every_reason_is_named() {
    let providers = json!([
        provider("a-open", &["k"], &json!({})),
        provider("b-cooling", &["k1", "k2"], &json!({})),
        provider("c-invalid", &["k"], &json!({})),
        provider("d-other", &["k"], &json!({ "kind": "voyage" })),
        provider("e-good", &["k"], &json!({ "weight": 30 })),
        provider("f-good", &["k"], &json!({ "weight": 10 })),
        provider("g-off", &["k"], &json!({})),
        provider("h-lower", &["k"], &json!({})),
    ]);
    let target = |name: &str, weight: u32| json!({ "provider": name, "model": "m", "weight": weight });
    let first: Vec<_> =
        ["a-open", "b-cooling", "c-invalid", "d-other"].iter().map(|name| target(name, 1)).collect();
    let first: Vec<_> =
        first.into_iter().chain([target("e-good", 30), target("f-good", 10), target("g-off", 0)]).collect();
    let routes = json!([{ "model": "m", "tiers": [first, [target("h-lower", 1)]] }]);
    let snapshot = snapshot(&providers, &routes);
    open_breaker(&snapshot, "a-open");
    let cooling = &snapshot.providers["b-cooling"].keys;
    cooling.keys()[0].rate_limited(Some(Duration::from_secs(5)), &POLICY, NOW, None);
    cooling.keys()[1].refused(NOW, None);
    snapshot.providers["c-invalid"].keys.keys()[0].refused(NOW, None);
    let question = Question { operation: Some(Operation::ChatCompletions), ..Question::default() };
    assert_eq!(
        told(&snapshot, "m", &question),
        [
            "a-open: - breaker_open",
            "b-cooling: - keys_cooling",
            "c-invalid: - keys_invalid",
            "d-other: - not_served",
            "e-good: 1 chosen",
            "f-good: 2 not_its_turn",
            "g-off: - off",
            "h-lower: 3 lower_tier",
        ]
    );
    let forbidden = Question { caller: Some(caller("f-good/*")), ..question };
    let told = told(&snapshot, "m", &forbidden);
    assert_eq!((told[4].as_str(), told[5].as_str()), ("e-good: - forbidden", "f-good: 1 chosen"));
    let reasons = reasons(&snapshot);
    assert_eq!(reasons[0], "it failed 1 times in a row and is left alone until 2023-11-14T22:13:50Z");
    assert_eq!(reasons[1], "none of its keys can be used: 1 invalid, 1 resting until 2023-11-14T22:13:25Z");
    assert_eq!(reasons[4], "it would be asked first; it gets 75 % of the requests by its weight");
}

#[test]
fn looking_changes_nothing() {
    let providers = json!([provider("a", &["k"], &json!({})), provider("b", &["k"], &json!({}))]);
    for strategy in ["weighted", "round_robin", "least_busy", "lowest_latency", "ordered"] {
        let target = |name: &str| json!({ "provider": name, "model": "m" });
        let routes = json!([{ "model": "m", "strategy": strategy, "tiers": [[target("a"), target("b")]] }]);
        let snapshot = snapshot(&providers, &routes);
        let route = snapshot.route("m").unwrap();
        for _ in 0..5 {
            let before = told(&snapshot, "m", &Question::default());
            assert_eq!(before, told(&snapshot, "m", &Question::default()), "{strategy}");
            snapshot.simulate("m", &Question::default(), 10, NOW).unwrap();
            let foretold = before.iter().position(|line| line.contains(": 1 ")).unwrap();
            assert_eq!(route.tiers[0].choose(route.strategy, &[0, 1], None), Some(foretold), "{strategy}");
        }
    }
}

#[test]
fn a_simulation_follows_weights_and_leaves_out_who_cannot_be_asked() {
    let providers = json!(["a", "b", "c"].map(|name| provider(name, &["k"], &json!({}))));
    let target = |name: &str, weight: u32| json!({ "provider": name, "model": "m", "weight": weight });
    for (strategy, expected) in [
        ("weighted", [300, 100, 0]),
        ("round_robin", [200, 200, 0]),
        ("least_busy", [300, 100, 0]),
        ("ordered", [400, 0, 0]),
    ] {
        let tiers = [[target("a", 3), target("b", 1), target("c", 5)]];
        let routes = json!([{ "model": "m", "strategy": strategy, "tiers": tiers }]);
        let snapshot = snapshot(&providers, &routes);
        open_breaker(&snapshot, "c");
        let portions = snapshot.simulate("m", &Question::default(), 400, NOW).unwrap();
        assert_eq!(
            portions.iter().map(|portion| portion.requests).collect::<Vec<_>>(),
            expected,
            "{strategy}"
        );
    }
}

#[test]
fn fallbacks_come_after_the_route_itself() {
    let providers =
        json!([provider("a", &["k"], &json!({})), provider("b", &["k"], &json!({ "models": ["other"] })),]);
    let target = json!({ "provider": "a", "model": "m" });
    let routes = json!([{ "model": "m", "tiers": [[target]], "fallbacks": ["other", "unknown"] }]);
    let snapshot = snapshot(&providers, &routes);
    assert_eq!(told(&snapshot, "m", &Question::default()), ["a: 1 chosen", "b: 2 lower_tier"]);
    assert_eq!(reasons(&snapshot)[1], "it is asked when the route before has nobody left");
    assert!(snapshot.explain("unknown", &Question::default(), NOW).is_none());
}

/// What a call notes of its choices, letter by letter, while `verdicts` befall its attempts.
fn noted(snapshot: &Snapshot, pin: Option<&Pin>, verdicts: &[Verdict]) -> Vec<Vec<&'static str>> {
    let (caller, serves) = (anyone(), |_: &Target| true);
    let wish = Wish { caller: &caller, rule: Rule::Model("m"), serves: &serves, affinity: None, pin };
    let mut selection = Selection::new(snapshot.route("m").unwrap(), wish);
    let codes = |standings: &[Standing]| standings.iter().map(|standing| standing.code()).collect::<Vec<_>>();
    let mut noted = Vec::new();
    for verdict in verdicts {
        let Some(choice) = selection.next(NOW) else { break };
        noted.push(codes(&choice.round.standings));
        selection.failed(&choice, *verdict, Sign::Status(500));
    }
    noted.push(match selection.next(NOW) {
        Some(choice) => codes(&choice.round.standings),
        None => codes(&selection.last_round(NOW).standings),
    });
    noted
}

#[test]
fn a_call_notes_why_each_other_target_was_passed_over() {
    let providers = json!([
        provider("a", &["k"], &json!({})),
        provider("b", &["k"], &json!({})),
        provider("c", &["k"], &json!({ "tier": 1 })),
        provider("d", &["k"], &json!({ "tier": 2 })),
    ]);
    let snapshot = snapshot(&providers, &json!([]));
    let verdicts =
        [Verdict::RateLimited(None), Verdict::ModelMissing, Verdict::QuotaExhausted, Verdict::Forbidden];
    assert_eq!(
        noted(&snapshot, None, &verdicts),
        [
            ["chosen", "not_its_turn", "lower_tier", "lower_tier"],
            ["failed", "chosen", "lower_tier", "lower_tier"],
            ["keys_tried", "model_missing", "chosen", "lower_tier"],
            ["keys_tried", "model_missing", "keys_tried", "chosen"],
            ["keys_tried", "model_missing", "keys_tried", "keys_tried"],
        ]
    );
}

#[test]
fn a_call_notes_breakers_keys_and_stored_answers() {
    let providers = json!(["a", "b", "c"].map(|name| provider(name, &["k1", "k2"], &json!({}))));
    let snapshot = snapshot(&providers, &json!([]));
    open_breaker(&snapshot, "a");
    let pool = &snapshot.providers["b"].keys;
    pool.keys()[0].rate_limited(Some(Duration::from_secs(9)), &POLICY, NOW, None);
    pool.keys()[1].refused(NOW, None);
    // Whether `b` is met before `c` is a matter of turns; when it is, it is known to have no key.
    let seen: Vec<_> = (0..2).map(|_| noted(&snapshot, None, &[]).remove(0)).collect();
    assert!(seen.contains(&vec!["breaker_open", "keys_cooling", "chosen"]), "{seen:?}");
    let pin = Pin { provider: "c".into(), key: None, owner: "".into() };
    assert_eq!(noted(&snapshot, Some(&pin), &[])[0], ["elsewhere", "elsewhere", "chosen"]);
}

#[test]
fn a_call_notes_how_many_keys_there_were() {
    let providers = json!([provider("a", &["k1", "k2", "k3"], &json!({}))]);
    let snapshot = snapshot(&providers, &json!([]));
    let pool = &snapshot.providers["a"].keys;
    pool.keys()[0].rate_limited(Some(Duration::from_secs(9)), &POLICY, NOW, None);
    pool.keys()[1].refused(NOW, None);
    let (caller, serves) = (anyone(), |_: &Target| true);
    let wish = Wish { caller: &caller, rule: Rule::Model("m"), serves: &serves, affinity: None, pin: None };
    let choice = Selection::new(snapshot.route("m").unwrap(), wish).next(NOW).unwrap();
    let keys = choice.round.keys;
    assert_eq!((keys.usable, keys.cooling, keys.aside), (1, 1, 1));
    assert_eq!(choice.key.unwrap().secret(), &Secret::from("k3"));
}
