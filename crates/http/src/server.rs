//! Accepting connections, and letting them end.

use std::net::SocketAddr;
use std::time::Duration;

use hyper::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::dispatch::Dispatcher;
use crate::router;
use crate::state::App;

/// Header fields of one request at the most.
const MAX_HEADERS: usize = 200;

/// Streams of one HTTP/2 connection at the same time.
const HTTP2_STREAMS: u32 = 1_000;

/// How long to wait after the system refused a connection for want of something: file descriptors mostly.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `listener` until `shutdown`; then lets open requests end for `drain` at the most, and cuts the rest. When it returns,
/// every request has been settled.
pub async fn serve(listener: TcpListener, app: App, shutdown: CancellationToken, drain: Duration) {
    let graceful = GracefulShutdown::new();
    let builder = builder(&app);
    let dispatcher = Dispatcher::new(app);
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer) = tokio::select! {
            () = shutdown.cancelled() => break,
            // Ended connections are taken off the set, so that it holds open ones only.
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let watched = graceful.watch(connect(&builder, dispatcher.clone(), stream, peer));
        connections.spawn(async move {
            // A client that breaks its connection, or speaks no HTTP, is no event worth a line.
            if let Err(error) = watched.await {
                tracing::debug!(%error, "connection ended");
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(drain, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not end in time and are cut");
    }
    connections.shutdown().await;
}

/// Serves only metrics on `listener` until `shutdown`.
pub async fn serve_metrics(listener: TcpListener, app: App, shutdown: CancellationToken) {
    let served =
        axum::serve(listener, router::metrics_router(app)).with_graceful_shutdown(shutdown.cancelled_owned());
    if let Err(error) = served.await {
        tracing::error!(%error, "the metrics listener ended");
    }
}

fn builder(app: &App) -> auto::Builder<TokioExecutor> {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(app.clients.header_timeout)
        .max_headers(MAX_HEADERS)
        // The parser's own limit is far above ours, so that ours can answer in words.
        .max_buf_size(app.clients.max_header_bytes.saturating_mul(4).max(256 * 1024));
    builder.http2().timer(TokioTimer::new()).max_concurrent_streams(HTTP2_STREAMS);
    builder
}

fn connect(
    builder: &auto::Builder<TokioExecutor>,
    dispatcher: Dispatcher,
    stream: TcpStream,
    peer: SocketAddr,
) -> auto::Connection<
    'static,
    TokioIo<TcpStream>,
    impl hyper::service::Service<
        Request<Incoming>,
        Response = http::Response<crate::body::OutBody>,
        Error = std::convert::Infallible,
        Future: Send + 'static,
    > + use<>,
    TokioExecutor,
> {
    // Small pieces of a stream go out at once. A socket that refuses this serves all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request: Request<Incoming>| {
        let dispatcher = dispatcher.clone();
        // On the heap, and so gone once the answer has begun: a connection would else keep its room through a long stream.
        Box::pin(async move { Ok(dispatcher.dispatch(request, peer).await) })
    });
    builder.serve_connection(TokioIo::new(stream), service).into_owned()
}
