//! Sums, grouped.

use std::sync::Arc;

use roundhouse_domain::{KeyHash, Timestamp, UserId};
use sea_orm::{ConnectionTrait, QueryResult};

use super::{Counts, Cube, Grain, counter_columns, statement};
use crate::dimensions::{self, Kind};
use crate::error::StorageError;

/// What a line of the roll-up is about, in the order of its key.
pub(crate) const KEY: [&str; 9] = [
    "cube",
    "grain",
    "at",
    "user_dim",
    "group_dim",
    "access_key_dim",
    "model_dim",
    "provider_dim",
    "provider_key_dim",
];

/// By what sums are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// Whose access key it was.
    User,
    /// The group that it counts for.
    Group,
    /// The access key.
    AccessKey,
    /// The public model name.
    Model,
    /// The provider.
    Provider,
    /// The provider key.
    ProviderKey,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::User, Self::Group, Self::AccessKey, Self::Model, Self::Provider, Self::ProviderKey];

    /// Its name, as in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Group => "group",
            Self::AccessKey => "access_key",
            Self::Model => "model",
            Self::Provider => "provider",
            Self::ProviderKey => "provider_key",
        }
    }

    /// Reads what [`Self::as_str`] writes.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|dimension| dimension.as_str() == text)
    }

    /// True where it says who asked: the sums of provider keys do not know that.
    pub const fn is_of_callers(self) -> bool {
        matches!(self, Self::User | Self::Group | Self::AccessKey)
    }
}

/// Which sums.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// From the minute, hour or day on that this is in.
    pub from: Timestamp,
    /// Until before this.
    pub to: Timestamp,
    /// The length of time that sums are read by; the longest that is precise enough is the fastest.
    pub grain: Option<Grain>,
    /// The length of time that sums are over, in milliseconds; none for one over all of the time.
    pub step_ms: Option<i64>,
    /// By what they are grouped.
    pub group_by: Vec<Dimension>,
    /// Only of this user.
    pub user: Option<UserId>,
    /// Only of this group.
    pub group: Option<String>,
    /// Only of this access key.
    pub access_key: Option<String>,
    /// Only of this public model name.
    pub model: Option<String>,
    /// Only of this provider.
    pub provider: Option<String>,
    /// Only of this provider key.
    pub provider_key: Option<KeyHash>,
    /// Only so many groups, those that cost the most, then those with the most requests.
    pub top: Option<u32>,
}

/// A sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When its time begins.
    pub at: Timestamp,
    /// What it is about, in the order of `group_by`; none for requests without such a thing.
    pub names: Vec<Option<Arc<str>>>,
    /// What it comes to.
    pub counts: Counts,
}

impl Query {
    /// True when it asks for provider keys together with who asked, of which there are no sums.
    pub fn mixes_keys_and_callers(&self) -> bool {
        let asks_callers = self.user.is_some()
            || self.group.is_some()
            || self.access_key.is_some()
            || self.group_by.iter().any(|dimension| dimension.is_of_callers());
        self.is_of_keys() && asks_callers
    }

    fn is_of_keys(&self) -> bool {
        self.provider_key.is_some() || self.group_by.contains(&Dimension::ProviderKey)
    }

    /// The shortest length of time whose sums are asked for.
    fn grain(&self) -> Grain {
        let span = self.to.as_millis().saturating_sub(self.from.as_millis());
        let by_span = match span {
            0..=21_600_000 => Grain::Minute,
            21_600_001..=2_678_400_000 => Grain::Hour,
            _ => Grain::Day,
        };
        let by_step = match self.step_ms {
            Some(step) if step % Grain::Day.millis() == 0 => Grain::Day,
            Some(step) if step % Grain::Hour.millis() == 0 => Grain::Hour,
            Some(_) => Grain::Minute,
            None => by_span,
        };
        self.grain.unwrap_or(by_step)
    }
}

