//! Putting the parts together.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use roundhouse_accounts::oidc::OidcSettings;
use roundhouse_accounts::{AccountParts, AccountSettings, Accounts};
use roundhouse_cluster::{Cluster, KeyNews, Resync};
use roundhouse_config::section::{OidcConfig, SmtpConfig};
use roundhouse_config::{Config, Sources};
use roundhouse_control::recorder::Bounds;
use roundhouse_control::{Control, Parts, Recorder};
use roundhouse_domain::error::chain;
use roundhouse_domain::{Charge, Clock, Ids, KeyStateRecord, RequestId, RequestRecord};
use roundhouse_gateway::Gateway;
use roundhouse_gateway::hash::LookupHasher;
use roundhouse_gateway::sink::{Captured, Sink, Suspect};
use roundhouse_jobs::{Settings, Worker};
use roundhouse_mail::Mailer;
use roundhouse_outbound::Tls;
use roundhouse_storage::{Database, MasterKey, OpenOptions};
use tokio::sync::mpsc;

use crate::failure::Failure;

/// Upper bounds of latency buckets in seconds: from a local model's first byte to a long answer.
const LATENCY_BUCKETS: [f64; 15] =
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0];

/// How far the database's writer stands back behind the threads that serve; 19 is the most.
const WRITER_NICENESS: i32 = 10;

/// What every command that looks at data needs.
pub struct Ground {
    /// The database.
    pub database: Database,
    /// Seals secrets.
    pub master: MasterKey,
    /// The time.
    pub clock: Clock,
    /// Ids.
    pub ids: Ids,
}

/// A server's parts.
pub struct House {
    /// Who decides what is in force.
    pub control: Control,
    /// Who people are.
    pub accounts: Accounts,
    /// Writes down what happens.
    pub recorder: Recorder,
    /// Keys to be probed.
    pub suspects: mpsc::Receiver<Suspect>,
    /// The other processes, where a Redis is shared with them.
    pub cluster: Option<Cluster>,
}

/// How the database is opened.
pub fn open_options(config: &Config) -> OpenOptions {
    OpenOptions {
        url: config.database.url.clone(),
        max_connections: config.database.max_connections,
        backup_dir: config.data_dir.join("backups"),
        clock: Clock::System,
    }
}

/// Opens the database and checks that the master key fits it.
pub async fn ground(config: &Config) -> Result<Ground, Failure> {
    std::fs::create_dir_all(&config.data_dir).map_err(|error| {
        let folder = config.data_dir.display();
        Failure::new(format!("cannot make the data folder {folder}: {error}; choose another with --data"))
    })?;
    let database = open(open_options(config)).await?;
    let configured = config.security.encryption_key.as_ref();
    let master = MasterKey::of_database(configured, &config.data_dir, &database).await?;
    let clock = Clock::System;
    Ok(Ground { database, master, ids: Ids::random(clock.clone()), clock })
}

/// Opens the database from a thread that yields to all others: SQLite's writer is a thread of its own that inherits this,
/// and so never keeps a request waiting where cores are few.
async fn open(options: OpenOptions) -> Result<Database, Failure> {
    let (runtime, (sender, receiver)) = (tokio::runtime::Handle::current(), tokio::sync::oneshot::channel());
    std::thread::Builder::new().name("open-database".to_owned()).spawn(move || {
        if let Err(error) = rustix::process::nice(WRITER_NICENESS) {
            tracing::debug!(%error, "the database's writer has no lower priority");
        }
        // Nobody listens any more when the server was stopped meanwhile.
        let _ = sender.send(runtime.block_on(Database::open(&options)));
    })?;
    Ok(receiver.await??)
}

/// Builds a server's parts on `ground`.
pub fn house(ground: Ground, config: Config, sources: Sources) -> Result<House, Failure> {
    let accounts = accounts(&ground, &config);
    let Ground { database, master, clock, ids } = ground;
    let hasher = LookupHasher::new(*master.derive_lasting("look up credentials"));
    let recorder = Recorder::new(bounds(&config));
    let (cluster, news) = cluster(&config, &ids)?.unzip();
    let sink = Arc::new(Reports { recorder: recorder.clone(), news });
    let (gateway, suspects) = Gateway::new(hasher.clone(), clock.clone(), ids.clone(), sink);
    let control = Control::new(Parts { database, master, gateway, hasher, clock, ids, sources, config });
    Ok(House { control, accounts, recorder, suspects, cluster })
}

