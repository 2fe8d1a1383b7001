//! On whose account something was changed.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;

/// Who changed something, as it is written down: a person's name stays when the person goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// The person; none for the machine's command line and for the program itself.
    pub user_id: Option<UserId>,
    /// The person's e-mail address at that time, or [`Self::operator`]'s or [`Self::system`]'s name.
    pub name: String,
}

impl Author {
    /// A person who is logged in.
    pub fn user(id: UserId, email: impl Into<String>) -> Self {
        Self { user_id: Some(id), name: email.into() }
    }

    /// Someone at the machine's command line.
    pub fn operator() -> Self {
        Self { user_id: None, name: "operator".to_owned() }
    }

    /// The program itself: what a file declares, a schedule, a rule.
    pub fn system() -> Self {
        Self { user_id: None, name: "system".to_owned() }
    }
}
