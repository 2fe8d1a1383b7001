//! Why somebody could not log in with an account that they have elsewhere.

use roundhouse_domain::ErrorKind;
use roundhouse_storage::StorageError;

use crate::fault::Fault;

/// Why somebody could not log in with an account that they have elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    /// No provider is configured.
    #[error("this server has no single sign-on: log in with a password")]
    Off,
    /// The browser did not bring back what it was given, or too late.
    #[error("this login took too long, or was begun in another browser: begin again")]
    FlowLost,
    /// The provider did not let them in.
    #[error("the provider of the login did not let you in")]
    Refused,
    /// The provider cannot be reached, or says what we do not understand.
    #[error("the provider of the login cannot be reached, or gave no usable answer")]
    Provider(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// What the provider says of the person is not rightly signed, or not meant for us.
    #[error("the provider of the login gave an answer that cannot be trusted")]
    Untrusted(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The provider tells no e-mail address.
    #[error("the provider of the login told no e-mail address of yours")]
    EmailMissing,
    /// The provider has not seen to it that the address is theirs.
    #[error("your e-mail address is not verified at the provider of the login")]
    EmailNotVerified,
    /// There is nobody here whom this is, and nobody becomes a member by themselves.
    #[error("you have no account here yet: ask an administrator")]
    NoAccount,
    /// They are kept out.
    #[error("your account here is disabled: ask an administrator")]
    Disabled,
    /// A fault of the machinery.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl OidcError {
    /// What kind of failure this is.
    pub const fn kind(&self) -> ErrorKind {
        match self {
            Self::Off => ErrorKind::NotFound,
            Self::FlowLost => ErrorKind::Invalid,
            Self::Provider(_) => ErrorKind::UpstreamFailed,
            Self::Refused
            | Self::Untrusted(_)
            | Self::EmailMissing
            | Self::EmailNotVerified
            | Self::NoAccount
            | Self::Disabled => ErrorKind::Unauthenticated,
            Self::Fault(fault) => fault.kind(),
        }
    }

    /// A stable name of this failure.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Off => "oidc_off",
            Self::FlowLost => "oidc_flow_lost",
            Self::Refused => "oidc_refused",
            Self::Provider(_) => "oidc_provider_failed",
            Self::Untrusted(_) => "oidc_untrusted",
            Self::EmailMissing => "oidc_email_missing",
            Self::EmailNotVerified => "oidc_email_not_verified",
            Self::NoAccount => "oidc_no_account",
            Self::Disabled => "oidc_disabled",
            Self::Fault(fault) => fault.code(),
        }
    }

    pub(super) fn provider(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Provider(Box::new(error))
    }

    pub(super) fn untrusted(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Untrusted(Box::new(error))
    }
}

impl From<StorageError> for OidcError {
    fn from(error: StorageError) -> Self {
        Self::Fault(error.into())
    }
}
