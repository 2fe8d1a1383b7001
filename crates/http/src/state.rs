//! What handlers share.

use std::sync::Arc;
use std::time::Duration;

use metrics_exporter_prometheus::PrometheusHandle;
use roundhouse_accounts::Accounts;
use roundhouse_control::{Control, Recorder};
use roundhouse_domain::Timestamp;
use roundhouse_domain::spec::Network;
use roundhouse_gateway::Gateway;
use tokio_util::sync::CancellationToken;

/// The application; clones are the same one.
#[derive(Clone)]
pub struct App(Arc<AppParts>);

/// What an [`App`] is made of.
pub struct AppParts {
    /// The data plane.
    pub gateway: Gateway,
    /// Who decides what is in force.
    pub control: Control,
    /// Takes what happens, and tells it to whoever watches.
    pub recorder: Recorder,
    /// Who people are.
    pub accounts: Accounts,
    /// Renders metrics.
    pub prometheus: PrometheusHandle,
    /// How clients are treated.
    pub clients: Clients,
    /// Which parts of the work this process does.
    pub serves: Serves,
    /// Done when the process is to stop.
    pub shutdown: CancellationToken,
    /// Whether the Redis that processes share can be reached, where there is one.
    pub redis: Option<roundhouse_cluster::Health>,
    /// The program's version.
    pub version: &'static str,
    /// When the process began to serve.
    pub started_at: Timestamp,
}

/// Which parts of the work a process does; health and metrics are always served.
#[derive(Clone, Copy, Debug)]
pub struct Serves {
    /// `/v1`, `/v1beta` and `/proxy`.
    pub data_plane: bool,
    /// The management API.
    pub app: bool,
    /// Background work.
    pub worker: bool,
}

/// How clients are treated.
#[derive(Clone, Debug)]
pub struct Clients {
    /// Time for the head of a request.
    pub header_timeout: Duration,
    /// Time between two pieces of a request body.
    pub body_timeout: Duration,
    /// Bytes of a request's head.
    pub max_header_bytes: usize,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<Network>,
    /// Origins whose pages may call; empty is none.
    pub cors_origins: Vec<String>,
    /// Host names that requests may be addressed to; empty is any.
    pub allowed_hosts: Vec<String>,
    /// Whether `/metrics` is served here.
    pub metrics: bool,
    /// Whether `/metrics` asks for no credential.
    pub metrics_public: bool,
    /// Whether cookies are only for TLS.
    pub secure_cookies: bool,
}

impl App {
    /// An application of `parts`.
    pub fn new(parts: AppParts) -> Self {
        Self(Arc::new(parts))
    }
}

impl std::ops::Deref for App {
    type Target = AppParts;

    fn deref(&self) -> &AppParts {
        &self.0
    }
}