/// The other processes, where a Redis is configured.
fn cluster(config: &Config, ids: &Ids) -> Result<Option<(Cluster, KeyNews)>, Failure> {
    let Some(url) = config.redis.url.clone() else { return Ok(None) };
    let process: RequestId = ids.next();
    let options = roundhouse_cluster::Options {
        url,
        prefix: config.redis.prefix.clone(),
        timeout: config.redis.timeout.0,
        process: process.0,
    };
    Ok(Some(Cluster::new(&options)?))
}

/// Takes the data plane's reports for the recorder, and for the other processes.
struct Reports {
    recorder: Recorder,
    news: Option<KeyNews>,
}

impl Sink for Reports {
    fn request_ended(&self, record: RequestRecord) {
        self.recorder.request_ended(record);
    }

    fn key_changed(&self, record: KeyStateRecord) {
        if let Some(news) = &self.news {
            news.changed(&record);
        }
        self.recorder.key_changed(record);
    }

    fn charged(&self, charge: Charge) {
        self.recorder.charged(charge);
    }

    fn captured(&self, bodies: Captured) {
        self.recorder.captured(bodies);
    }
}

/// What a control takes up when the other processes can be heard again.
pub struct Stored(pub Control);

impl Resync for Stored {
    async fn resync(&self) {
        self.0.adopt_key_states().await;
    }
}

/// Who does the background work.
pub fn worker(control: &Control, config: &Config) -> Worker {
    let jobs = &config.jobs;
    let settings = Settings {
        concurrent: jobs.concurrent as usize,
        lease: jobs.lease.0.max(Duration::from_secs(1)),
        poll: jobs.poll_interval.0.max(Duration::from_millis(10)),
        grace: jobs.grace.0,
        first_retry: jobs.retry_after.0,
        longest_retry: jobs.retry_after_max.0,
        retention: jobs.retention.0,
    };
    Worker::new(control.queue().clone(), control.job_registry(), settings)
}

/// How much of what happens may wait to be written.
fn bounds(config: &Config) -> Bounds {
    Bounds {
        queued_records: config.requests.max_queued_records as usize,
        waiting_body_bytes: config.requests.capture.max_waiting_bytes,
        spool: Some((config.data_dir.join("requests.spool"), config.requests.max_spool_bytes)),
    }
}

/// People and their logins.
pub fn accounts(ground: &Ground, config: &Config) -> Accounts {
    let Ground { database, master, clock, ids } = ground;
    // Sessions are signed under the configured key where there is one, so that replicas can share it.
    let keys = config.security.secret_key.as_ref().map_or_else(|| master.clone(), MasterKey::from_text);
    Accounts::new(AccountParts {
        database: database.clone(),
        keys,
        master: master.clone(),
        clock: clock.clone(),
        ids: ids.clone(),
        settings: account_settings(config),
        tls: Tls::default(),
    })
}

/// How people log in.
pub fn account_settings(config: &Config) -> AccountSettings {
    let security = &config.security;
    AccountSettings {
        access_token_ttl: security.access_token_ttl.0,
        session_ttl: security.refresh_token_ttl.0,
        invitation_ttl: security.invitation_ttl.0,
        password_reset_ttl: security.password_reset_ttl.0,
        registration: security.registration,
        public_url: public_url(config),
        mailer: mailer(&config.smtp),
        oidc: oidc(&config.oidc),
        ..AccountSettings::default()
    }
}

fn oidc(oidc: &OidcConfig) -> Option<OidcSettings> {
    Some(OidcSettings {
        issuer: oidc.issuer.clone()?,
        client_id: oidc.client_id.clone()?,
        client_secret: oidc.client_secret.clone(),
        label: oidc.label.clone(),
        scopes: oidc.scopes.clone(),
        sign_up: oidc.sign_up,
        link_by_email: oidc.link_by_email,
        groups_claim: oidc.groups_claim.clone(),
        groups: oidc.groups.clone(),
    })
}

/// Who carries letters, if somebody does.
pub fn mailer(smtp: &SmtpConfig) -> Option<Mailer> {
    let settings = roundhouse_control::letters::settings(smtp)?;
    match Mailer::new(&settings) {
        Ok(mailer) => Some(mailer),
        Err(error) => {
            tracing::error!(error = chain(&error), "no letters are sent");
            None
        }
    }
}

/// Where people reach this server, without a slash at the end.
pub fn public_url(config: &Config) -> String {
    let server = &config.server;
    let url = server.public_url.clone().unwrap_or_else(|| {
        // The listening address as somebody on this machine would call it.
        let address = server.listen.replace("0.0.0.0", "localhost").replace("[::]", "localhost");
        format!("http://{address}")
    });
    url.trim_end_matches('/').to_owned()
}

/// Installs the metrics recorder; before anything counts.
pub fn metrics() -> Result<PrometheusHandle, Failure> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &LATENCY_BUCKETS)?;
    Ok(builder.install_recorder()?)
}
