use roundhouse_domain::spec::{ModelEditSpec, Name, NormalisationSpec, ProviderSpec};
use roundhouse_domain::{ModelId, Timestamp};
use roundhouse_storage::models::{Listed, StoredModel};
use serde_json::{Value, json};

use super::ModelStatus::{Deleted, Disabled, Served};
use super::effective::{Ground, KeepOriginal};
use super::{Action, Batch, Effective, Merge, ModelFilter, Pick};

const THEN: Timestamp = Timestamp::from_millis(1_000);

fn provider(name: &str, more: &Value) -> ProviderSpec {
    let mut spec = json!({ "name": name, "kind": "openai" });
    for (field, value) in more.as_object().into_iter().flatten() {
        spec[field] = value.clone();
    }
    serde_json::from_value(spec).unwrap()
}

fn listed(provider: &str, names: &[&str]) -> Vec<StoredModel> {
    let model = |(number, name): (usize, &&str)| StoredModel {
        id: ModelId(uuid::Uuid::from_u128(number as u128 + 1)),
        provider: provider.to_owned(),
        listed: Listed { name: (*name).to_owned(), ..Listed::default() },
        first_seen: THEN,
        last_seen: THEN,
        missing_since: None,
    };
    names.iter().enumerate().map(model).collect()
}

fn edit(model: &str, more: &Value) -> ModelEditSpec {
    let mut spec = json!({ "provider": "a", "model": model });
    for (field, value) in more.as_object().into_iter().flatten() {
        spec[field] = value.clone();
    }
    serde_json::from_value(spec).unwrap()
}

struct World {
    providers: Vec<(ProviderSpec, bool)>,
    stored: Vec<StoredModel>,
    edits: Vec<ModelEditSpec>,
    normalise: Option<KeepOriginal>,
}

impl World {
    fn listing(names: &[&str]) -> Self {
        Self {
            providers: vec![(provider("a", &json!({})), false)],
            stored: listed("a", names),
            edits: Vec::new(),
            normalise: None,
        }
    }

    fn effective(&self) -> Effective {
        Effective::of(&Ground {
            providers: &self.providers,
            stored: &self.stored,
            edits: &self.edits,
            normaliser: &NormalisationSpec::default().compile().unwrap(),
            normalise: self.normalise,
        })
    }

    /// `upstream as public` of all that is served.
    fn served(&self) -> Vec<String> {
        let spec = self.effective().provider(&self.providers[0].0);
        let models = spec.models.unwrap_or_default();
        models.iter().map(|model| format!("{} as {}", model.name, model.public())).collect()
    }
}

fn plan(world: &World, action: Action, pick: Pick) -> super::Outcome {
    Batch { pick, action, dry_run: true }.plan(&world.effective()).unwrap()
}

fn all() -> Pick {
    Pick::Filter(ModelFilter::default())
}

#[test]
fn what_a_provider_lists_is_served_by_its_own_names() {
    assert_eq!(World::listing(&["y", "x"]).served(), ["x as x", "y as y"]);
    let unknown = World::listing(&[]);
    assert!(
        unknown.effective().provider(&unknown.providers[0].0).models.is_none(),
        "nothing is known of it yet"
    );
}

#[test]
fn decisions_of_people_count() {
    let mut world = World::listing(&["m1", "m2", "m3", "m4"]);
    world.edits = vec![
        edit("m1", &json!({ "as": "better", "aliases": ["also"] })),
        edit("m2", &json!({ "enabled": false })),
        edit("m3", &json!({ "deleted": true })),
    ];
    assert_eq!(world.served(), ["m1 as better", "m1 as also", "m4 as m4"]);
    let statuses: Vec<_> = world.effective().models.iter().map(|model| model.status).collect();
    assert_eq!(statuses, [Served, Disabled, Deleted, Served]);
}

#[test]
fn a_model_that_vanished_leaves_and_a_deleted_one_stays_away() {
    let mut world = World::listing(&["m1", "m2"]);
    world.stored[0].missing_since = Some(THEN);
    assert_eq!(world.served(), ["m2 as m2"]);
    world.edits = vec![edit("m1", &json!({ "deleted": true })), edit("m2", &json!({ "deleted": true }))];
    world.stored[0].missing_since = None;
    let spec = world.effective().provider(&world.providers[0].0);
    assert_eq!(spec.models.map(|models| models.len()), Some(0), "it is known to serve nothing");
}

#[test]
fn normalised_names_come_beside_the_originals_or_instead() {
    let mut world = World::listing(&["gpt-4o-2024-08-06", "o3"]);
    world.normalise = Some(KeepOriginal(true));
    assert_eq!(
        world.served(),
        ["gpt-4o-2024-08-06 as gpt-4o-2024-08-06", "gpt-4o-2024-08-06 as gpt-4o", "o3 as o3"]
    );
    world.normalise = Some(KeepOriginal(false));
    assert_eq!(world.served(), ["gpt-4o-2024-08-06 as gpt-4o", "o3 as o3"]);
    world.edits = vec![edit("gpt-4o-2024-08-06", &json!({ "as": "mine" }))];
    assert_eq!(world.served(), ["gpt-4o-2024-08-06 as mine", "o3 as o3"], "a chosen name is left alone");
}

