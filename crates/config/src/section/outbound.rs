//! Settings of requests to addresses that people choose.

use roundhouse_domain::spec::Network;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How requests are made to addresses that people choose in the console, such as those of alert channels.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OutboundConfig {
    /// Networks that are not public and may be connected to all the same. Default none.
    pub allowed_networks: Vec<Network>,
}
