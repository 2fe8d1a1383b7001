//! A control on a database that is there for one test.

use std::sync::Arc;

use roundhouse_config::{Layers, Sources};
use roundhouse_control::recorder::Bounds;
use roundhouse_control::{Control, Parts, Recorder};
use roundhouse_domain::{Author, Clock, Ids, Secret};
use roundhouse_gateway::Gateway;
use roundhouse_gateway::hash::LookupHasher;
use roundhouse_storage::testing::{START_MILLIS, TestDatabase, databases};
use roundhouse_storage::{Database, MasterKey};

/// A control, and the database that it is on.
pub(crate) struct Ground {
    pub(crate) control: Control,
    pub(crate) place: TestDatabase,
}

/// A control on a fresh database of each kind, with the settings of `file`.
pub(crate) async fn grounds(file: &str) -> Vec<Ground> {
    let mut grounds = Vec::new();
    for place in databases().await {
        std::fs::write(place.folder().join("roundhouse.yaml"), file).expect("the folder is writable");
        let control = control(&place).await;
        grounds.push(Ground { control, place });
    }
    grounds
}

/// One more control on the same database, as another process would have.
pub(crate) async fn control(place: &TestDatabase) -> Control {
    let sources = Sources { file: Some(place.folder().join("roundhouse.yaml")), ..Sources::default() };
    let config = Layers::read(&sources).with(&[]).expect("the file is right");
    let control = Control::new(parts(place.database.clone(), sources, config));
    control.start().await.expect("the configuration is applied");
    control
}

fn parts(database: Database, sources: Sources, config: roundhouse_config::Config) -> Parts {
    let clock = Clock::frozen(START_MILLIS);
    let master = MasterKey::from_text(&Secret::from("the master key of tests"));
    let hasher = LookupHasher::new(*master.derive_lasting("look up credentials"));
    let ids = Ids::random(clock.clone());
    let sink = Arc::new(Recorder::new(Bounds { queued_records: 10, waiting_body_bytes: 0, spool: None }));
    let (gateway, _) = Gateway::new(hasher.clone(), clock.clone(), ids.clone(), sink);
    Parts { database, master, gateway, hasher, clock, ids, sources, config }
}

/// Who changes things in tests.
pub(crate) fn author() -> Author {
    Author::operator()
}
