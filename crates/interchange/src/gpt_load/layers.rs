//! Three layers of groups that uni-load makes in a gpt-load, folded back into routes.
//!
//! It makes one group for each site, one named `{model}-via-{site}` for each model there, whose upstream is the site's group
//! (`{instance}/proxy/{site}`), and one set of groups for each model over these.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::raw::{Gateway, Group};

/// How a model is served by sites.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Folded {
    /// The group or set of groups that stood for it.
    pub(super) group: String,
    /// The model.
    pub(super) model: String,
    /// Sites with their names of the model and their weights.
    pub(super) sites: Vec<(String, String, u32)>,
    /// Credentials that worked for the group.
    pub(super) proxy_keys: Vec<String>,
}

/// Takes the upper two layers out of a gateway, and tells what they stood for.
pub(super) fn fold(gateway: &mut Gateway) -> Vec<Folded> {
    let sites: HashSet<&str> =
        gateway.groups.iter().filter(|group| !group.is_aggregate).map(|group| group.name.as_str()).collect();
    let channels: HashMap<u64, (String, String)> = gateway
        .groups
        .iter()
        .filter_map(|group| channel(group, &sites).map(|(site, model)| (group.id, (site, model))))
        .collect();
    if channels.is_empty() {
        return Vec::new();
    }
    let mut used = HashSet::new();
    let mut folded = Vec::new();
    let mut gone: HashSet<u64> = channels.keys().copied().collect();
    for group in gateway.groups.iter().filter(|group| group.is_aggregate) {
        let links: Vec<_> = gateway.links.iter().filter(|link| link.group_id == group.id).collect();
        if links.is_empty() || !links.iter().all(|link| channels.contains_key(&link.sub_group_id)) {
            continue;
        }
        let sites = links.iter().filter_map(|link| {
            let (site, model) = channels.get(&link.sub_group_id)?;
            Some((site.clone(), model.clone(), link.weight))
        });
        folded.push(folded_of(group, sites.collect()));
        used.extend(links.iter().map(|link| link.sub_group_id));
        gone.insert(group.id);
    }
    folded.extend(alone(gateway, &channels, &used));
    gateway.groups.retain(|group| !gone.contains(&group.id));
    gateway.links.retain(|link| !gone.contains(&link.group_id));
    gateway.keys.retain(|key| !gone.contains(&key.group_id));
    folded
}

/// Models of sites that are in no set, by model.
fn alone(gateway: &Gateway, channels: &HashMap<u64, (String, String)>, used: &HashSet<u64>) -> Vec<Folded> {
    let mut by_model: BTreeMap<&str, Folded> = BTreeMap::new();
    for group in gateway.groups.iter().filter(|group| !used.contains(&group.id)) {
        let Some((site, model)) = channels.get(&group.id) else { continue };
        let entry = by_model.entry(model).or_insert_with(|| folded_of(group, Vec::new()));
        entry.sites.push((site.clone(), model.clone(), 1));
    }
    by_model.into_values().collect()
}

fn folded_of(group: &Group, sites: Vec<(String, String, u32)>) -> Folded {
    let first = sites.first().map(|(_, model, _)| model.clone());
    let is_one = sites.iter().all(|(_, model, _)| Some(model) == first.as_ref());
    let of_name =
        || group.name.split_once("-via-").map_or(group.name.as_str(), |(model, _)| model).to_owned();
    let said = Some(group.test_model.clone()).filter(|model| !model.is_empty());
    let model = first.filter(|_| is_one).or(said).unwrap_or_else(of_name);
    Folded { group: group.name.clone(), model, sites, proxy_keys: group.proxy_keys.clone() }
}

/// The site and the model, of a group in the middle layer.
fn channel(group: &Group, sites: &HashSet<&str>) -> Option<(String, String)> {
    let (model, _) = group.name.split_once("-via-")?;
    if group.is_aggregate || group.upstreams.is_empty() {
        return None;
    }
    let site = site_of(&group.upstreams.first()?.0)?;
    let is_site = sites.contains(site) && site != group.name;
    if !is_site || group.upstreams.iter().any(|(url, _)| site_of(url) != Some(site)) {
        return None;
    }
    let model = if group.test_model.is_empty() { model } else { &group.test_model };
    Some((site.to_owned(), model.to_owned()))
}

/// The group that an address of another gpt-load leads to.
pub(crate) fn site_of(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("/proxy/")?;
    rest.split('/').next().filter(|site| !site.is_empty())
}
