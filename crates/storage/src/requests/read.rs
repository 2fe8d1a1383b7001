//! Rows of the log as records.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use roundhouse_domain::{
    AccessKeyId, Choices, KeyHash, NanoUsd, RequestId, RequestRecord, Timestamp, TokenUsage, UserId,
};
use sea_orm::prelude::Uuid;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};

use super::{TABLE, attempts, more, numbers, row};
use crate::dimensions;
use crate::entity::request::Model;
use crate::entity::request_detail as detail;
use crate::error::StorageError;

/// Ids that are asked for at once.
const CHUNK: usize = 1_000;

/// Rows with all that belongs to them, in the same order; without those that were removed since they were read, which takes
/// their details too.
pub(super) async fn records(
    connection: &impl ConnectionTrait,
    rows: Vec<Model>,
) -> Result<Vec<RequestRecord>, StorageError> {
    let dims = rows.iter().flat_map(|row| {
        [
            row.access_key_dim,
            row.user_dim,
            row.group_dim,
            row.model_dim,
            row.provider_dim,
            row.provider_key_dim,
            row.operation_dim,
        ]
    });
    let names = dimensions::names(connection, dims).await?;
    let mut details: HashMap<Uuid, detail::Model> = HashMap::with_capacity(rows.len());
    for chunk in rows.chunks(CHUNK) {
        let ids = detail::Column::Id.is_in(chunk.iter().map(|row| row.id));
        let found = detail::Entity::find().filter(ids).all(connection).await?;
        details.extend(found.into_iter().map(|detail| (detail.id, detail)));
    }
    rows.into_iter()
        .filter_map(|row| details.remove(&row.id).map(|detail| record(&row, detail, &names)))
        .collect()
}

fn record(
    row: &Model,
    detail: detail::Model,
    names: &HashMap<i32, Arc<str>>,
) -> Result<RequestRecord, StorageError> {
    let corrupt = |column| StorageError::corrupt(TABLE, column, row.id);
    let millis = |number: i32, column| u32::try_from(number).map_err(|_| corrupt(column));
    let name = |number: i32, column| match number {
        0 => Ok(None),
        number => names.get(&number).cloned().map(Some).ok_or_else(|| corrupt(column)),
    };
    let key = name(row.provider_key_dim, "provider_key_dim")?.map(|text| KeyHash::parse(&text));
    let last = attempts::Last {
        provider: name(row.provider_dim, "provider_dim")?,
        model: detail.upstream_model,
        key_hash: key.map(|key| key.ok_or_else(|| corrupt("provider_key_dim"))).transpose()?,
    };
    let user = name(row.user_dim, "user_dim")?.map(|text| text.parse::<UserId>());
    let model = name(row.model_dim, "model_dim")?.unwrap_or_default();
    let choices =
        detail.choices.as_deref().map(|text| Choices::read(text, &model).ok_or_else(|| corrupt("choices")));
    let ip = detail.client_ip.as_deref().map(str::parse).transpose();
    let mut record = RequestRecord {
        duration_ms: millis(row.duration_ms, "duration_ms")?,
        first_byte_ms: row.first_byte_ms.map(|number| millis(number, "first_byte_ms")).transpose()?,
        access_key_id: detail.access_key_id.map(AccessKeyId),
        access_key: name(row.access_key_dim, "access_key_dim")?.unwrap_or_default(),
        user_id: user.transpose().map_err(|_| corrupt("user_dim"))?,
        group: name(row.group_dim, "group_dim")?,
        operation: Cow::Owned(name(row.operation_dim, "operation_dim")?.unwrap_or_default().to_string()),
        stream: row.flags & row::STREAM != 0,
        status: u16::try_from(row.status).map_err(|_| corrupt("status"))?,
        outcome: numbers::outcome(row.outcome).ok_or_else(|| corrupt("outcome"))?,
        error: detail.error.map(Into::into),
        usage: usage(row).ok_or_else(|| corrupt("tokens"))?,
        estimated: row.flags & row::ESTIMATED != 0,
        cost: row.cost_nanousd.map(NanoUsd),
        cache_hit: row.flags & row::CACHE_HIT != 0,
        client_ip: ip.map_err(|_| corrupt("client_ip"))?,
        attempts: attempts::read(&detail.attempts, last).ok_or_else(|| corrupt("attempts"))?,
        choices: choices.transpose()?.unwrap_or_default(),
        model,
        ..RequestRecord::new(RequestId(row.id), Timestamp::from_millis(row.started_at))
    };
    more::read(detail.more.as_deref()).ok_or_else(|| corrupt("more"))?.restore(&mut record);
    Ok(record)
}

fn usage(row: &Model) -> Option<TokenUsage> {
    let count = |number: i64| u64::try_from(number).ok();
    Some(TokenUsage {
        input: count(row.input_tokens)?,
        output: count(row.output_tokens)?,
        cached: count(row.cached_tokens)?,
        cache_write: count(row.cache_write_tokens)?,
        reasoning: count(row.reasoning_tokens)?,
        audio_input: count(row.audio_input_tokens)?,
        audio_output: count(row.audio_output_tokens)?,
    })
}
