//! Permissions as types, for the extractor [`crate::actor::Allowed`].

use roundhouse_domain::Permission;

/// What an operation needs its caller to be allowed. Its OpenAPI operation names the same permission in `security`; the
/// matrix test holds the two against each other.
pub trait Need: Send + Sync {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! needs {
    ($($name:ident),* $(,)?) => {
        $(
            #[doc = concat!("[`Permission::", stringify!($name), "`].")]
            #[derive(Clone, Copy, Debug)]
            pub struct $name;

            impl Need for $name {
                const PERMISSION: Permission = Permission::$name;
            }
        )*
    };
}

needs! {
    ProvidersRead, ProvidersWrite, KeysWrite, KeysReveal, ModelsRead, ModelsUse, ModelsWrite, RoutesRead, RoutesWrite, AccessKeysOwn,
    AccessKeysRead, AccessKeysWrite, RequestsRead, RequestsReadBodies, UsageOwn, UsageRead, RevisionsRead, RevisionsWrite,
    SettingsRead, SettingsWrite, HealthRead, AlertsWrite, JobsRead, JobsWrite, UsersRead, UsersWrite, AuditRead,
}
