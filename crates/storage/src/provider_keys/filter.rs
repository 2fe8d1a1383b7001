//! Which provider keys are meant.

use roundhouse_domain::{KeyHash, KeyStatus, Timestamp};
use sea_orm::sea_query::{Expr, ExprTrait, Func, LikeExpr, SimpleExpr};
use sea_orm::{ColumnTrait, Condition};

use super::{Column, Entity, status_at};

/// Which keys of a provider; what is absent does not matter.
#[derive(Clone, Copy, Debug)]
pub struct Filter<'a> {
    /// The provider's name.
    pub provider: &'a str,
    /// Only those of this status at `now`.
    pub status: Option<KeyStatus>,
    /// A text in the note, a tag, or the key as it is shown; letters of either case.
    pub text: Option<&'a str>,
    /// A whole tag.
    pub tag: Option<&'a str>,
    /// Exactly this key.
    pub key: Option<KeyHash>,
    /// The present; a key whose cooling is over counts as active.
    pub now: Timestamp,
}

impl<'a> Filter<'a> {
    /// All keys of a provider.
    pub const fn all(provider: &'a str, now: Timestamp) -> Self {
        Self { provider, status: None, text: None, tag: None, key: None, now }
    }

    pub(super) fn condition(&self) -> Condition {
        let status = self.status.map(|status| status_at(self.now).eq(status.as_str()));
        let tag = self.tag.map(|tag| {
            // Tags are a JSON array, in which a whole tag stands in quotes.
            let quoted = serde_json::Value::from(tag).to_string();
            Expr::col((Entity, Column::Tags)).like(containing(&quoted))
        });
        Condition::all()
            .add(Column::Provider.eq(self.provider))
            .add_option(status)
            .add_option(self.text.map(text))
            .add_option(tag)
            .add_option(self.key.map(|key| Column::KeyHash.eq(key.0.to_vec())))
    }
}

fn text(text: &str) -> Condition {
    let text = text.to_lowercase();
    let within = |column: Column| -> SimpleExpr {
        Expr::expr(Func::lower(Expr::col((Entity, column)))).like(containing(&text))
    };
    Condition::any().add(within(Column::Note)).add(within(Column::Tags)).add(within(Column::Masked))
}

fn containing(text: &str) -> LikeExpr {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(character);
    }
    pattern.push('%');
    LikeExpr::new(pattern).escape('!')
}
