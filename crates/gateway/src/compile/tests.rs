use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::spec::{ProviderSpec, RouteSpec, Strategy};
use roundhouse_domain::{KeyStateRecord, KeyStatus, Secret, Timestamp};
use roundhouse_outbound::Tls;
use serde_json::{Value, json};

use super::{CompileError, Compiler, Plan};
use crate::hash::LookupHasher;
use crate::limits::Usages;
use crate::snapshot::Snapshot;

const NOW: Timestamp = Timestamp::from_millis(1_700_000_000_000);

fn provider(name: &str, more: &Value) -> ProviderSpec {
    let mut spec = json!({
        "name": name,
        "kind": "openai-compatible",
        "base_urls": [{ "url": format!("http://{name}.example/v1") }],
        "keys": [format!("key-of-{name}")],
        "models": ["m"],
    });
    for (field, value) in more.as_object().into_iter().flatten() {
        spec[field] = value.clone();
    }
    serde_json::from_value(spec).unwrap()
}

fn route(spec: Value) -> RouteSpec {
    serde_json::from_value(spec).unwrap()
}

fn hasher() -> LookupHasher {
    LookupHasher::new([7; 32])
}

fn compile(plan: &Plan, previous: &Snapshot) -> Result<Snapshot, CompileError> {
    let (hasher, tls) = (hasher(), Tls::default());
    let usages = Usages::default();
    Compiler { hasher: &hasher, tls: &tls, previous, usages: &usages, now: NOW }.compile(plan)
}

fn snapshot(plan: &Plan) -> Snapshot {
    compile(plan, &Snapshot::default()).unwrap()
}

fn tiers(snapshot: &Snapshot, model: &str) -> Vec<Vec<String>> {
    let shown = |target: &Arc<crate::target::Target>| format!("{}/{}", target.provider.name, target.model);
    let route = snapshot.route(model).unwrap();
    route.tiers.iter().map(|tier| tier.targets.iter().map(shown).collect()).collect()
}

fn shares(snapshot: &Snapshot, model: &str, picks: usize, affinity: Option<u64>) -> HashMap<String, usize> {
    let route = snapshot.route(model).unwrap();
    let tier = &route.tiers[0];
    let eligible: Vec<_> = (0..tier.targets.len()).collect();
    let mut shares = HashMap::new();
    for _ in 0..picks {
        let place = tier.choose(route.strategy, &eligible, affinity).unwrap();
        *shares.entry(tier.targets[place].provider.name.to_string()).or_default() += 1;
    }
    shares
}

#[test]
fn a_public_name_is_served_by_all_who_offer_it_lower_tiers_first() {
    let renamed = json!({ "models": [{ "name": "m-2026", "as": "m" }], "tier": 1 });
    let plan = Plan {
        providers: vec![
            provider("a", &json!({})),
            provider("b", &renamed),
            provider("off", &json!({ "enabled": false })),
            provider("unweighted", &json!({ "weight": 0 })),
        ],
        ..Plan::default()
    };
    assert_eq!(tiers(&snapshot(&plan), "m"), [["a/m"], ["b/m-2026"]]);
}

#[test]
fn an_explicit_route_replaces_the_implicit_one() {
    let explicit =
        json!({ "model": "m", "strategy": "ordered", "tiers": [[{ "provider": "b", "model": "other" }]] });
    let plan = Plan {
        providers: vec![provider("a", &json!({})), provider("b", &json!({}))],
        routes: vec![route(explicit)],
        ..Plan::default()
    };
    let snapshot = snapshot(&plan);
    assert_eq!(tiers(&snapshot, "m"), [["b/other"]]);
    assert_eq!(snapshot.route("m").unwrap().strategy, Strategy::Ordered);
}

#[test]
fn a_provider_whose_models_are_unknown_is_asked_for_names_that_nobody_lists() {
    let open = json!({ "models": null });
    let plan =
        Plan { providers: vec![provider("a", &json!({})), provider("open", &open)], ..Plan::default() };
    let snapshot = snapshot(&plan);
    assert_eq!(tiers(&snapshot, "m"), [["a/m"]]);
    assert_eq!(tiers(&snapshot, "never-heard-of"), [["open/"]]);
}

