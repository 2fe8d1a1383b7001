//! Bodies of requests and answers, where an operator wants them kept.

use std::io::{self, Read, Write};

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use roundhouse_domain::{RequestId, Timestamp};
use sea_orm::prelude::Uuid;
use sea_orm::sea_query::{OnConflict, Query};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, Order, QueryFilter, QuerySelect};

use crate::entity::request_body::{ActiveModel, Column, Entity};
use crate::error::StorageError;

const TABLE: &str = "request_bodies";

/// The bodies of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bodies {
    /// Whose they are.
    pub id: RequestId,
    /// When they were captured.
    pub captured_at: Timestamp,
    /// What the caller sent.
    pub request: Option<Body>,
    /// What the caller got.
    pub response: Option<Body>,
}

/// One body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether there was more of it than may be kept.
    pub is_cut: bool,
}

/// Keeps bodies; those of a request that has some already stay as they are. Compressing takes time: off the async threads.
pub async fn insert(connection: &impl ConnectionTrait, bodies: &Compressed) -> Result<(), StorageError> {
    let keep = OnConflict::column(Column::Id).do_nothing().to_owned();
    Entity::insert(bodies.0.clone()).on_conflict(keep).exec_without_returning(connection).await?;
    Ok(())
}

/// Bodies as they are stored.
#[derive(Clone, Debug)]
pub struct Compressed(ActiveModel);

impl Compressed {
    /// Compresses bodies.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn new(bodies: &Bodies) -> io::Result<Self> {
        let deflated = |body: &Option<Body>| body.as_ref().map(|body| deflate(&body.bytes)).transpose();
        let is_cut = |body: &Option<Body>| body.as_ref().is_some_and(|body| body.is_cut);
        Ok(Self(ActiveModel {
            id: Set(bodies.id.0),
            captured_at: Set(bodies.captured_at.as_millis()),
            request: Set(deflated(&bodies.request)?),
            request_cut: Set(is_cut(&bodies.request)),
            response: Set(deflated(&bodies.response)?),
            response_cut: Set(is_cut(&bodies.response)),
        }))
    }
}

/// The bodies of a request, where they were kept.
pub async fn get(connection: &impl ConnectionTrait, id: RequestId) -> Result<Option<Bodies>, StorageError> {
    let Some(row) = Entity::find_by_id(id.0).one(connection).await? else { return Ok(None) };
    let body = |bytes: Option<Vec<u8>>, is_cut, column| {
        let inflated = bytes.map(|bytes| inflate(&bytes).map(|bytes| Body { bytes, is_cut }));
        inflated.transpose().map_err(|_| StorageError::corrupt(TABLE, column, id))
    };
    Ok(Some(Bodies {
        id,
        captured_at: Timestamp::from_millis(row.captured_at),
        request: body(row.request, row.request_cut, "request")?,
        response: body(row.response, row.response_cut, "response")?,
    }))
}

/// Whether bodies of a request were kept.
pub async fn exists(connection: &impl ConnectionTrait, id: RequestId) -> Result<bool, StorageError> {
    let found =
        Entity::find_by_id(id.0).select_only().column(Column::Id).into_tuple::<Uuid>().one(connection);
    Ok(found.await?.is_some())
}

/// Removes bodies captured before `time`, the oldest first, `max_rows` at the most; tells how many.
pub async fn delete_before(
    connection: &impl ConnectionTrait,
    time: Timestamp,
    max_rows: u64,
) -> Result<u64, StorageError> {
    let oldest = Query::select()
        .column(Column::Id)
        .from(Entity)
        .and_where(Column::CapturedAt.lt(time.as_millis()))
        .order_by(Column::CapturedAt, Order::Asc)
        .limit(max_rows)
        .take();
    Ok(Entity::delete_many().filter(Column::Id.in_subquery(oldest)).exec(connection).await?.rows_affected)
}

fn deflate(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn inflate(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut whole = Vec::new();
    DeflateDecoder::new(bytes).read_to_end(&mut whole)?;
    Ok(whole)
}
