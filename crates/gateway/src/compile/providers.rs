//! Compiling providers.

use std::sync::Arc;
use std::time::Duration;

use roundhouse_domain::spec::{Dialects, ProviderKind, ProviderSpec, Span};

use super::{Compiler, Plan};
use crate::auth::Auth;
use crate::endpoint::{Endpoint, Endpoints};
use crate::headers::HeaderRules;
use crate::key::{KeyPolicy, KeyState, ProviderKey};
use crate::key_pool::KeyPool;
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
        let keys = self.keys(spec, plan);
        let known = self.previous.providers.get(&spec.name.shared()).map(|provider| &provider.auth);
        let logins = keys.keys().iter().map(|key| &**key);
        Ok(Provider {
            name: spec.name.shared(),
            kind,
            client: self.client(spec, kind, &endpoints, timeouts.connect)?,
            endpoints,
            auth: Auth::new(kind, spec.region.clone(), logins, known),
            keys,
            keyless: spec.keys.is_empty() && spec.keys_file.is_none(),
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
        })
    }

    /// The provider's keys: those that are known go on with their state, others take up the one that was kept.
    fn keys(&self, spec: &ProviderSpec, plan: &Plan) -> Arc<KeyPool> {
        let name = spec.name.shared();
        let known = self.previous.providers.get(&name).map(|provider| &provider.keys);
        let keys = spec.keys.iter().map(|secret| {
            let hash = self.hasher.provider_key(&name, secret);
            if let Some(key) = known.and_then(|pool| pool.find(hash)) {
                return key.clone();
            }
            let kept = plan.key_states.get(&(name.clone(), hash)).map(KeyState::from);
            Arc::new(ProviderKey::new(secret.clone(), hash, kept.unwrap_or_default()))
        });
        Arc::new(KeyPool::new(keys.collect()))
    }

    /// The provider's connections: those it has, unless the way to it changed.
    fn client(
        &self,
        spec: &ProviderSpec,
        kind: ProviderKind,
        endpoints: &Endpoints,
        connect: Duration,
    ) -> Result<Option<Client>, String> {
        if kind == ProviderKind::Demo {
            return Ok(None);
        }
        if let Some(known) = self.previous.providers.get(&spec.name.shared())
            && known.proxy == spec.proxy
            && known.timeouts.connect == connect
            && needs_tls(known.kind, &known.endpoints) == needs_tls(kind, endpoints)
            && known.client.is_some()
        {
            return Ok(known.client.clone());
        }
        let tls = needs_tls(kind, endpoints).then_some(self.tls);
        upstream::client(tls, spec.proxy.as_ref(), connect).map(Some).map_err(|error| error.to_string())
    }
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