/// Sums by time, and within it by cost and requests, the most first.
pub async fn list(connection: &impl ConnectionTrait, query: &Query) -> Result<Vec<Line>, StorageError> {
    let Some(filters) = filters(connection, query).await? else { return Ok(Vec::new()) };
    let (cube, grain) = (if query.is_of_keys() { Cube::Keys } else { Cube::Callers }, query.grain());
    let at = match query.step_ms {
        Some(step) => format!("at - at % {step}"),
        // PostgreSQL takes a small number for an integer of 32 bits.
        None => format!("CAST({} AS BIGINT)", grain.floor(query.from).as_millis()),
    };
    let dims: Vec<&str> = query.group_by.iter().map(|dimension| column(*dimension)).collect();
    let sums: Vec<String> =
        counter_columns().map(|name| format!("CAST(SUM({name}) AS BIGINT) AS {name}")).collect();
    let selected =
        [vec![format!("{at} AS at_time")], dims.iter().map(|&dim| dim.to_owned()).collect(), sums].concat();
    let mut groups: Vec<&str> = dims;
    if query.step_ms.is_some() {
        groups.insert(0, "at_time");
    }
    let group_by = if groups.is_empty() { String::new() } else { format!("GROUP BY {}", groups.join(", ")) };
    let order = if query.step_ms.is_some() { "at_time, " } else { "" };
    let limit = query.top.map_or_else(String::new, |top| format!("LIMIT {top}"));
    let text = format!(
        "SELECT {} FROM usage WHERE cube = {} AND grain = {} AND at >= {} AND at < {} {filters} {group_by} \
         ORDER BY {order} SUM(cost_nanousd) DESC, SUM(requests) DESC {limit}",
        selected.join(", "),
        cube as i16,
        grain as i16,
        grain.floor(query.from).as_millis(),
        query.to.as_millis(),
    );
    let rows = connection.query_all_raw(statement(connection, text)).await?;
    read(connection, query, rows).await
}

async fn read(
    connection: &impl ConnectionTrait,
    query: &Query,
    rows: Vec<QueryResult>,
) -> Result<Vec<Line>, StorageError> {
    let width = query.group_by.len();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let dims =
            (1..=width).map(|index| row.try_get_by_index::<i32>(index)).collect::<Result<Vec<_>, _>>()?;
        // Without a group there is one row even where nothing was summed.
        let counts = Counts::from_numbers(|index| {
            row.try_get_by_index::<Option<i64>>(index + width + 1).map(Option::unwrap_or_default)
        })?;
        let at = Timestamp::from_millis(row.try_get_by_index::<i64>(0)?);
        lines.push((at, dims, counts));
    }
    let names =
        dimensions::names(connection, lines.iter().flat_map(|(_, dims, _)| dims.iter().copied())).await?;
    let line = |(at, dims, counts): (Timestamp, Vec<i32>, Counts)| {
        let names = dims.iter().map(|dim| names.get(dim).cloned()).collect();
        Line { at, names, counts }
    };
    Ok(lines.into_iter().map(line).collect())
}

async fn filters(connection: &impl ConnectionTrait, query: &Query) -> Result<Option<String>, StorageError> {
    let user = query.user.map(|user| user.to_string());
    let key = query.provider_key.map(|key| key.to_string());
    let mut filters = String::new();
    for (dimension, kind, name) in [
        (Dimension::User, Kind::User, &user),
        (Dimension::Group, Kind::Group, &query.group),
        (Dimension::AccessKey, Kind::AccessKey, &query.access_key),
        (Dimension::Model, Kind::Model, &query.model),
        (Dimension::Provider, Kind::Provider, &query.provider),
        (Dimension::ProviderKey, Kind::ProviderKey, &key),
    ] {
        let Some(name) = name else { continue };
        let Some(number) = dimensions::find(connection, kind, name).await? else { return Ok(None) };
        filters = format!("{filters} AND {} = {number}", column(dimension));
    }
    Ok(Some(filters))
}

pub(super) const fn column(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::User => "user_dim",
        Dimension::Group => "group_dim",
        Dimension::AccessKey => "access_key_dim",
        Dimension::Model => "model_dim",
        Dimension::Provider => "provider_dim",
        Dimension::ProviderKey => "provider_key_dim",
    }
}
