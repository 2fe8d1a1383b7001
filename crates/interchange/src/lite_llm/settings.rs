//! `router_settings`, `litellm_settings` and `general_settings`.

use std::collections::BTreeMap;

use roundhouse_domain::Secret;
use serde_json::{Map, Value, json};

use super::group::Targets;
use super::read::Reading;
use crate::configuration::Credential;
use crate::fields::{Fields, number, text, whole};

/// What routes are made of beside who serves them.
#[derive(Default)]
pub(super) struct Routing {
    strategy: Option<&'static str>,
    fallbacks: BTreeMap<String, Vec<String>>,
    aliases: BTreeMap<String, String>,
}

/// Reads how requests are routed, and the gateway's settings.
pub(super) fn read(root: &Map<String, Value>, reading: &mut Reading) -> Routing {
    let mut routing = Routing::default();
    let mut gateway = Fields::default();
    for section in ["litellm_settings", "router_settings"] {
        let Some(settings) = root.get(section).and_then(Value::as_object) else { continue };
        for (name, value) in settings {
            setting(name, value, &format!("{section}.{name}"), &mut routing, &mut gateway, reading);
        }
    }
    reading.imported.configuration.document.set_section("gateway", gateway.0);
    general(root, reading);
    routing
}

fn setting(
    name: &str,
    value: &Value,
    place: &str,
    routing: &mut Routing,
    gateway: &mut Fields,
    reading: &mut Reading,
) {
    let seconds = || number(value).filter(|seconds| (0.001..=1e8).contains(seconds));
    match name {
        "routing_strategy" => match value.as_str().unwrap_or_default() {
            "simple-shuffle" => {}
            "least-busy" => routing.strategy = Some("least_busy"),
            "latency-based-routing" => routing.strategy = Some("lowest_latency"),
            _ => reading.notes.warn(place, "has no counterpart: targets are chosen by weight"),
        },
        "fallbacks" => fallbacks(value, routing),
        "model_group_alias" => aliases(value, routing),
        "timeout" | "request_timeout" => {
            if let Some(seconds) = seconds() {
                gateway.put_in("timeouts", "total", json!(seconds));
            }
        }
        "stream_timeout" => {
            if let Some(seconds) = seconds() {
                gateway.put_in("timeouts", "first_byte", json!(seconds));
            }
        }
        "num_retries" => gateway.put("max_attempts", whole(value).map(|n| n.saturating_add(1).clamp(1, 100))),
        "allowed_fails" => {
            if let Some(count) = whole(value).and_then(|count| u32::try_from(count).ok()) {
                gateway.put_in("breaker", "failures", count.max(1));
            }
        }
        "cooldown_time" => {
            if let Some(seconds) = seconds() {
                gateway.put_in("breaker", "open", json!(seconds));
            }
        }
        "drop_params" | "set_verbose" | "json_logs" | "telemetry" => {}
        "redis_host" | "redis_port" | "redis_password" | "redis_url" | "cache" | "cache_params" => {
            reading.notes.info(place, "is set up anew here: see the sections redis and cache");
        }
        _ => reading.notes.warn(place, "is left out: it has no counterpart, or must be set up anew"),
    }
}

/// A list of objects, each from a name to names.
fn fallbacks(value: &Value, routing: &mut Routing) {
    for (name, others) in value.as_array().into_iter().flatten().filter_map(Value::as_object).flatten() {
        let others = others.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        routing.fallbacks.entry(name.clone()).or_default().extend(others);
    }
}

fn aliases(value: &Value, routing: &mut Routing) {
    for (alias, target) in value.as_object().into_iter().flatten() {
        let target = target.as_str().or_else(|| target.get("model")?.as_str());
        if let Some(target) = target {
            routing.aliases.insert(alias.clone(), target.to_owned());
        }
    }
}

fn general(root: &Map<String, Value>, reading: &mut Reading) {
    let Some(settings) = root.get("general_settings").and_then(Value::as_object) else { return };
    if let Some(key) = reading.text(settings, "master_key", "general_settings") {
        let mut fields = Fields::named("litellm-master");
        fields.put("models", vec!["all"]);
        let access_key = "litellm-master".to_owned();
        reading.imported.configuration.credentials.push(Credential { access_key, secret: Secret::from(key) });
        reading.imported.configuration.document.push("access_keys", fields.0);
        let message = "may use all models here; who administers is a user with a login";
        reading.notes.info("general_settings.master_key", message);
    }
    if text(settings, "database_url").is_some() {
        let message =
            "virtual keys, teams and users are in that database, not in this file: make access keys for them";
        reading.notes.warn("general_settings.database_url", message);
    }
}

/// Writes the routes that differ from what weights alone would make.
pub(super) fn routes(mut targets: Targets, routing: &Routing, reading: &mut Reading) {
    for (alias, model) in &routing.aliases {
        match targets.get(model).cloned() {
            Some(of_model) => drop(targets.insert(alias.clone(), of_model)),
            None => reading.notes.skip(
                format!("router_settings.model_group_alias.{alias}"),
                format!("{model:?} is not in model_list; it is left out"),
            ),
        }
    }
    for (model, mut targets) in targets {
        let fallbacks = routing.fallbacks.get(&model).cloned().unwrap_or_default();
        let is_usual = targets.iter().all(|(order, .., weight)| *order == 0 && *weight == 1);
        let strategy = routing.strategy.filter(|_| targets.len() > 1);
        let is_alias = routing.aliases.contains_key(&model);
        if model.contains('*') || is_usual && fallbacks.is_empty() && strategy.is_none() && !is_alias {
            continue;
        }
        targets.sort_by_key(|(order, ..)| *order);
        let tiers = targets.chunk_by(|one, other| one.0 == other.0).map(|tier| {
            let target = |(_, provider, model, weight): &(u64, String, String, u64)| {
                json!({ "provider": provider, "model": model, "weight": weight.min(&1_000_000) })
            };
            Value::Array(tier.iter().map(target).collect())
        });
        let mut route = Fields::default();
        route.put("model", model);
        route.put("tiers", tiers.collect::<Vec<_>>());
        route.put("strategy", strategy);
        route.put("fallbacks", fallbacks);
        reading.imported.configuration.document.push("routes", route.0);
    }
}
