//! Asking a running server whether it is ready.

use std::process::ExitCode;
use std::time::Duration;

use http_body_util::Empty;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;

use super::{Done, block_on};
use crate::cli::HealthcheckArgs;
use crate::environment;
use crate::failure::{Failure, say};

/// Containers are checked every few seconds: who does not answer by then is not ready.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Runs `roundhouse healthcheck`.
pub fn run(args: &HealthcheckArgs) -> Done {
    let url = if let Some(url) = &args.url {
        url.clone()
    } else {
        let config = environment::load(&environment::sources(&args.settings, None))?;
        let port = config.server.listen.rsplit_once(':').map_or("8080", |(_, port)| port).to_owned();
        format!("http://127.0.0.1:{port}/ready")
    };
    let address: http::Uri = url.parse().map_err(|_| Failure::new(format!("{url} is no http address")))?;
    block_on(async {
        let client = Client::builder(TokioExecutor::new()).build_http::<Empty<bytes::Bytes>>();
        let answered = tokio::time::timeout(TIMEOUT, client.get(address)).await;
        let response = answered.map_err(|_| Failure::new(format!("{url} does not answer in time")))?;
        let status = response.map_err(|_| Failure::new(format!("nobody answers at {url}")))?.status();
        if !status.is_success() {
            return Err(Failure::new(format!("{url} answers {status}")));
        }
        say("ready");
        Ok(ExitCode::SUCCESS)
    })
}
