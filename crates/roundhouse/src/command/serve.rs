//! Serving.

use std::net::{SocketAddr, ToSocketAddrs};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use roundhouse_accounts::{Accounts, setup, trail, users};
use roundhouse_config::Config;
use roundhouse_control::capture::Redactor;
use roundhouse_control::{Control, Writer};
use roundhouse_domain::error::chain;
use roundhouse_http::App;
use roundhouse_http::state::{AppParts, Clients, Serves};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::net::{TcpListener, TcpSocket};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Done;
use crate::cli::{Role, ServeArgs};
use crate::environment;
use crate::failure::Failure;
use crate::lock::Lock;
use crate::logging;
use crate::wiring::{self, House};

/// Connections that may wait to be accepted: a burst of clients is let in, not refused.
const BACKLOG: u32 = 4_096;

/// How often histograms are folded: seldom enough to cost nothing, often enough that no request waits behind one.
const UPKEEP: Duration = Duration::from_millis(500);

/// How often accounts follow the configuration, and how many looks later what is over is removed.
const ACCOUNTS_LOOK: Duration = Duration::from_secs(1);
const LOOKS_BETWEEN_SWEEPS: u64 = 3_600;

/// Runs `roundhouse serve`.
pub fn run(args: &ServeArgs) -> Done {
    let sources = environment::sources(&args.settings, args.listen.as_deref());
    let config = environment::load(&sources)?;
    let _logging = logging::start(&config)?;
    allow_many_files();
    // Two TLS back ends may be linked by libraries; ours is said before anyone asks.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = runtime()?;
    runtime.block_on(serve(config, sources, &args.role))
}

/// Raises the soft limit of open files to the hard one: each request takes a connection on either side, and service managers
/// leave the soft limit at 1,024 for programs that still use `select`.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit }) {
        tracing::warn!(%error, "the limit of open files cannot be raised");
    }
}

/// A thread for each core; on one core without what it takes to share work between threads.
fn runtime() -> std::io::Result<tokio::runtime::Runtime> {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    if cores == 1 {
        return tokio::runtime::Builder::new_current_thread().enable_all().build();
    }
    tokio::runtime::Builder::new_multi_thread().enable_all().build()
}

