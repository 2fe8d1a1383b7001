//! Deployments as providers and routes.

use std::collections::{BTreeMap, BTreeSet};

use roundhouse_domain::Secret;
use serde_json::{Map, Value, json};

use super::deployment::{Deployment, Endpoint};
use super::read::Reading;
use crate::configuration::ProviderKey;
use crate::fields::Fields;
use crate::names::Names;

/// A model at an endpoint, with the keys that call it.
struct Offer<'d> {
    deployment: &'d Deployment,
    keys: BTreeSet<&'d str>,
}

/// Who serves a public name: tier, provider, upstream name, weight.
pub(super) type Targets = BTreeMap<String, Vec<(u64, String, String, u64)>>;

/// Makes providers of deployments that share an endpoint and its keys; tells who serves which name.
pub(super) fn providers(deployments: &[Deployment], reading: &mut Reading) -> Targets {
    let mut offers: BTreeMap<(&Endpoint, &str, &str), Offer<'_>> = BTreeMap::new();
    for deployment in deployments {
        let at = (&deployment.endpoint, deployment.public.as_str(), deployment.model.as_str());
        let offer = offers.entry(at).or_insert_with(|| Offer { deployment, keys: BTreeSet::new() });
        offer.keys.extend(deployment.keys.iter().map(String::as_str));
    }
    // In the order of the file, not of the text.
    let mut groups: Vec<(&Endpoint, BTreeSet<&str>, Vec<Offer<'_>>)> = Vec::new();
    let mut in_order: Vec<Offer<'_>> = offers.into_values().collect();
    in_order.sort_by_key(|offer| deployments.iter().position(|other| std::ptr::eq(other, offer.deployment)));
    for offer in in_order {
        let same = |(endpoint, keys, _): &&mut (&Endpoint, BTreeSet<&str>, Vec<Offer<'_>>)| {
            *endpoint == &offer.deployment.endpoint && *keys == offer.keys
        };
        match groups.iter_mut().find(same) {
            Some((.., offers)) => offers.push(offer),
            None => groups.push((&offer.deployment.endpoint, offer.keys.clone(), vec![offer])),
        }
    }
    let mut names = Names::default();
    let mut targets = Targets::new();
    for (endpoint, keys, offers) in groups {
        let name = names.take(&endpoint.label);
        provider(&name, endpoint, &offers, reading);
        let keys = keys.into_iter().map(|key| ProviderKey::active(Secret::from(key)));
        reading.imported.configuration.add_keys(&name, keys);
        for offer in &offers {
            let Deployment { public, model, order, weight, .. } = offer.deployment;
            let target = (order.unwrap_or_default(), name.clone(), model.clone(), weight.unwrap_or(1));
            targets.entry(public.clone()).or_default().push(target);
        }
    }
    targets
}

fn provider(name: &str, endpoint: &Endpoint, offers: &[Offer<'_>], reading: &mut Reading) {
    let mut fields = Fields::named(name);
    let shared: Map<String, Value> = serde_json::from_str(&endpoint.fields).unwrap_or_default();
    fields.0.extend(shared);
    let open = offers.iter().find(|offer| offer.deployment.model.contains('*'));
    if let Some(open) = open {
        let message =
            "offers all that its provider has, under the provider's names: callers leave a prefix out";
        reading.notes.warn(format!("{}.model_name", open.deployment.place), message);
    } else {
        fields.put("models", offers.iter().map(|offer| model(offer.deployment)).collect::<Vec<_>>());
    }
    reading.imported.configuration.document.push("providers", fields.0);
    for offer in offers.iter().filter(|offer| !offer.deployment.facts.is_empty()) {
        let mut facts = Fields::default();
        facts.put("match", offer.deployment.model.as_str());
        facts.put("provider", name);
        facts.0.extend(offer.deployment.facts.clone());
        reading.imported.configuration.document.push("catalogue", facts.0);
    }
}

fn model(deployment: &Deployment) -> Value {
    let Deployment { public, model, details, .. } = deployment;
    if public == model && details.is_empty() {
        return json!(model);
    }
    let mut fields = Fields::named(model);
    if public != model {
        fields.put("as", public.as_str());
    }
    fields.0.extend(details.clone());
    Value::Object(fields.0)
}
