//! What models cost, and who says so.

use axum::Json;
use axum::extract::{Query, State};
use roundhouse_domain::spec::Prices;
use roundhouse_llm::catalogue;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::actor::Allowed;
use crate::need::ModelsRead;
use crate::problem::Problem;
use crate::state::App;

/// Which prices.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PricesQuery {
    /// Part of a model's, provider's or vendor's name.
    q: Option<String>,
}

/// What a model costs at a provider.
#[derive(Debug, Serialize, ToSchema)]
pub struct ModelPrice {
    provider: String,
    /// The provider's name for the model.
    model: String,
    /// The names by which callers ask for it.
    public_names: Vec<String>,
    /// In US dollars per million tokens; null where they are not known.
    #[schema(value_type = Option<Object>)]
    prices: Option<Value>,
    /// The page that says so and the month in which it did, or `catalogue` for what an operator configured.
    source: Option<String>,
}

/// What the built-in catalogue says.
#[derive(Debug, Serialize, ToSchema)]
pub struct CataloguePrice {
    /// The models, as patterns without vendors' prefixes and dates.
    models: Vec<String>,
    vendor: Option<String>,
    /// Where they cost this; null for everywhere else.
    host: Option<String>,
    /// In US dollars per million tokens.
    #[schema(value_type = Object)]
    prices: Value,
    /// The page that says so, and the month in which it did.
    source: Option<String>,
}

/// Lists what the models that are served cost, each with who says so and when.
#[utoipa::path(get, path = "/prices", tag = "models", operation_id = "prices_list", params(PricesQuery),
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])), responses((status = 200, body = Vec<ModelPrice>)))]
pub async fn list(
    _: Allowed<ModelsRead>,
    State(app): State<App>,
    Query(query): Query<PricesQuery>,
) -> Result<Json<Vec<ModelPrice>>, Problem> {
    let snapshot = app.gateway.snapshot_full();
    let mut prices: Vec<ModelPrice> = Vec::new();
    let mut places = std::collections::HashMap::new();
    for route in snapshot.routes.values() {
        for (_, target) in route.targets() {
            let place =
                *places.entry((target.provider.name.clone(), target.model.clone())).or_insert_with(|| {
                    let configured = target.facts.has_own_prices.then(|| "catalogue".to_owned());
                    prices.push(ModelPrice {
                        provider: target.provider.name.to_string(),
                        model: target.model.to_string(),
                        public_names: Vec::new(),
                        prices: target.facts.prices.as_ref().map(shown),
                        source: configured.or_else(|| target.facts.source.as_deref().map(str::to_owned)),
                    });
                    prices.len() - 1
                });
            prices[place].public_names.push(route.name.to_string());
        }
    }
    prices.retain(|price| {
        let names = price.public_names.iter().map(String::as_str);
        is_asked_for(&query, names.chain([price.provider.as_str(), price.model.as_str()]))
    });
    for price in &mut prices {
        price.public_names.sort_unstable();
    }
    prices.sort_unstable_by(|a, b| (&a.provider, &a.model).cmp(&(&b.provider, &b.model)));
    Ok(Json(prices))
}

/// Lists the prices that are built in.
#[utoipa::path(get, path = "/prices/catalogue", tag = "models", operation_id = "prices_catalogue", params(PricesQuery),
    security(("bearer" = ["models.read"]), ("session" = ["models.read"])), responses((status = 200, body = Vec<CataloguePrice>)))]
pub async fn built_in(
    _: Allowed<ModelsRead>,
    Query(query): Query<PricesQuery>,
) -> Result<Json<Vec<CataloguePrice>>, Problem> {
    let rows = catalogue::price_list().into_iter().filter(|row| {
        let names = row.models.iter().map(String::as_str);
        is_asked_for(&query, names.chain(row.vendor.as_deref()).chain(row.host.as_deref()))
    });
    let price = |row: catalogue::PriceRow| CataloguePrice {
        models: row.models,
        vendor: row.vendor.map(|vendor| vendor.to_string()),
        host: row.host,
        prices: shown(&row.prices),
        source: row.source.map(|source| source.to_string()),
    };
    Ok(Json(rows.map(price).collect()))
}

fn is_asked_for<'a>(query: &PricesQuery, mut names: impl Iterator<Item = &'a str>) -> bool {
    let Some(wanted) = query.q.as_deref().map(str::to_lowercase) else { return true };
    names.any(|name| name.to_lowercase().contains(&wanted))
}

/// Prices without those that are not there.
fn shown(prices: &Prices) -> Value {
    // Numbers and texts always have a JSON form.
    let mut shown = serde_json::to_value(prices).unwrap_or_default();
    if let Value::Object(fields) = &mut shown {
        fields.retain(|_, value| !value.is_null() && value.as_array().is_none_or(|list| !list.is_empty()));
    }
    shown
}
