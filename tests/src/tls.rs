//! Certificate authorities that only a test knows, and TLS in front of fake providers.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;
use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::fake::Fake;

/// A certificate authority.
#[derive(Debug)]
pub struct Authority {
    issuer: Issuer<'static, KeyPair>,
    folder: TempDir,
}

/// TLS on a port of its own, in front of a fake provider.
#[derive(Debug)]
pub struct Door {
    address: SocketAddr,
    accepting: JoinHandle<()>,
}

impl Authority {
    /// A fresh one that is called `name`.
    pub fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        let key = KeyPair::generate().expect("keys can be made");
        let certificate = params.self_signed(&key).expect("a certificate");
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        std::fs::write(folder.path().join("authority.pem"), certificate.pem()).expect("a file");
        Self { issuer: Issuer::new(params, key), folder }
    }

    /// The file that says whom to trust, for `SSL_CERT_FILE`.
    pub fn file(&self) -> PathBuf {
        self.folder.path().join("authority.pem")
    }

    /// TLS in front of `fake`, with a certificate of this authority for `name`.
    pub async fn door(&self, fake: &Fake, name: &str) -> Door {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let acceptor = TlsAcceptor::from(Arc::new(self.config(name)));
        let behind = fake.address();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(enter(stream, acceptor.clone(), behind));
            }
        });
        Door { address, accepting }
    }

    fn config(&self, name: &str) -> ServerConfig {
        let key = KeyPair::generate().expect("keys can be made");
        let params = CertificateParams::new([name.to_owned()]).expect("a name");
        let certificate = params.signed_by(&key, &self.issuer).expect("a certificate");
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = PrivatePkcs8KeyDer::from(key.serialize_der()).into();
        ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("a certificate with its key")
    }
}

impl Door {
    /// Where it is, such as `https://127.0.0.1:4711`.
    pub fn url(&self) -> String {
        format!("https://{}", self.address)
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Whoever does not trust the certificate goes away again.
async fn enter(stream: TcpStream, acceptor: TlsAcceptor, behind: SocketAddr) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    if let Ok(mut onward) = TcpStream::connect(behind).await {
        let _ = copy_bidirectional(&mut stream, &mut onward).await;
    }
}
