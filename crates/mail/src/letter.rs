//! What is sent.

use std::fmt;

/// A letter in plain text to one person; who sends it, the [`crate::Mailer`] knows.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// The e-mail address that it goes to.
    pub to: String,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// What it says may hold a link that is as good as a password.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("subject", &self.subject).finish_non_exhaustive()
    }
}
