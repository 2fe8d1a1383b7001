//! Which requests.

use roundhouse_domain::{KeyHash, Outcome, RequestId, RequestRecord, Timestamp, UserId};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{Expr, ExprTrait, LikeExpr, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait};

use super::{numbers, row};
use crate::dimensions::{self, Kind};
use crate::entity::request::{Column, Entity};
use crate::entity::{request_detail, request_failure};
use crate::error::StorageError;

/// How far the time in an id may be from the request's own: ids are made at arrival, by the same clock.
const ID_SLACK_MS: i64 = 60_000;

/// Which requests to list; what is absent does not matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this one.
    pub id: Option<RequestId>,
    /// The access key's name.
    pub access_key: Option<String>,
    /// Whose access key it was.
    pub user: Option<UserId>,
    /// The group that it counts for.
    pub group: Option<String>,
    /// The public model name.
    pub model: Option<String>,
    /// What was asked for.
    pub operation: Option<String>,
    /// Who made the last attempt.
    pub provider: Option<String>,
    /// The key of the last attempt.
    pub provider_key: Option<KeyHash>,
    /// The answer's status, from and to, both included.
    pub status: Option<(u16, u16)>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The status of an attempt that failed.
    pub attempt_status: Option<u16>,
    /// Words in an error, of the request or of an attempt.
    pub error: Option<String>,
    /// Where the caller was.
    pub client_ip: Option<String>,
    /// The conversation, by the caller's own id.
    pub session: Option<String>,
    /// One of the caller's words for it.
    pub tag: Option<String>,
    /// Whether a stream was asked for.
    pub stream: Option<bool>,
    /// Whether the response cache answered.
    pub cache_hit: Option<bool>,
    /// Took as long as that, in milliseconds, or longer.
    pub min_duration_ms: Option<u32>,
    /// Arrived then or later.
    pub from: Option<Timestamp>,
    /// Arrived before.
    pub to: Option<Timestamp>,
}

impl Filter {
    /// Whether a request fulfils it: for those that are not stored yet.
    pub fn matches(&self, record: &RequestRecord) -> bool {
        fn is<T: PartialEq>(wanted: Option<&T>, found: Option<&T>) -> bool {
            wanted.is_none() || wanted == found
        }
        let text =
            |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        let last = record.attempts.last();
        let errors = || record.attempts.iter().map(|attempt| &attempt.error).chain([&record.error]).flatten();
        let contains =
            |words: &str| errors().any(|error| error.to_lowercase().contains(&words.to_lowercase()));
        let failed = |status: u16| {
            record.attempts.iter().any(|attempt| attempt.verdict != "ok" && attempt.status == Some(status))
        };
        is(self.id.as_ref(), Some(&record.id))
            && text(&self.access_key, &record.access_key)
            && is(self.user.as_ref(), record.user_id.as_ref())
            && text(&self.group, record.group.as_deref().unwrap_or_default())
            && text(&self.model, &record.model)
            && text(&self.operation, &record.operation)
            && text(&self.provider, last.map_or("", |attempt| &attempt.provider))
            && is(self.provider_key.as_ref(), last.and_then(|attempt| attempt.key_hash.as_ref()))
            && self.status.is_none_or(|(from, to)| (from..=to).contains(&record.status))
            && is(self.outcome.as_ref(), Some(&record.outcome))
            && self.attempt_status.is_none_or(failed)
            && self.error.as_deref().is_none_or(contains)
            && is(self.client_ip.as_ref(), record.client_ip.map(|address| address.to_string()).as_ref())
            && text(&self.session, record.session.as_deref().unwrap_or_default())
            && self.tag.as_deref().is_none_or(|tag| record.tags.iter().any(|found| **found == *tag))
            && is(self.stream.as_ref(), Some(&record.stream))
            && is(self.cache_hit.as_ref(), Some(&record.cache_hit))
            && self.min_duration_ms.is_none_or(|millis| record.duration_ms >= millis)
            && self.from.is_none_or(|from| record.started_at >= from)
            && self.to.is_none_or(|to| record.started_at < to)
    }

    /// What the rows must fulfil; none where a name is asked for that no request ever had.
    pub(super) async fn conditions(
        &self,
        connection: &impl ConnectionTrait,
    ) -> Result<Option<Condition>, StorageError> {
        let user = self.user.map(|user| user.to_string());
        let key = self.provider_key.map(|key| key.to_string());
        let mut all = Condition::all();
        for (column, kind, name) in [
            (Column::AccessKeyDim, Kind::AccessKey, &self.access_key),
            (Column::UserDim, Kind::User, &user),
            (Column::GroupDim, Kind::Group, &self.group),
            (Column::ModelDim, Kind::Model, &self.model),
            (Column::OperationDim, Kind::Operation, &self.operation),
            (Column::ProviderDim, Kind::Provider, &self.provider),
            (Column::ProviderKeyDim, Kind::ProviderKey, &key),
        ] {
            let Some(name) = name else { continue };
            let Some(number) = dimensions::find(connection, kind, name).await? else { return Ok(None) };
            all = all.add(column.eq(number));
        }
        Ok(Some(self.times(self.texts(self.plain(all)))))
    }

