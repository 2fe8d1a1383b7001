//! TLS, alike for all connections that we open.

use std::sync::{Arc, OnceLock};

use rustls::{ClientConfig, RootCertStore};

/// TLS cannot be set up.
#[derive(Clone, Debug, thiserror::Error)]
#[error("TLS cannot be set up: {0}")]
pub struct TlsError(String);

/// The TLS settings that all connections share, made when the first one needs them.
#[derive(Clone, Default)]
pub struct Tls(Arc<OnceLock<ClientConfig>>);

impl Tls {
    /// Trusts the machine's certificate store and Mozilla's: the first knows a company's own authority, the second makes an
    /// image without a store work.
    pub fn config(&self) -> Result<ClientConfig, TlsError> {
        if let Some(config) = self.0.get() {
            return Ok(config.clone());
        }
        let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let config = config(roots)?;
        Ok(self.0.get_or_init(|| config).clone())
    }

    /// Trusts nobody, for connections that speak plainly; no certificates are loaded.
    pub fn none() -> Result<ClientConfig, TlsError> {
        config(RootCertStore::empty())
    }
}

fn config(roots: RootCertStore) -> Result<ClientConfig, TlsError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError(error.to_string()))?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}
