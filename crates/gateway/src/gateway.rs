//! The data plane: one current snapshot, and what outlives it.

use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use arc_swap::{ArcSwap, Guard};
use roundhouse_domain::{Clock, ErrorKind, Ids, KeyHash, KeyStateRecord, RequestId, Timestamp};
use roundhouse_outbound::{Tls, TlsError};
use tokio::sync::{Notify, mpsc};

use crate::access::{AccessKey, Entry};
use crate::cache::Cache;
use crate::compile::{CompileError, Compiler, Plan};
use crate::error::CallError;
use crate::fetch::Fetcher;
use crate::hash::LookupHasher;
use crate::idempotency::Idempotency;
use crate::key::{KeyState, ProviderKey};
use crate::limits::{Permit, Usages};
use crate::metrics::CallMetrics;
use crate::provider::Provider;
use crate::settlement::Settlement;
use crate::shared::Shared;
use crate::sink::{Sink, Suspect};
use crate::snapshot::Snapshot;

/// Suspects waiting for their probe; more are counted as failures instead.
const SUSPECTS: usize = 1_024;

/// Response ids remembered with the target that stores them.
const PINS: u64 = 100_000;

/// How long a response id is remembered.
const PIN_TTL: Duration = Duration::from_hours(24);

/// The data plane. Clones are the same one.
#[derive(Clone)]
pub struct Gateway(Arc<Inner>);

struct Inner {
    snapshot: ArcSwap<Snapshot>,
    hasher: LookupHasher,
    tls: Tls,
    clock: Clock,
    ids: Ids,
    sink: Arc<dyn Sink>,
    suspects: mpsc::Sender<Suspect>,
    metrics: CallMetrics,
    open: Arc<AtomicU32>,
    usages: Usages,
    pins: moka::sync::Cache<Box<str>, Pin>,
    idempotency: Idempotency,
    cache: Cache,
    shared: OnceLock<Arc<dyn Shared>>,
    /// Notified when a limit was reached.
    pressed: Notify,
}

/// Which provider and key a stored response is with.
#[derive(Clone, Debug)]
pub(crate) struct Pin {
    pub(crate) provider: Arc<str>,
    pub(crate) key: Option<KeyHash>,
    /// The name of the access key that made it; nobody else may have it.
    pub(crate) owner: Arc<str>,
}

