//! uni-load: a file that lists gpt-load instances, whose groups it made.
//!
//! Each instance is read through its interface, and the layers of groups that stand for sites and models become routes.

use roundhouse_domain::Secret;
use roundhouse_outbound::Outbound;
use serde_json::{Map, Value};

use crate::configuration::Imported;
use crate::error::ReadError;
use crate::fields::text as field;
use crate::gpt_load::{self, Gateway};
use crate::remote::Remote;
use crate::text;

/// Instances of one file at the most.
const MAX_INSTANCES: usize = 100;
/// Numbers of groups are told apart by their instance.
const IDS_APART: u64 = 1 << 40;

/// Reads the instances of a file, the preferred ones first.
pub async fn read(bytes: &[u8], outbound: &Outbound) -> Result<Imported, ReadError> {
    let Value::Array(items) = text::value(bytes)? else {
        return Err(ReadError::shape("instances", "must be a list of gpt-load instances"));
    };
    if items.len() > MAX_INSTANCES {
        return Err(ReadError::shape("instances", "there are too many"));
    }
    let mut instances: Vec<&Map<String, Value>> = items.iter().filter_map(Value::as_object).collect();
    if instances.is_empty() {
        return Err(ReadError::shape("instances", "there is none"));
    }
    instances.sort_by_key(|instance| instance.get("priority").and_then(Value::as_i64).unwrap_or_default());
    let mut all = Gateway::default();
    for (index, instance) in (0..).zip(instances) {
        let place = format!(
            "instances[{}]",
            field(instance, "id").or_else(|| field(instance, "name")).unwrap_or_default()
        );
        let missing = |name: &str| ReadError::shape(format!("{place}.{name}"), "is missing");
        let url = field(instance, "url").ok_or_else(|| missing("url"))?;
        let token = field(instance, "token").ok_or_else(|| missing("token"))?;
        let remote = Remote::new(outbound.clone(), url, Secret::from(token))?;
        let gateway = gpt_load::read_live(&remote)
            .await
            .map_err(|error| ReadError::Remote(format!("{place}: {error}")))?;
        join(&mut all, gateway, index * IDS_APART);
    }
    Ok(gpt_load::read(all))
}

fn join(all: &mut Gateway, mut gateway: Gateway, offset: u64) {
    gateway.groups.iter_mut().for_each(|group| group.id += offset);
    gateway.keys.iter_mut().for_each(|key| key.group_id += offset);
    for link in &mut gateway.links {
        link.group_id += offset;
        link.sub_group_id += offset;
    }
    all.groups.append(&mut gateway.groups);
    all.keys.append(&mut gateway.keys);
    all.links.append(&mut gateway.links);
    for (name, value) in gateway.settings {
        match all.settings.get_mut(&name) {
            // Keys of clients of each instance go on working.
            Some(known) if name == "proxy_keys" => *known = format!("{known},{value}"),
            Some(_) => {}
            None => drop(all.settings.insert(name, value)),
        }
    }
}
