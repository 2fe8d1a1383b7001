//! Pages of a list: as many items as asked for, and where the next page begins.

use roundhouse_domain::ErrorKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::problem::Problem;

/// Items of a page when nobody says how many.
const DEFAULT: u64 = 50;

/// Items of a page at the most.
const MOST: u64 = 500;

/// Which page of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Items, at most 500. Default 50.
    limit: Option<u64>,
    /// Where to begin: `next_cursor` of the page before.
    cursor: Option<String>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// Where the next page begins; null on the last one.
    pub next_cursor: Option<String>,
}

impl PageQuery {
    /// How many items are asked for.
    pub fn limit(&self) -> Result<u64, Problem> {
        match self.limit {
            None => Ok(DEFAULT),
            Some(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            Some(_) => {
                Err(Problem::new(ErrorKind::Invalid, "invalid_limit", format!("`limit` must be 1 to {MOST}")))
            }
        }
    }

    /// The id that the page begins behind.
    pub fn after<I: From<Uuid>>(&self) -> Result<Option<I>, Problem> {
        let Some(cursor) = &self.cursor else { return Ok(None) };
        let invalid =
            |_| Problem::new(ErrorKind::Invalid, "invalid_cursor", "`cursor` must be a page's `next_cursor`");
        Uuid::parse_str(cursor).map(|id| Some(id.into())).map_err(invalid)
    }
}

impl PageQuery {
    /// The text that the page begins behind, for lists by name.
    pub fn text(&self) -> Option<&str> {
        self.cursor.as_deref()
    }
}

impl<T> Page<T> {
    /// A page of `items`; there may be more when it is full.
    pub fn new<S>(items: Vec<S>, limit: u64, id: impl Fn(&S) -> String, show: impl Fn(S) -> T) -> Self {
        let full = items.len() as u64 >= limit;
        let next_cursor = items.last().filter(|_| full).map(id);
        Self { items: items.into_iter().map(show).collect(), next_cursor }
    }
}