#[test]
fn a_name_that_a_provider_lists_itself_belongs_to_that_model_alone() {
    let mut world = World::listing(&["gpt-4o", "gpt-4o-2024-08-06"]);
    world.normalise = Some(KeepOriginal(true));
    assert_eq!(world.served(), ["gpt-4o as gpt-4o", "gpt-4o-2024-08-06 as gpt-4o-2024-08-06"]);
}

#[test]
fn declared_models_are_read_only_and_configured_ones_are_not() {
    let models = json!({ "models": ["m", { "name": "n", "as": "public", "body": { "set": { "x": 1 } } }] });
    let mut world = World::listing(&[]);
    world.providers = vec![(provider("a", &models), true)];
    world.edits = vec![edit("n", &json!({ "as": "other" }))];
    assert_eq!(world.served(), ["m as m", "n as public"]);
    let outcome = plan(&world, Action::Disable, all());
    assert_eq!((outcome.changes.len(), outcome.skipped.len()), (0, 2));
    world.providers[0].1 = false;
    assert_eq!(world.served(), ["m as m", "n as other"]);
    let spec = world.effective().provider(&world.providers[0].0);
    assert_eq!(spec.models.unwrap()[1].body.set["x"], 1, "what is said of the model stays");
    assert_eq!(world.effective().models, world.effective().models, "ids are the same each time");
}

#[test]
fn batches_rename_by_rule() {
    let world = World::listing(&["gpt-4o-2024-08-06", "o3", "x/gpt-4o-mini"]);
    let names = |outcome: super::Outcome| {
        let named =
            |change: &super::Change| format!("{} -> {}", change.after.model, change.names_after.join(" "));
        outcome.changes.iter().map(named).collect::<Vec<_>>()
    };
    let rename = Action::Rename { pattern: "^(?:x/)?gpt-(.*)$".into(), with: "openai-$1".into() };
    assert_eq!(
        names(plan(&world, rename, all())),
        ["gpt-4o-2024-08-06 -> openai-4o-2024-08-06", "x/gpt-4o-mini -> openai-4o-mini"]
    );
    assert_eq!(names(plan(&world, Action::StripDate, all())), ["gpt-4o-2024-08-06 -> gpt-4o"]);
    assert_eq!(
        names(plan(&world, Action::StripPrefix("x/".into()), all())),
        ["x/gpt-4o-mini -> gpt-4o-mini"]
    );
    let prefixed = plan(&world, Action::AddPrefix("x/".into()), all());
    assert_eq!((prefixed.changes.len(), prefixed.unchanged), (2, 1));
    assert_eq!(names(plan(&world, Action::Normalise, all())).len(), 2);
    let some = Pick::Filter(ModelFilter { q: Some("O3".into()), ..ModelFilter::default() });
    assert_eq!(names(plan(&world, Action::Disable, some)), ["o3 -> "]);
}

#[test]
fn names_that_several_models_of_a_provider_would_share_are_told() {
    let world = World::listing(&["c-20240620", "c-20241022", "d"]);
    let expected = [Merge {
        provider: "a".into(),
        name: "c".into(),
        models: vec!["c-20240620".into(), "c-20241022".into()],
    }];
    assert_eq!(plan(&world, Action::StripDate, all()).merges, expected);
    let preview = world.effective().preview(&NormalisationSpec::default()).unwrap();
    assert_eq!(
        (preview.merges.as_slice(), preview.unchanged, preview.renamings.len()),
        (&expected[..], 1, 2)
    );
}

#[test]
fn wrong_batches_change_nothing() {
    let world = World::listing(&["m"]);
    let refused = |action, pick| Batch { pick, action, dry_run: true }.plan(&world.effective()).is_err();
    assert!(refused(Action::Rename { pattern: "(".into(), with: String::new() }, all()));
    assert!(refused(Action::AddPrefix(String::new()), all()));
    assert!(refused(Action::Enable, Pick::Ids(vec![ModelId(uuid::Uuid::from_u128(99))])));
    let emptied = plan(&world, Action::Rename { pattern: ".*".into(), with: String::new() }, all());
    assert_eq!((emptied.changes.len(), emptied.skipped.len()), (0, 1), "a name must not become empty");
}

#[test]
fn models_are_found_and_counted() {
    let mut world = World::listing(&["m1", "m2", "m3"]);
    world.edits = vec![edit("m2", &json!({ "deleted": true })), edit("m3", &json!({ "as": "Special" }))];
    let effective = world.effective();
    let names = |filter: &ModelFilter, cursor| {
        effective.list(filter, 10, cursor).iter().map(|model| model.name().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names(&ModelFilter::default(), None), ["m1", "m3"]);
    assert_eq!(names(&ModelFilter::default(), Some(("a", "m1"))), ["m3"]);
    assert_eq!(names(&ModelFilter { deleted: Some(true), ..ModelFilter::default() }, None), ["m2"]);
    assert_eq!(names(&ModelFilter { q: Some("special".into()), ..ModelFilter::default() }, None), ["m3"]);
    assert_eq!(names(&ModelFilter { provider: Some("b".into()), ..ModelFilter::default() }, None), [""; 0]);
    assert_eq!(effective.counts(&ModelFilter::default()).served, 2);
    assert!(Name::parse("a").is_some_and(|name| effective.models[0].provider == name));
}
