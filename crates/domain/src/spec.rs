//! What an operator declares: providers, pools, routes, access keys and the gateway's settings, as plain values.
//! A configuration file and the console make the same values; `gateway` compiles them to a snapshot.

mod access_key;
mod duration;
mod gateway;
mod model_rule;
mod name;
mod provider;
mod route;

pub use access_key::{AccessKeySpec, LimitSpec};
pub use duration::Span;
pub use gateway::{BreakerSpec, CooldownSpec, GatewaySpec, IdempotencySpec, KeySpec, ProbeSpec, TimeoutSpec};
pub use model_rule::ModelRule;
pub use name::Name;
pub use provider::{BaseUrl, BodyRules, ModelSpec, PoolMember, PoolSpec, ProviderKind, ProviderSpec};
pub use route::{RouteSpec, Strategy, TargetSpec};
