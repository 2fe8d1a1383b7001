//! Another master key in the place of the one before.
//!
//! Everything that is sealed is sealed anew, in one transaction. What is only recognised by its hash (access keys, personal tokens,
//! the names of provider keys) cannot be hashed anew, for nobody knows it: the key of these hashes is taken along, sealed. What is
//! signed is not: all logins end.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sea_orm::prelude::{Expr, Uuid};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::canary::{self, CanaryError};
use super::{MasterKey, SealingError};
use crate::database::Database;
use crate::entity::{config_object, provider_key, provider_key_import, revision, totp_factor};
use crate::error::StorageError;
use crate::revisions::ObjectChange;
use crate::{config_objects, provider_key_imports, provider_keys, totp_factors};

/// Rows that are sealed anew at a time.
const PAGE: u64 = 1_000;

/// What became of what was sealed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Resealed {
    /// Sealed under the new key.
    pub done: u64,
    /// Left as it is: it did not open under the old key either.
    pub unopenable: u64,
}

/// Seals what was sealed under one key under another.
struct Reseal<'a> {
    from: &'a MasterKey,
    to: &'a MasterKey,
    count: Resealed,
}

impl MasterKey {
    /// Seals everything in `database` under `to`, all of it or nothing. Nobody else may use the database meanwhile.
    pub async fn rotate(&self, database: &Database, to: &Self) -> Result<Resealed, CanaryError> {
        let from = self.verify(database).await?;
        let transaction = database.write().await?;
        let mut reseal = Reseal { from: &from, to, count: Resealed::default() };
        reseal.everything(&transaction).await?;
        canary::move_in(&transaction, &from, to).await?;
        transaction.commit().await.map_err(StorageError::from)?;
        Ok(reseal.count)
    }
}

impl Reseal<'_> {
    async fn everything(&mut self, transaction: &DatabaseTransaction) -> Result<(), CanaryError> {
        {
            use provider_key::{Column, Entity};
            let (key, proxy) = (provider_keys::SEALING_CONTEXT, provider_keys::PROXY_CONTEXT);
            self.column::<Entity>(transaction, (Column::Id, Column::Sealed), key).await?;
            self.column::<Entity>(transaction, (Column::Id, Column::SealedProxy), proxy).await?;
        }
        {
            use config_object::{Column, Entity};
            let context = config_objects::SEALING_CONTEXT;
            self.column::<Entity>(transaction, (Column::Id, Column::Sealed), context).await?;
        }
        {
            use provider_key_import::{Column, Entity};
            let context = provider_key_imports::SEALING_CONTEXT;
            self.column::<Entity>(transaction, (Column::Id, Column::Sealed), context).await?;
        }
        {
            use totp_factor::{Column, Entity};
            let context = totp_factors::SEALING_CONTEXT;
            self.column::<Entity>(transaction, (Column::UserId, Column::Sealed), context).await?;
        }
        self.revisions(transaction).await
    }

    /// Seals one column of a table anew, by the table's key.
    async fn column<E: EntityTrait>(
        &mut self,
        connection: &impl ConnectionTrait,
        (key, sealed): (E::Column, E::Column),
        context: &str,
    ) -> Result<(), CanaryError> {
        let mut after = None::<Uuid>;
        loop {
            let mut query = E::find().select_only().columns([key, sealed]).filter(sealed.is_not_null());
            if let Some(after) = after {
                query = query.filter(key.gt(after));
            }
            let query = query.order_by_asc(key).limit(PAGE).into_tuple();
            let rows: Vec<(Uuid, Vec<u8>)> = query.all(connection).await.map_err(StorageError::from)?;
            for (id, bytes) in &rows {
                let Some(fresh) = self.anew(bytes, context)? else { continue };
                let update = E::update_many().col_expr(sealed, Expr::value(fresh)).filter(key.eq(*id));
                update.exec(connection).await.map_err(StorageError::from)?;
            }
            after = rows.last().map(|(id, _)| *id);
            if (rows.len() as u64) < PAGE {
                return Ok(());
            }
        }
    }

    /// Seals the secrets of old versions anew.
    async fn revisions(&mut self, connection: &impl ConnectionTrait) -> Result<(), CanaryError> {
        use revision::{Column, Entity};
        let mut after = 0;
        loop {
            let query = Entity::find().select_only().columns([Column::Number, Column::Changes]);
            let query = query.filter(Column::Number.gt(after)).order_by_asc(Column::Number).limit(PAGE);
            let rows: Vec<(i64, String)> =
                query.into_tuple().all(connection).await.map_err(StorageError::from)?;
            for (number, text) in &rows {
                let corrupt = || StorageError::corrupt("revisions", "changes", number);
                let mut changes: Vec<ObjectChange> = serde_json::from_str(text).map_err(|_| corrupt())?;
                let before = self.count;
                for version in changes.iter_mut().flat_map(|change| [&mut change.before, &mut change.after]) {
                    let Some(sealed) = version.as_mut().and_then(|version| version.sealed.as_mut()) else {
                        continue;
                    };
                    let bytes = STANDARD.decode(&*sealed).map_err(|_| corrupt())?;
                    if let Some(fresh) = self.anew(&bytes, config_objects::SEALING_CONTEXT)? {
                        *sealed = STANDARD.encode(fresh);
                    }
                }
                if self.count.done > before.done {
                    let text = serde_json::to_string(&changes).map_err(|_| corrupt())?;
                    let update = Entity::update_many().col_expr(Column::Changes, Expr::value(text));
                    let update = update.filter(Column::Number.eq(*number));
                    update.exec(connection).await.map_err(StorageError::from)?;
                }
            }
            let Some((last, _)) = rows.last() else { return Ok(()) };
            after = *last;
        }
    }

    /// The same sealed under the new key; none where it does not open.
    fn anew(&mut self, sealed: &[u8], context: &str) -> Result<Option<Vec<u8>>, SealingError> {
        let Ok(plain) = self.from.open(sealed, context) else {
            self.count.unopenable += 1;
            return Ok(None);
        };
        self.count.done += 1;
        self.to.seal(&plain, context).map(Some)
    }
}
