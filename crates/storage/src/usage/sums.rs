//! What has been spent: what budgets begin with.

use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_domain::{NanoUsd, Timestamp};
use sea_orm::ConnectionTrait;

use super::Grain;
use super::list::{Dimension, Query, list};
use crate::error::StorageError;

/// For whom budgets are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Access keys, by name.
    AccessKey,
    /// Users, by id.
    User,
    /// Groups, by name.
    Group,
}

/// What somebody has used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Money.
    pub cost: NanoUsd,
    /// Tokens, in and out.
    pub tokens: u64,
    /// Requests.
    pub requests: u64,
}

/// What each of `subject` has used of the days from `from` until `to` (UTC), by name; who has used nothing is not there.
pub async fn sums(
    connection: &impl ConnectionTrait,
    subject: Subject,
    from: Timestamp,
    to: Timestamp,
) -> Result<HashMap<Arc<str>, Spent>, StorageError> {
    let dimension = match subject {
        Subject::AccessKey => Dimension::AccessKey,
        Subject::User => Dimension::User,
        Subject::Group => Dimension::Group,
    };
    let query = Query { from, to, grain: Some(Grain::Day), group_by: vec![dimension], ..Query::default() };
    let lines = list(connection, &query).await?;
    let spent = lines.into_iter().filter_map(|mut line| {
        let name = line.names.pop().flatten()?;
        let count = |number: i64| u64::try_from(number).unwrap_or_default();
        let tokens = count(line.counts.input_tokens.saturating_add(line.counts.output_tokens));
        let cost = NanoUsd(line.counts.cost_nanousd);
        Some((name, Spent { cost, tokens, requests: count(line.counts.requests) }))
    });
    Ok(spent.collect())
}
