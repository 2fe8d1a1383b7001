//! A provider as the data plane sees it.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use roundhouse_domain::Secret;
use roundhouse_domain::spec::{BodyRules, CaptureSpec, Dialects, ProviderKind};
use roundhouse_llm::catalogue::Seller;
use roundhouse_llm::target::Api;

use crate::auth::Auth;
use crate::endpoint::Endpoints;
use crate::headers::HeaderRules;
use crate::key::{KeyPolicy, ProviderKey};
use crate::key_pool::KeyPool;
use crate::timeouts::Timeouts;
use crate::upstream::Client;

/// An upstream that serves models.
pub struct Provider {
    /// Its name.
    pub name: Arc<str>,
    /// Which API it speaks.
    pub kind: ProviderKind,
    /// Where it is.
    pub endpoints: Endpoints,
    /// Which bodies of requests that it answers are kept.
    pub capture: CaptureSpec,
    /// Its keys.
    pub keys: Arc<KeyPool>,
    /// Whether it is called without a key, since none was declared.
    pub keyless: bool,
    /// What failures do to its keys.
    pub key_policy: KeyPolicy,
    /// Its connections; none for the demo.
    pub client: Option<Client>,
    /// Connections through the proxies of single keys, by proxy.
    pub(crate) proxies: HashMap<Secret, Client>,
    /// What happens to headers.
    pub headers: HeaderRules,
    /// What happens to bodies.
    pub body: Arc<BodyRules>,
    /// Time limits, where a model has no say.
    pub timeouts: Timeouts,
    /// Azure's `api-version`.
    pub api_version: Option<String>,
    /// The languages of clients that it speaks itself.
    pub dialects: Dialects,
    /// Vertex's project, where the operator named one.
    pub project: Option<String>,
    /// Vertex's location.
    pub location: Option<String>,
    /// How its keys go onto requests.
    pub(crate) auth: Auth,
    /// How its invalid keys are probed.
    pub probes: Probes,
    /// Whether its models are not known, so that it is asked for whatever nobody else has.
    pub serves_unlisted: bool,
    /// Lower tiers first.
    pub tier: u32,
    /// Share among providers of the same tier.
    pub weight: u32,
    /// The outbound proxy.
    pub proxy: Option<Secret>,
    /// Whether health checks have set it aside; shared with later snapshots.
    pub(crate) set_aside: Arc<AtomicBool>,
}

/// How invalid keys of a provider are probed; all values resolved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probes {
    /// Time between two probes of one key; zero is never.
    pub interval: Duration,
    /// Keys probed at the same time.
    pub concurrency: usize,
    /// Time limit of one probe.
    pub timeout: Duration,
    /// The model to probe with, instead of the model list.
    pub model: Option<String>,
}

impl Provider {
    /// The connections of requests with `key`; none for the demo.
    pub fn client_of(&self, key: Option<&ProviderKey>) -> Option<&Client> {
        let own =
            key.and_then(|key| self.keys.settings(key.hash())).and_then(|settings| settings.client.as_ref());
        own.or(self.client.as_ref())
    }

    /// Whether it is passed over, since it failed its health checks.
    pub fn is_set_aside(&self) -> bool {
        self.set_aside.load(Ordering::Relaxed)
    }

    /// Lets it be passed over, or not; true when that is news.
    pub fn set_aside(&self, aside: bool) -> bool {
        self.set_aside.swap(aside, Ordering::Relaxed) != aside
    }

    /// How it is called below `base_path`, in `project` where it has those.
    pub fn api<'a>(&'a self, base_path: &'a str, project: Option<&'a str>) -> Api<'a> {
        Api {
            kind: self.kind,
            dialects: self.dialects,
            base_path,
            api_version: self.api_version.as_deref(),
            project,
            location: self.location.as_deref(),
        }
    }

    /// Who it is to the catalogue of models.
    pub fn seller(&self) -> Seller<'_> {
        Seller { provider: &self.name, host: self.endpoints.host() }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}
