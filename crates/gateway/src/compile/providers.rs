//! Compiling providers.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::{Dialects, ProviderKind, ProviderSpec, Span};

use super::{Compiler, Plan, keys};
use crate::auth::Auth;
use crate::endpoint::{Endpoint, Endpoints};
use crate::headers::HeaderRules;
use crate::key::KeyPolicy;
use crate::provider::{Probes, Provider};
use crate::timeouts::Timeouts;
use crate::upstream::{self, Client};

impl Compiler<'_> {
    pub(super) fn provider(&self, spec: &ProviderSpec, plan: &Plan) -> Result<Provider, String> {
        let kind = spec.kind.ok_or("its kind is missing")?;
        let gateway = &plan.settings;
        let timeouts = Timeouts::resolve(&[&spec.timeouts, &gateway.timeouts]);
        let forward = spec.forward_headers.as_deref();
        let endpoints = endpoints(spec, kind)?;
        let way = self.way(spec, kind, &endpoints, timeouts.connect);
        let is_demo = kind == ProviderKind::Demo;
        let proxies = if is_demo { HashMap::new() } else { self.proxies(&way, keys::proxies(spec, plan))? };
        let client = if is_demo { None } else { Some(self.client(&way, spec.proxy.as_ref())?) };
        let keys = self.keys(spec, plan, &proxies);
        let known = self.previous.providers.get(&spec.name.shared()).map(|provider| &provider.auth);
        let logins = keys.keys().iter().map(|key| &**key);
        Ok(Provider {
            name: spec.name.shared(),
            kind,
            client,
            proxies,
            endpoints,
            capture: spec.capture,
            auth: Auth::new(kind, spec.region.clone(), logins, known),
            keyless: keys.is_empty() && spec.keys_file.is_none(),
            keys,
            key_policy: KeyPolicy::resolve(
                (&spec.failures, &spec.cooldowns),
                (&gateway.failures, &gateway.cooldowns),
            ),
            headers: HeaderRules::compile(&spec.headers, &spec.remove_headers, forward)
                .map_err(|error| error.to_string())?,
            body: Arc::new(spec.body.clone()),
            timeouts,
            api_version: spec.api_version.clone(),
            dialects: spec.dialects.as_deref().map_or(kind.dialects(), Dialects::of),
            project: spec.project.clone(),
            location: spec.location.clone(),
            probes: probes(spec, plan),
            serves_unlisted: spec.models.is_none(),
            tier: spec.tier,
            weight: spec.weight,
            proxy: spec.proxy.clone(),
            set_aside: self
                .previous
                .providers
                .get(&spec.name.shared())
                .map(|known| known.set_aside.clone())
                .unwrap_or_default(),
        })
    }

    /// The provider's connections: those it has, unless the way to it changed.
    fn client(&self, way: &Way<'_>, proxy: Option<&Secret>) -> Result<Client, String> {
        if let Some(known) = way.known.filter(|known| known.proxy.as_ref() == proxy)
            && let Some(client) = &known.client
        {
            return Ok(client.clone());
        }
        self.connect(way, proxy)
    }

    /// Connections through the proxies that single keys have: those there are, unless the way to the provider changed.
    fn proxies<'k>(
        &self,
        way: &Way<'_>,
        proxies: impl Iterator<Item = &'k Secret>,
    ) -> Result<HashMap<Secret, Client>, String> {
        let mut clients = HashMap::new();
        for proxy in proxies {
            if clients.contains_key(proxy) {
                continue;
            }
            let known = way.known.and_then(|known| known.proxies.get(proxy)).cloned();
            let client = known.map_or_else(|| self.connect(way, Some(proxy)), Ok)?;
            clients.insert(proxy.clone(), client);
        }
        Ok(clients)
    }

    fn connect(&self, way: &Way<'_>, proxy: Option<&Secret>) -> Result<Client, String> {
        let tls = way.tls.then_some(self.tls);
        upstream::client(tls, proxy, way.connect_timeout).map_err(|error| error.to_string())
    }

    /// The way to a provider, with the provider of before where it is the same.
    fn way(
        &self,
        spec: &ProviderSpec,
        kind: ProviderKind,
        endpoints: &Endpoints,
        connect_timeout: Duration,
    ) -> Way<'_> {
        let tls = needs_tls(kind, endpoints);
        let known = self.previous.providers.get(&spec.name.shared()).filter(|known| {
            known.timeouts.connect == connect_timeout && needs_tls(known.kind, &known.endpoints) == tls
        });
        Way { tls, connect_timeout, known: known.map(|known| &**known) }
    }
}

/// How a provider is connected to, whatever the proxy.
struct Way<'a> {
    tls: bool,
    connect_timeout: Duration,
    known: Option<&'a Provider>,
}

/// Tokens of Vertex's service accounts come from elsewhere, always over TLS.
fn needs_tls(kind: ProviderKind, endpoints: &Endpoints) -> bool {
    kind == ProviderKind::Vertex || endpoints.need_tls()
}

fn endpoints(spec: &ProviderSpec, kind: ProviderKind) -> Result<Endpoints, String> {
    if kind == ProviderKind::Demo {
        return Ok(Endpoints::new(Endpoint::parse("http://demo.invalid/v1", 1).into_iter().collect()));
    }
    let single = spec.base_url.iter().map(|url| (url.as_str(), 1));
    let all = single.chain(spec.base_urls.iter().map(|base| (base.url.as_str(), base.weight)));
    let read = |(url, weight)| {
        Endpoint::parse(url, weight).ok_or_else(|| "its base URL is not an http address".to_owned())
    };
    let endpoints = Endpoints::new(all.map(read).collect::<Result<_, _>>()?);
    if endpoints.in_use() == 0 {
        return Err("it has no base URL with a weight above 0".to_owned());
    }
    Ok(endpoints)
}

fn probes(spec: &ProviderSpec, plan: &Plan) -> Probes {
    let (own, gateway) = (&spec.probes, &plan.settings.probes);
    let span = |own: Option<Span>, gateway: Option<Span>, default| {
        own.or(gateway).map_or(Duration::from_secs(default), |span| span.0)
    };
    Probes {
        interval: span(own.interval, gateway.interval, 3_600),
        concurrency: own.concurrency.or(gateway.concurrency).unwrap_or(10) as usize,
        timeout: span(own.timeout, gateway.timeout, 20),
        model: own.model.clone().or_else(|| gateway.model.clone()),
    }
}
