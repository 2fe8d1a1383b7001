//! What a server is started with.

use std::path::Path;

use serde_json::{Value, json};

use super::{EMAIL, House, KEY, PASSWORD};

/// A configuration and an environment. The file is JSON, which is YAML too.
#[derive(Clone, Debug)]
pub struct Setup {
    pub(super) config: Option<Value>,
    pub(super) environment: Vec<(String, String)>,
    pub(super) arguments: Vec<String>,
    pub(super) limits: Option<String>,
}

impl Setup {
    /// The given settings over those of tests: one access key [`KEY`], JSON lines in the log, records written at once, no checks
    /// of providers, which take keys out of their turn.
    pub fn new(config: &Value) -> Self {
        let mut whole = json!({
            "log": { "format": "json" },
            "requests": { "flush_interval": "20ms" },
            "health": { "interval": 0 },
            "access_keys": [{ "name": "test", "key": KEY }],
        });
        merge(&mut whole, config);
        Self { config: Some(whole), ..Self::without_file() }
    }

    /// No file at all.
    pub fn without_file() -> Self {
        let administrator = [("ROUNDHOUSE_ADMIN_EMAIL", EMAIL), ("ROUNDHOUSE_ADMIN_PASSWORD", PASSWORD)];
        let environment = administrator.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { config: None, environment, arguments: Vec::new(), limits: None }
    }

    /// With an environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.retain(|(known, _)| known != name);
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// With one more argument behind `serve`.
    #[must_use]
    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_owned());
        self
    }

    /// Started by a shell that first runs `command`, such as `ulimit -n 64`.
    #[must_use]
    pub fn under(mut self, command: &str) -> Self {
        self.limits = Some(command.to_owned());
        self
    }

    /// Starts the server and waits until it is ready.
    pub async fn start(self) -> House {
        House::open(self).await
    }

    pub(super) fn write(&self, folder: &Path) {
        if let Some(config) = &self.config {
            write_config(folder, &format!("{config:#}"));
        }
    }
}

/// Replaces the configuration file as editors do: at once, whole or not at all.
pub(super) fn write_config(folder: &Path, text: &str) {
    let fresh = folder.join(".roundhouse.yaml.new");
    std::fs::write(&fresh, text).expect("the folder can be written");
    std::fs::rename(fresh, folder.join("roundhouse.yaml")).expect("the folder can be written");
}

/// Lays `over` over `under`: objects are merged, everything else is replaced.
pub fn merge(under: &mut Value, over: &Value) {
    match (under, over) {
        (Value::Object(under), Value::Object(over)) => {
            for (name, value) in over {
                merge(under.entry(name).or_insert(Value::Null), value);
            }
        }
        (under, over) => *under = over.clone(),
    }
}

/// A provider as a configuration declares it, with the address of its kind's paths below `url`.
pub fn provider(name: &str, kind: &str, url: &str, keys: &[&str], models: &[&str]) -> Value {
    let base_url = if kind.starts_with("openai") { format!("{url}/v1") } else { url.to_owned() };
    json!({ "name": name, "kind": kind, "base_url": base_url, "keys": keys, "models": models })
}

/// An explicit route with one tier of targets, all with the upstream model of the same name.
pub fn route(model: &str, strategy: &str, targets: &[(&str, u32)]) -> Value {
    let targets =
        targets.iter().map(|(name, weight)| json!({ "provider": name, "model": model, "weight": weight }));
    json!({ "model": model, "strategy": strategy, "tiers": [targets.collect::<Vec<_>>()] })
}
