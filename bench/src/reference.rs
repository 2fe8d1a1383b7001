//! The floor: a proxy of plain hyper that touches nothing, to see what the stack itself costs.

use std::io;
use std::net::SocketAddr;

use clap::Args;
use http::header::{CONNECTION, HOST};
use http::uri::{Authority, Scheme};
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;

/// Between whom to stand.
#[derive(Args, Debug)]
pub(crate) struct Options {
    /// The loopback address to listen on.
    #[arg(long)]
    listen: SocketAddr,
    /// The loopback address to pass requests to.
    #[arg(long)]
    upstream: SocketAddr,
}

/// Passes requests on until it is stopped.
pub(crate) fn serve(options: &Options) -> io::Result<()> {
    crate::process::loopback_only(options.listen)?;
    crate::process::raise_file_limit();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(accept(options))
}

async fn accept(options: &Options) -> io::Result<()> {
    let upstream: Authority = options.upstream.to_string().parse().map_err(io::Error::other)?;
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<_, Incoming> = Client::builder(TokioExecutor::new()).build(connector);
    let listener = TcpListener::bind(options.listen).await?;
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (client, upstream) = (client.clone(), upstream.clone());
        let service = service_fn(move |request| forward(client.clone(), upstream.clone(), request));
        // A broken connection concerns nobody but its peer.
        tokio::spawn(
            hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
        );
    }
}

async fn forward(
    client: Client<HttpConnector, Incoming>,
    upstream: Authority,
    mut request: Request<Incoming>,
) -> Result<Response<Incoming>, Error> {
    let mut uri = std::mem::take(request.uri_mut()).into_parts();
    (uri.scheme, uri.authority) = (Some(Scheme::HTTP), Some(upstream));
    *request.uri_mut() = Uri::from_parts(uri).unwrap_or_default();
    request.headers_mut().remove(HOST);
    request.headers_mut().remove(CONNECTION);
    client.request(request).await
}
