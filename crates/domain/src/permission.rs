//! What people may do: a closed set of permissions, and sets of them.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

macro_rules! permissions {
    ($($(#[doc = $doc:literal])* $variant:ident = $name:literal,)*) => {
        /// One thing that a person may do. Administrators may do all; groups add to what their members may.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Permission {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Permission {
            /// All there are.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The permission's name, as stored and shown.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

permissions! {
    /// See providers, their keys (masked) and pools.
    ProvidersRead = "providers.read",
    /// Add, change and remove providers and pools.
    ProvidersWrite = "providers.write",
    /// Add, change, test, restore and remove provider keys.
    KeysWrite = "keys.write",
    /// See provider keys in full, and export them; audited.
    KeysReveal = "keys.reveal",
    /// See models, their prices and what is known of them.
    ModelsRead = "models.read",
    /// Ask models something, in the playground.
    ModelsUse = "models.use",
    /// Rename, enable, disable and remove models; change prices.
    ModelsWrite = "models.write",
    /// See routes, and ask why a request would go where it goes.
    RoutesRead = "routes.read",
    /// Change routes.
    RoutesWrite = "routes.write",
    /// Make, see, change and remove access keys of one's own.
    AccessKeysOwn = "access_keys.own",
    /// See everybody's access keys.
    AccessKeysRead = "access_keys.read",
    /// Make, change and remove everybody's access keys.
    AccessKeysWrite = "access_keys.write",
    /// See the request log.
    RequestsRead = "requests.read",
    /// See recorded bodies of requests and answers.
    RequestsReadBodies = "requests.read_bodies",
    /// See one's own usage.
    UsageOwn = "usage.own",
    /// See everybody's usage, and the dashboard.
    UsageRead = "usage.read",
    /// See revisions of the configuration and export it without secrets.
    RevisionsRead = "revisions.read",
    /// Import configurations and roll back.
    RevisionsWrite = "revisions.write",
    /// See the settings.
    SettingsRead = "settings.read",
    /// Change the settings.
    SettingsWrite = "settings.write",
    /// See the health of providers, its history, and alerts.
    HealthRead = "health.read",
    /// Change, test and silence alerts.
    AlertsWrite = "alerts.write",
    /// See background jobs.
    JobsRead = "jobs.read",
    /// Start, retry and cancel background jobs.
    JobsWrite = "jobs.write",
    /// See people and groups.
    UsersRead = "users.read",
    /// Add, change and remove people and groups who may no more than oneself.
    UsersWrite = "users.write",
    /// See the audit log.
    AuditRead = "audit.read",
}

impl Permission {
    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|permission| permission.as_str() == text)
    }

    const fn bit(self) -> u64 {
        1 << self as u8
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Permission {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Permission {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "`{text}` is no permission; GET /api/v1/groups/permissions lists them"
            ))
        })
    }
}

/// A set of permissions; a list of their names in text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Permissions(u64);

impl Permissions {
    /// None at all.
    pub const NONE: Self = Self(0);

    /// What every member may do.
    pub const MEMBER: Self =
        Self(Permission::ModelsUse.bit() | Permission::AccessKeysOwn.bit() | Permission::UsageOwn.bit());

    /// Every permission there is.
    pub const ALL: Self = Self(u64::MAX >> (64 - Permission::ALL.len()));

    /// Whether `permission` is among them.
    pub const fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    /// Whether all of these are in `other`, too.
    pub const fn is_within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    /// These and `other`.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in these and in `other`.
    #[must_use]
    pub const fn shared_with(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// One after the other, in a fixed order.
    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.iter().copied().filter(move |permission| self.has(*permission))
    }

    /// Their names.
    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(Permission::as_str).collect()
    }

    /// Those that are known among `names`: a name that a newer version wrote grants nothing here.
    pub fn of_names<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        names.into_iter().filter_map(Permission::parse).collect()
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions.into_iter().fold(Self::NONE, |all, permission| Self(all.0 | permission.bit()))
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Vec::<Permission>::deserialize(deserializer)?.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_permission_has_a_name_of_its_own_and_a_place_in_a_set() {
        assert_eq!(Permissions::ALL.iter().count(), Permission::ALL.len());
        for permission in Permission::ALL {
            assert_eq!(Permission::parse(permission.as_str()), Some(*permission));
            let alone: Permissions = [*permission].into_iter().collect();
            assert_eq!(alone.iter().collect::<Vec<_>>(), [*permission]);
            assert!(alone.is_within(Permissions::ALL) && !Permissions::ALL.is_within(alone));
        }
    }

    #[test]
    fn sets_are_lists_of_names_and_unknown_names_are_told() {
        let set: Permissions = serde_json::from_str(r#"["users.read", "keys.reveal"]"#).unwrap();
        assert_eq!(serde_json::to_string(&set).unwrap(), r#"["keys.reveal","users.read"]"#);
        let error = serde_json::from_str::<Permissions>(r#"["users.fly"]"#).unwrap_err();
        assert!(error.to_string().contains("`users.fly` is no permission"), "{error}");
        assert_eq!(Permissions::of_names(["users.fly"]), Permissions::NONE);
    }
}
