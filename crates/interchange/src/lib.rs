//! Configurations of other gateways, read into ours and written from it.
//!
//! Every format is read into one value, a [`Configuration`] with [`Note`]s on what has no counterpart; and every format is
//! written from one. Nothing here changes anything: applying what was read is the control plane's.

mod configuration;
mod dsn;
mod error;
mod fields;
mod names;
mod note;
mod remote;
mod tables;
mod text;
mod variables;

pub mod gpt_load;
pub mod keys_txt;
pub mod lite_llm;
pub mod one_api;
pub mod roundhouse;
pub mod uni_api;

pub use configuration::{
    Configuration, Credential, CredentialHash, Document, Hashes, Imported, ProviderKey, ProviderKeys,
};
pub use dsn::Dsn;
pub use error::{ReadError, WriteError};
pub use note::{Note, Notes, Severity};
pub use remote::Remote;
pub use variables::Variables;
