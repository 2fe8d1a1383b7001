//! Which addresses may be connected to.

use std::future::Future;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::vec::IntoIter;

use hyper_util::client::legacy::connect::dns::Name;
use roundhouse_domain::spec::Network;
use tower::Service;

/// Networks that are not the public Internet, and what tunnels into them.
/// Source: IANA special-purpose address registries (RFC 6890), 2026-11.
const V4: [(Ipv4Addr, u8); 15] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// The only IPv6 space that is given out to the public, and what in it is not.
const V6_PUBLIC: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
const V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// Says which addresses may be connected to; clones are the same one.
#[derive(Clone, Debug)]
pub struct Guard(Option<Arc<[Network]>>);

impl Guard {
    /// Public addresses, and `allowed` networks: for addresses that callers and people choose.
    pub fn public(allowed: &[Network]) -> Self {
        Self(Some(allowed.into()))
    }

    /// Any address: for those that the operator of the machine configured.
    pub const fn none() -> Self {
        Self(None)
    }

    /// Whether `address` may be connected to.
    pub fn allows(&self, address: IpAddr) -> bool {
        let Some(allowed) = &self.0 else { return true };
        let address = address.to_canonical();
        allowed.iter().any(|network| network.contains(address)) || is_public(address)
    }
}

/// No resolved address of a host may be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the address is not public")]
struct Forbidden;

/// Whether `error` comes from a [`Guard`].
pub(crate) fn is_forbidden(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut cause = Some(error);
    while let Some(error) = cause {
        // What io::Error wraps is not its source but itself.
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if error.is::<Forbidden>()
            || inner.is_some_and(<dyn std::error::Error + Send + Sync>::is::<Forbidden>)
        {
            return true;
        }
        cause = error.source();
    }
    false
}

/// Resolves names, and keeps the addresses that are allowed: the connection is made to these and no others, so that a name
/// that changes its mind cannot lead elsewhere.
#[derive(Clone, Debug)]
pub(crate) struct Resolver(Guard);

impl Resolver {
    /// A resolver that keeps to `guard`.
    pub(crate) fn new(guard: Guard) -> Self {
        Self(guard)
    }
}

impl Service<Name> for Resolver {
    type Response = IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let guard = self.0.clone();
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<_> = found.filter(|address| guard.allows(address.ip())).collect();
            if allowed.is_empty() { Err(io::Error::other(Forbidden)) } else { Ok(allowed.into_iter()) }
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let bits = u32::from(address);
            !V4.iter().any(|(net, length)| (bits ^ u32::from(*net)) >> (32 - length) == 0)
        }
        IpAddr::V6(address) => {
            let bits = u128::from(address);
            let is_in = |(net, length): (Ipv6Addr, u8)| (bits ^ u128::from(net)) >> (128 - length) == 0;
            is_in(V6_PUBLIC) && !V6.into_iter().any(is_in)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_and_allowed_networks_are_reached() {
        let guard = Guard::public(&[Network::parse("10.1.0.0/16").unwrap()]);
        for (address, allowed) in [
            ("8.8.8.8", true),
            ("2606:4700::1111", true),
            ("10.1.2.3", true),
            ("10.2.2.3", false),
            ("127.0.0.1", false),
            ("169.254.169.254", false),
            ("100.100.100.200", false),
            ("172.31.255.255", false),
            ("192.168.1.1", false),
            ("0.0.0.0", false),
            ("255.255.255.255", false),
            ("::1", false),
            ("::ffff:127.0.0.1", false),
            ("::ffff:8.8.8.8", true),
            ("64:ff9b::7f00:1", false),
            ("2002:7f00:1::", false),
            ("fd00::1", false),
            ("fe80::1", false),
            ("ff02::1", false),
        ] {
            assert_eq!(guard.allows(address.parse().unwrap()), allowed, "{address}");
        }
    }
}
