//! Configurations of other gateways, read into ours and written from it.