async fn serve(config: Config, sources: roundhouse_config::Sources, roles: &[Role]) -> Done {
    let plays = |role: Role| roles.is_empty() || roles.contains(&role);
    // First of all, so that a second server on the same data stops here.
    let listener = listen(&config.server.listen)?;
    let _using = Lock::shared(&config.data_dir)?;
    let prometheus = wiring::metrics()?;
    let ground = wiring::ground(&config).await?;
    config.warnings.iter().for_each(|warning| tracing::warn!(warning, "configuration"));
    let house = wiring::house(ground, config.clone(), sources)?;
    prepare(&house, &config).await?;
    let shutdown = CancellationToken::new();
    let recording = CancellationToken::new();
    let tasks = TaskTracker::new();
    let House { control, accounts, recorder, suspects, cluster } = house;
    let database = control.database().clone();
    let interval = config.requests.flush_interval.0.max(Duration::from_millis(10));
    let redactor = Redactor::new(&config.requests.capture.redact);
    let writer = Writer::new(recorder.clone(), database.clone(), redactor);
    let writing = tokio::spawn(writer.run(interval, recording.clone().cancelled_owned()));
    tasks.spawn(stoppable(control.gateway().clone().run_probes(suspects), shutdown.clone()));
    tasks.spawn(control.clone().run_watch(shutdown.clone()));
    tasks.spawn(control.clone().run_follow(shutdown.clone()));
    tasks.spawn(stoppable(upkeep(prometheus.clone()), shutdown.clone()));
    tasks.spawn(reload_on_hangup(control.clone(), shutdown.clone()));
    if plays(Role::Worker) {
        tasks.spawn(control.clone().run_retention(shutdown.clone()));
        tasks.spawn(control.clone().run_sync_keys(shutdown.clone()));
        tasks.spawn(control.clone().run_alerts(shutdown.clone()));
        tasks.spawn(wiring::worker(&control, &config).run(shutdown.clone()));
    }
    let looking_after = look_after_accounts(control.clone(), accounts.clone(), plays(Role::Worker));
    tasks.spawn(stoppable(looking_after, shutdown.clone()));
    tasks.spawn(control.clone().run_discovery(shutdown.clone()));
    tasks.spawn(control.clone().run_dropped(recorder.clone(), shutdown.clone()));
    tasks.spawn(control.clone().run_health(shutdown.clone()));
    let redis = cluster.as_ref().map(|cluster| cluster.health().clone());
    if let Some(cluster) = cluster {
        let (gateway, stored) = (control.gateway().clone(), wiring::Stored(control.clone()));
        tasks.spawn(cluster.run(gateway, stored, shutdown.clone()));
    }
    let started_at = control.now();
    let app = App::new(AppParts {
        gateway: control.gateway().clone(),
        control,
        recorder,
        accounts,
        prometheus,
        clients: clients(&config),
        serves: Serves {
            data_plane: plays(Role::Gateway),
            app: plays(Role::App),
            worker: plays(Role::Worker),
        },
        shutdown: shutdown.clone(),
        redis,
        version: env!("CARGO_PKG_VERSION"),
        started_at,
    });
    if let Some(address) = &config.server.metrics_listen {
        let listener = listen(address)?;
        tasks.spawn(roundhouse_http::server::serve_metrics(listener, app.clone(), shutdown.clone()));
    }
    tokio::spawn(stop_on_signal(shutdown.clone()));
    tracing::info!(address = %listener.local_addr()?, version = env!("CARGO_PKG_VERSION"), "serving");
    roundhouse_http::serve(listener, app, shutdown.clone(), config.server.drain_timeout.0).await;
    tasks.close();
    tasks.wait().await;
    recording.cancel();
    // A task that was cut ends its last records too; they are written before the database closes.
    writing.await?;
    database.close().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Puts the configuration in force, and makes what a first start needs.
async fn prepare(house: &House, config: &Config) -> Result<(), Failure> {
    let House { control, accounts, .. } = house;
    control.restore_spending().await?;
    control.start().await?;
    if let Some(path) = control.ensure_first_access_key().await? {
        tracing::info!(file = %path.display(), "made the first access key, named default; it stands in this file");
    }
    match (&config.security.admin_email, &config.security.admin_password) {
        (Some(email), Some(password)) => {
            users::ensure_first_administrator(accounts, email, password).await?;
        }
        _ => {
            if let Some(token) = setup::token_if_needed(accounts).await? {
                let base = wiring::public_url(config);
                tracing::info!(
                    link = format!("{base}/setup?token={}", token.expose()),
                    "no administrator yet; this link makes one, once"
                );
            }
        }
    }
    Ok(())
}

/// Lets people log in as the newest configuration says, and removes what the audit log need not keep.
async fn look_after_accounts(control: Control, accounts: Accounts, sweeps: bool) {
    let mut looks = tokio::time::interval(ACCOUNTS_LOOK);
    let mut applied = control.config();
    for look in 0_u64.. {
        looks.tick().await;
        let config = control.config();
        if !Arc::ptr_eq(&config, &applied) {
            accounts.configure(wiring::account_settings(&config));
            applied = config;
        }
        if sweeps && look % LOOKS_BETWEEN_SWEEPS == 0 {
            let retention = Some(applied.security.audit_retention.0).filter(|time| !time.is_zero());
            if let Err(error) = trail::sweep(&accounts, retention).await {
                tracing::warn!(error = chain(&error), "what is over and done with was not removed");
            }
        }
    }
}

fn clients(config: &Config) -> Clients {
    let server = &config.server;
    Clients {
        header_timeout: server.header_timeout.0,
        body_timeout: server.body_timeout.0,
        max_header_bytes: server.max_header_bytes as usize,
        trusted_proxies: server.trusted_proxies.clone(),
        cors_origins: server.cors_origins.clone(),
        allowed_hosts: server.allowed_hosts.clone(),
        metrics: server.metrics && server.metrics_listen.is_none(),
        metrics_public: server.metrics_public,
        secure_cookies: server.public_url.as_deref().is_some_and(|url| url.starts_with("https://")),
    }
}

fn listen(address: &str) -> Result<TcpListener, Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::new(format!("cannot listen on {address}: {error}; choose another address with --listen"))
    };
    let resolved: Vec<SocketAddr> = address.to_socket_addrs().map_err(|error| unusable(&error))?.collect();
    let first = *resolved.first().ok_or_else(|| unusable(&"it is no address"))?;
    let socket = if first.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    socket.set_reuseaddr(true)?;
    socket.bind(first).map_err(|error| unusable(&error))?;
    socket.listen(BACKLOG).map_err(|error| unusable(&error))
}

async fn stop_on_signal(shutdown: CancellationToken) {
    let (Ok(mut terminate), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        tracing::error!("signals cannot be received; stop this process with SIGKILL");
        return;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: open requests may end");
    shutdown.cancel();
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    // Asked twice: the person at the keyboard does not want to wait.
    std::process::exit(130);
}

async fn reload_on_hangup(control: roundhouse_control::Control, shutdown: CancellationToken) {
    let Ok(mut hangup) = signal(SignalKind::hangup()) else { return };
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = hangup.recv() => {
                // Problems are told by the reload itself.
                let _ = control.reload().await;
            }
        }
    }
}

async fn upkeep(prometheus: metrics_exporter_prometheus::PrometheusHandle) {
    loop {
        tokio::time::sleep(UPKEEP).await;
        prometheus.run_upkeep();
    }
}

async fn stoppable(work: impl Future<Output = ()>, shutdown: CancellationToken) {
    tokio::select! {
        () = work => {}
        () = shutdown.cancelled() => {}
    }
}
