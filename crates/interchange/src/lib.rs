//! Configurations of other gateways, read into ours and written from it.
//!
//! Every format is read into one value, a [`Configuration`] with [`Note`]s on what has no counterpart; and every format is
//! written from one. Nothing here changes anything: applying what was read is the control plane's.

mod configuration;
mod dsn;
mod effective;
mod error;
mod fields;
mod format;
mod names;
mod note;
mod remote;
mod source;
mod tables;
mod text;
mod variables;

pub mod gpt_load;
pub mod keys_txt;
pub mod lite_llm;
pub mod one_api;
pub mod roundhouse;
pub mod uni_api;
pub mod uni_load;
pub mod uni_load_improved;

pub use configuration::{
    Configuration, Credential, CredentialHash, Document, Hashes, Imported, ProviderKey, ProviderKeys,
};
pub use dsn::Dsn;
pub use effective::Effective;
pub use error::{ReadError, WriteError};
pub use format::{Format, UnknownFormat};
pub use note::{Note, Notes, Severity};
pub use remote::Remote;
pub use source::{Options, Source, read};
pub use variables::Variables;