/// A place among all open calls; gives it back when dropped.
#[derive(Debug)]
pub struct Place(Arc<AtomicU32>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

impl Gateway {
    /// A gateway that serves nothing yet, and the queue of keys to be probed soon.
    pub fn new(
        hasher: LookupHasher,
        clock: Clock,
        ids: Ids,
        sink: Arc<dyn Sink>,
    ) -> (Self, mpsc::Receiver<Suspect>) {
        let (suspects, queue) = mpsc::channel(SUSPECTS);
        let inner = Inner {
            snapshot: ArcSwap::from_pointee(Snapshot::default()),
            hasher,
            tls: Tls::default(),
            clock,
            ids,
            sink,
            suspects,
            metrics: CallMetrics::default(),
            open: Arc::default(),
            usages: Usages::default(),
            pins: moka::sync::Cache::builder().max_capacity(PINS).time_to_live(PIN_TTL).build(),
            idempotency: Idempotency::default(),
            cache: Cache::default(),
            shared: OnceLock::new(),
            pressed: Notify::new(),
        };
        (Self(Arc::new(inner)), queue)
    }

    /// Compiles `plan` and serves by it from now on. When it cannot be compiled, the snapshot before goes on.
    pub fn apply(&self, plan: &Plan) -> Result<(), CompileError> {
        self.install(Arc::new(self.compile(plan)?));
        Ok(())
    }

    /// Compiles `plan`; nothing changes yet.
    pub fn compile(&self, plan: &Plan) -> Result<Snapshot, CompileError> {
        let previous = self.0.snapshot.load_full();
        let compiler = Compiler {
            hasher: &self.0.hasher,
            tls: &self.0.tls,
            previous: &previous,
            usages: &self.0.usages,
            now: self.now(),
        };
        compiler.compile(plan)
    }

    /// Serves by `snapshot` from now on.
    pub fn install(&self, snapshot: Arc<Snapshot>) {
        self.0.idempotency.configure(&snapshot.settings.idempotency);
        self.0.cache.configure(&snapshot.settings.cache, snapshot.keeps_answers());
        self.0.snapshot.store(snapshot);
        self.0.usages.prune(self.now());
    }

    /// What holders of limits use.
    pub fn usages(&self) -> &Usages {
        &self.0.usages
    }

    /// The snapshot that is served by now.
    pub fn snapshot(&self) -> Guard<Arc<Snapshot>> {
        self.0.snapshot.load()
    }

    /// The snapshot that is served by now, to keep.
    pub fn snapshot_full(&self) -> Arc<Snapshot> {
        self.0.snapshot.load_full()
    }

    /// Reads what callers name by its address.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(crate) fn fetcher(&self, snapshot: &Snapshot) -> Result<Fetcher, TlsError> {
        if let Some(fetcher) = snapshot.fetcher.get() {
            return Ok(fetcher.clone());
        }
        let fetcher = Fetcher::new(&self.0.tls, &snapshot.settings.fetch)?;
        Ok(snapshot.fetcher.get_or_init(|| fetcher).clone())
    }

    /// A fresh request id.
    pub fn next_id(&self) -> RequestId {
        self.0.ids.next()
    }

    /// Who calls with `credential` from `address`.
    pub fn identify(
        &self,
        credential: Option<&[u8]>,
        address: Option<IpAddr>,
    ) -> Result<Arc<AccessKey>, CallError> {
        let Some(credential) = credential.filter(|credential| !credential.is_empty()) else {
            let message = "no access key was sent; send one as `Authorization: Bearer …`, `x-api-key` or `x-goog-api-key`";
            return Err(CallError::new(ErrorKind::Unauthenticated, "missing_access_key", message));
        };
        let snapshot = self.snapshot();
        let found = snapshot.access.find(&self.0.hasher.credential(credential));
        let Some(Entry { key, until }) = found else {
            let message = "this access key is not known here";
            return Err(CallError::new(ErrorKind::Unauthenticated, "invalid_access_key", message));
        };
        let now = self.now();
        if key.has_expired(now) {
            let message = "this access key has expired; ask for a new one";
            return Err(CallError::new(ErrorKind::Unauthenticated, "expired_access_key", message));
        }
        if until.is_some_and(|end| end <= now) {
            let message = "this access key was replaced by a new one; use that";
            return Err(CallError::new(ErrorKind::Unauthenticated, "replaced_access_key", message));
        }
        if !key.admits(address) {
            let from = address.map_or_else(|| "an unknown address".to_owned(), |address| address.to_string());
            let message = format!("this access key may not be used from {from}");
            return Err(CallError::new(ErrorKind::Denied, "address_not_allowed", message));
        }
        Ok(key.clone())
    }

    /// Begins a call, traced in `span`: takes the places it needs, or says which limit stands against it.
    pub fn enter(
        &self,
        caller: Arc<AccessKey>,
        id: RequestId,
        client_ip: Option<IpAddr>,
        span: tracing::Span,
    ) -> Result<Settlement, CallError> {
        let open = self.0.open.fetch_add(1, Ordering::AcqRel);
        let place = Place(self.0.open.clone());
        let limit = self.snapshot().settings.max_concurrent_requests;
        if open >= limit {
            let message = "too many requests are under way here; try again in a moment";
            let error = CallError::new(ErrorKind::Unavailable, "overloaded", message);
            return Err(error.after(Some(Duration::from_secs(1))));
        }
        let permit =
            Permit::enter(caller.clone(), self.now()).inspect_err(|_| self.0.pressed.notify_one())?;
        Ok(Settlement::new(self.clone(), caller, id, client_ip, span, (permit, place)))
    }

    /// Calls under way.
    pub fn open_calls(&self) -> u32 {
        self.0.open.load(Ordering::Acquire)
    }

    /// Makes every key that is invalid or cooling active again; returns how many there were.
    pub fn restore_keys(&self) -> usize {
        let (snapshot, now) = (self.snapshot(), self.now());
        let keys = snapshot.providers.values().flat_map(|provider| {
            provider.keys.keys().iter().filter(|key| !key.is_usable(now)).map(move |key| (provider, key))
        });
        let restored = keys.filter(|(provider, key)| self.restore_key(provider, key));
        restored.count()
    }

    /// Makes a key that is invalid or cooling active again; tells whether it was.
    pub fn restore_key(&self, provider: &Provider, key: &ProviderKey) -> bool {
        let now = self.now();
        let changed = key.restored(now);
        provider.keys.revive(key.hash(), now);
        let did = changed.is_some();
        self.key_changed(provider, key, changed);
        did
    }

    /// Takes up what another process, or storage, knows of a key, where that is newer; true where it was. Nobody is told.
    pub fn adopt_key_state(&self, record: &KeyStateRecord) -> bool {
        let snapshot = self.snapshot();
        let Some(provider) = snapshot.providers.get(&record.provider) else { return false };
        let Some(key) = provider.keys.find(record.key_hash) else { return false };
        let is_news = key.adopt(record.into());
        let now = self.now();
        if is_news && key.is_usable(now) {
            provider.keys.revive(record.key_hash, now);
        }
        is_news
    }

    pub(crate) fn key_changed(&self, provider: &Provider, key: &ProviderKey, changed: Option<KeyState>) {
        if let Some(state) = changed {
            self.0.sink.key_changed(state.record(provider.name.clone(), key.hash()));
        }
    }

    /// Asks for a probe of a key; false when too many wait already.
    pub(crate) fn suspect(&self, provider: &Provider, key: KeyHash) -> bool {
        self.0.suspects.try_send(Suspect { provider: provider.name.clone(), key }).is_ok()
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    pub(crate) fn hasher(&self) -> &LookupHasher {
        &self.0.hasher
    }

    pub(crate) fn sink(&self) -> &dyn Sink {
        &*self.0.sink
    }

    pub(crate) fn metrics(&self) -> &CallMetrics {
        &self.0.metrics
    }

    pub(crate) fn idempotency(&self) -> &Idempotency {
        &self.0.idempotency
    }

    /// Shares values with other processes from now on.
    pub fn share(&self, shared: Arc<dyn Shared>) {
        // A process that was told twice goes on with the first.
        let _ = self.0.shared.set(shared);
    }

    /// Waits until a limit is reached: others may have something left of it.
    ///
    /// # Cancel safety
    /// Dropped, nothing is missed.
    pub async fn pressed(&self) {
        self.0.pressed.notified().await;
    }

    /// Forgets all answers that are kept in this process for the next one who asks.
    pub fn forget_answers(&self) {
        self.0.cache.clear();
    }

    pub(crate) fn shared(&self) -> Option<&Arc<dyn Shared>> {
        self.0.shared.get()
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.0.cache
    }

    pub(crate) fn pin(&self, response_id: &str, pin: Pin) {
        self.0.pins.insert(response_id.into(), pin);
    }

    pub(crate) fn pinned(&self, response_id: &str) -> Option<Pin> {
        self.0.pins.get(response_id)
    }
}

impl std::fmt::Debug for Gateway {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Gateway")
    }
}