#[test]
fn weights_share_exactly_and_round_robin_ignores_them() {
    let providers = vec![provider("a", &json!({ "weight": 3 })), provider("b", &json!({ "weight": 1 }))];
    let weighted = snapshot(&Plan { providers: providers.clone(), ..Plan::default() });
    assert_eq!(shares(&weighted, "m", 100, None), HashMap::from([("a".into(), 75), ("b".into(), 25)]));
    let targets =
        json!([[{ "provider": "a", "model": "m", "weight": 3 }, { "provider": "b", "model": "m" }]]);
    let spec = route(json!({ "model": "m", "strategy": "round_robin", "tiers": targets }));
    let in_turn = snapshot(&Plan { providers, routes: vec![spec], ..Plan::default() });
    assert_eq!(shares(&in_turn, "m", 100, None), HashMap::from([("a".into(), 50), ("b".into(), 50)]));
}

#[test]
fn the_least_busy_and_the_fastest_are_preferred() {
    let plan = |strategy: &str| {
        let targets = json!([[{ "provider": "a", "model": "m" }, { "provider": "b", "model": "m" }]]);
        Plan {
            providers: vec![provider("a", &json!({})), provider("b", &json!({}))],
            routes: vec![route(json!({ "model": "m", "strategy": strategy, "tiers": targets }))],
            ..Plan::default()
        }
    };
    let busy = snapshot(&plan("least_busy"));
    let health = |snapshot: &Snapshot, place: usize| {
        snapshot.route("m").unwrap().tiers[0].targets[place].health.clone()
    };
    health(&busy, 0).in_flight.fetch_add(5, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(shares(&busy, "m", 10, None), HashMap::from([("b".into(), 10)]));
    let slow = snapshot(&plan("lowest_latency"));
    health(&slow, 0).observe_latency(Duration::from_millis(900));
    health(&slow, 1).observe_latency(Duration::from_millis(30));
    assert!(shares(&slow, "m", 100, None)["b"] >= 90, "but for the few that measure the other one again");
}

#[test]
fn affinity_prefers_one_target_and_spreads_by_weight() {
    let plan = Plan {
        providers: vec![provider("a", &json!({ "weight": 30 })), provider("b", &json!({ "weight": 10 }))],
        ..Plan::default()
    };
    let snapshot = snapshot(&plan);
    let mut of_a = 0;
    for affinity in 0..1_000 {
        let shares = shares(&snapshot, "m", 3, Some(affinity));
        assert_eq!(shares.len(), 1, "the same number leads to the same target");
        of_a += usize::from(shares.contains_key("a"));
    }
    assert!((680..820).contains(&of_a), "{of_a} of 1000");
}

#[test]
fn key_states_outlive_snapshots_and_restarts() {
    let plan = Plan { providers: vec![provider("a", &json!({}))], ..Plan::default() };
    let first = snapshot(&plan);
    first.providers["a"].keys.keys()[0].refused(NOW, None);
    let second = compile(&plan, &first).unwrap();
    assert!(second.providers["a"].keys.pick(NOW, &[], None).is_none());

    let hash = hasher().provider_key("a", &Secret::from("key-of-a"));
    let kept = KeyStateRecord {
        provider: "a".into(),
        key_hash: hash,
        status: KeyStatus::Cooling,
        cooling_until: Some(NOW.plus(Duration::from_mins(1))),
        failures: 0,
        rate_limits: 1,
        last_error: None,
        changed_at: NOW,
    };
    let key_states = HashMap::from([(("a".into(), hash), kept)]);
    let restarted = snapshot(&Plan { key_states, ..plan });
    assert!(restarted.providers["a"].keys.pick(NOW, &[], None).is_none());
    assert!(restarted.providers["a"].keys.pick(NOW.plus(Duration::from_secs(61)), &[], None).is_some());
}

#[test]
fn the_same_credential_at_two_providers_is_two_keys() {
    let shared = json!({ "keys": ["sk-local"] });
    let plan = Plan { providers: vec![provider("a", &shared), provider("b", &shared)], ..Plan::default() };
    let snapshot = snapshot(&plan);
    let hash = |name: &str| snapshot.providers[name].keys.keys()[0].hash();
    assert_ne!(hash("a"), hash("b"));
}

#[test]
fn every_problem_is_told_with_its_place() {
    let plan = Plan {
        providers: vec![
            provider("a", &json!({ "headers": { "bad header": "x" } })),
            provider("b", &json!({ "proxy": "nonsense" })),
        ],
        ..Plan::default()
    };
    let problems = compile(&plan, &Snapshot::default()).unwrap_err().0;
    assert_eq!(
        problems,
        [
            r#"provider a: "bad header" is not a header name"#,
            "provider b: the proxy must be http://, https:// or socks5:// with host and port",
        ]
    );
}
