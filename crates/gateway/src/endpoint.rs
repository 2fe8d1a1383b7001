//! The addresses of one provider.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use http::Uri;
use http::uri::{Authority, Scheme};
use roundhouse_domain::Timestamp;

use crate::turns::Turns;

/// How long an address that could not be reached is left alone while others can be.
const AVOIDED_FOR: Duration = Duration::from_secs(10);

/// A provider's addresses with their weights.
#[derive(Debug)]
pub struct Endpoints {
    endpoints: Vec<Endpoint>,
    turns: Turns,
}

/// One address.
#[derive(Debug)]
pub struct Endpoint {
    /// `http` or `https`.
    pub scheme: Scheme,
    /// Host and port.
    pub authority: Authority,
    /// The path that calls begin with, without a slash at its end.
    pub base_path: String,
    weight: u32,
    avoided_until_ms: AtomicI64,
}

impl Endpoint {
    /// Reads an address; none for what is not an http address with a host.
    pub fn parse(url: &str, weight: u32) -> Option<Self> {
        let parts = url.parse::<Uri>().ok()?.into_parts();
        let scheme = parts.scheme?;
        let path = parts.path_and_query.map(|path| path.path().trim_end_matches('/').to_owned());
        (scheme == Scheme::HTTP || scheme == Scheme::HTTPS).then_some(())?;
        Some(Self {
            scheme,
            authority: parts.authority?,
            base_path: path.unwrap_or_default(),
            weight,
            avoided_until_ms: AtomicI64::new(0),
        })
    }

    /// Notes that the address could not be reached.
    pub fn failed(&self, now: Timestamp) {
        self.avoided_until_ms.store(now.plus(AVOIDED_FOR).as_millis(), Ordering::Relaxed);
    }

    fn is_avoided(&self, now: Timestamp) -> bool {
        self.avoided_until_ms.load(Ordering::Relaxed) > now.as_millis()
    }
}

impl Endpoints {
    /// The addresses `endpoints`.
    pub fn new(endpoints: Vec<Endpoint>) -> Self {
        Self { turns: Turns::new(endpoints.len()), endpoints }
    }

    /// True when an address needs TLS.
    pub fn need_tls(&self) -> bool {
        self.endpoints.iter().any(|endpoint| endpoint.scheme == Scheme::HTTPS)
    }

    /// The host of the first address; empty where there is none.
    pub fn host(&self) -> &str {
        self.endpoints.first().map_or("", |endpoint| endpoint.authority.host())
    }

    /// How many addresses are switched on.
    pub fn in_use(&self) -> usize {
        self.endpoints.iter().filter(|endpoint| endpoint.weight > 0).count()
    }

    /// The addresses that are switched on.
    pub fn all_in_use(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.iter().filter(|endpoint| endpoint.weight > 0)
    }

    /// The address whose turn it is: one that was reached when last tried, if there is one.
    pub fn next(&self, now: Timestamp) -> Option<&Endpoint> {
        if let [only] = self.endpoints.as_slice() {
            return (only.weight > 0).then_some(only);
        }
        let weights = self.endpoints.iter().map(|endpoint| endpoint.weight).enumerate();
        let reached = weights.clone().filter(|(at, _)| !self.endpoints[*at].is_avoided(now));
        let at = self.turns.next(reached).or_else(|| self.turns.next(weights))?;
        self.endpoints.get(at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_000_000);

    fn hosts(endpoints: &Endpoints, count: usize) -> Vec<&str> {
        (0..count).filter_map(|_| endpoints.next(NOW)).map(|endpoint| endpoint.authority.as_str()).collect()
    }

    #[test]
    fn addresses_share_by_weight_and_zero_is_off() {
        let all = [("http://a/v1/", 2), ("http://b", 1), ("http://c", 0)];
        let endpoints =
            Endpoints::new(all.iter().filter_map(|(url, weight)| Endpoint::parse(url, *weight)).collect());
        assert_eq!(hosts(&endpoints, 6), ["a", "b", "a", "a", "b", "a"]);
        assert_eq!(endpoints.endpoints[0].base_path, "/v1");
    }

    #[test]
    fn an_address_out_of_reach_is_left_alone_unless_all_are() {
        let endpoints =
            Endpoints::new(["http://a", "http://b"].iter().filter_map(|u| Endpoint::parse(u, 1)).collect());
        endpoints.endpoints[0].failed(NOW);
        assert_eq!(hosts(&endpoints, 3), ["b", "b", "b"]);
        endpoints.endpoints[1].failed(NOW);
        assert_eq!(hosts(&endpoints, 2).len(), 2);
    }

    #[test]
    fn only_http_addresses_with_a_host_are_taken() {
        for url in ["ftp://a", "not a url", "/v1", ""] {
            assert!(Endpoint::parse(url, 1).is_none(), "{url}");
        }
    }
}