    fn plain(&self, all: Condition) -> Condition {
        let between = |(from, to): (u16, u16)| Column::Status.between(i32::from(from), i32::from(to));
        all.add_option(self.id.map(|id| Column::Id.eq(id.0)))
            .add_option(self.status.map(between))
            .add_option(self.outcome.map(|outcome| Column::Outcome.eq(numbers::of_outcome(outcome))))
            .add_option(self.stream.map(|is_set| has_flag(row::STREAM, is_set)))
            .add_option(self.cache_hit.map(|is_set| has_flag(row::CACHE_HIT, is_set)))
            .add_option(
                self.min_duration_ms
                    .map(|millis| Column::DurationMs.gte(i32::try_from(millis).unwrap_or(i32::MAX))),
            )
    }

    /// What needs a look into the other tables, behind a number in this one that rules most rows out.
    fn texts(&self, mut all: Condition) -> Condition {
        if let Some(address) = &self.client_ip {
            all = all
                .add(Column::ClientIpHash.eq(numbers::hash(address)))
                .add(Expr::exists(detail(request_detail::Column::ClientIp.eq(address))));
        }
        if let Some(session) = &self.session {
            // The hash is of 31 bits: of a million sessions, fewer than one in a thousand shares its own.
            all = all.add(Column::SessionHash.eq(numbers::hash(session)));
        }
        if let Some(tag) = &self.tag {
            let written = serde_json::to_string(tag).unwrap_or_default();
            all = all
                .add(has_flag(row::MORE, true))
                .add(Expr::exists(detail(request_detail::Column::More.like(containing(&written)))));
        }
        if self.error.is_none() && self.attempt_status.is_none() {
            return all;
        }
        let mut failures =
            Query::select().column(request_failure::Column::Id).from(request_failure::Entity).take();
        if let Some(words) = &self.error {
            // LIKE heeds case on PostgreSQL only.
            let lower =
                Expr::expr(sea_orm::sea_query::Func::lower(Expr::col(request_failure::Column::Error)));
            failures.and_where(lower.like(containing(&words.to_lowercase())));
        }
        if let Some(status) = self.attempt_status {
            failures.and_where(request_failure::Column::Status.eq(i32::from(status)));
        }
        if let Some(from) = self.from {
            failures.and_where(request_failure::Column::Id.gte(earliest(from)));
        }
        if let Some(to) = self.to {
            failures.and_where(request_failure::Column::Id.lt(latest(to)));
        }
        all.add(has_flag(row::FAILURES, true)).add(Column::Id.in_subquery(failures))
    }

    fn times(&self, mut all: Condition) -> Condition {
        if let Some(from) = self.from {
            all = all.add(Column::Id.gte(earliest(from))).add(Column::StartedAt.gte(from.as_millis()));
        }
        match self.to {
            Some(to) => all.add(arrived_before(to)),
            None => all,
        }
    }
}

/// Ids sort by time, so the one index on them finds times as well.
pub(super) fn arrived_before(time: Timestamp) -> Condition {
    Condition::all().add(Column::Id.lt(latest(time))).add(Column::StartedAt.lt(time.as_millis()))
}

/// The smallest id that a request of that time or later may have.
pub(super) fn earliest(time: Timestamp) -> Uuid {
    first_id(time.as_millis().saturating_sub(ID_SLACK_MS))
}

/// An id above all that a request before that time may have.
pub(super) fn latest(time: Timestamp) -> Uuid {
    first_id(time.as_millis().saturating_add(ID_SLACK_MS))
}

/// The smallest id of that millisecond or later (RFC 9562, section 5.7: 48 bits of time come first).
fn first_id(millis: i64) -> Uuid {
    let millis = u128::try_from(millis.clamp(0, (1 << 48) - 1)).unwrap_or_default();
    Uuid::from_u128(millis << 80)
}

fn has_flag(flag: i16, is_set: bool) -> Expr {
    Expr::col((Entity, Column::Flags)).bit_and(flag).eq(if is_set { flag } else { 0 })
}

/// Details of the same request.
fn detail(condition: Expr) -> SelectStatement {
    Query::select()
        .expr(Expr::val(1))
        .from(request_detail::Entity)
        .and_where(
            Expr::col((request_detail::Entity, request_detail::Column::Id)).equals((Entity, Column::Id)),
        )
        .and_where(condition)
        .take()
}

/// A pattern for texts that contain `words` as they stand.
fn containing(words: &str) -> LikeExpr {
    let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    LikeExpr::new(format!("%{escaped}%")).escape('\\')
}
