//! The HTTP server's settings.

use roundhouse_domain::spec::{Network, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How clients reach Roundhouse.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ServerConfig {
    /// Address and port to listen on. Default 0.0.0.0:8080.
    #[schemars(length(min = 1))]
    pub listen: String,
    /// The address that people and clients use, for links and cookies (`https://llm.example.com`).
    pub public_url: Option<String>,
    /// Time a client has for the head of a request. Default 10s.
    pub header_timeout: Span,
    /// Time between two pieces of a request body. Default 60s.
    pub body_timeout: Span,
    /// Largest head of a request in bytes. Default 65536.
    #[schemars(range(min = 8192, max = 1_048_576))]
    pub max_header_bytes: u32,
    /// Time that open requests have to end after SIGTERM. Default 30s.
    pub drain_timeout: Span,
    /// Origins whose web pages may call the API (`https://app.example.com`, or `*`). Default none.
    pub cors_origins: Vec<String>,
    /// Host names that requests may be addressed to; empty is any. Default any.
    pub allowed_hosts: Vec<String>,
    /// IP addresses and networks whose `X-Forwarded-For` is believed (`10.0.0.0/8`). Default none.
    pub trusted_proxies: Vec<Network>,
    /// Whether `/metrics` is served. Default true.
    pub metrics: bool,
    /// Whether `/metrics` is served on the main listener without a credential. Default true.
    pub metrics_public: bool,
    /// Address and port of an extra listener that serves only `/metrics`. Default none.
    #[schemars(length(min = 1))]
    pub metrics_listen: Option<String>,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: "0.0.0.0:8080".to_owned(),
            public_url: None,
            header_timeout: Span::secs(10),
            body_timeout: Span::secs(60),
            max_header_bytes: 65_536,
            drain_timeout: Span::secs(30),
            cors_origins: Vec::new(),
            allowed_hosts: Vec::new(),
            trusted_proxies: Vec::new(),
            metrics: true,
            metrics_public: true,
            metrics_listen: None,
        }
    }
}
