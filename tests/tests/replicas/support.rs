//! Processes that share a PostgreSQL and a Redis, over wires that can be cut.

use std::sync::atomic::{AtomicU64, Ordering};

use roundhouse_storage::testing::Place;
use roundhouse_tests::wire::Wire;
use roundhouse_tests::{Dialect, Fake, House, KEY, Seen, Setup, eventually, provider};
use serde_json::{Value, json};

/// Where tests/with-services.sh tells of its Redis.
const REDIS: &str = "ROUNDHOUSE_TEST_REDIS_URL";

/// Some processes of one installation.
pub struct Replicas {
    pub houses: Vec<House>,
    pub postgres: Wire,
    pub redis: Wire,
    _place: Place,
}

impl Replicas {
    /// So many processes with the given settings.
    pub async fn start(count: usize, config: &Value) -> Self {
        let place = Place::postgres().await;
        let url = place.options().url.expose().to_owned();
        let (postgres, database_url) = wired(&url).await;
        let (redis, redis_url) = wired(&redis_url()).await;
        let mut config = config.clone();
        roundhouse_tests::house::merge(
            &mut config,
            &json!({ "redis": { "url": redis_url, "prefix": prefix() } }),
        );
        let mut houses = Vec::new();
        for _ in 0..count {
            let setup = Setup::new(&config)
                .env("DATABASE_URL", &database_url)
                .env("ENCRYPTION_KEY", "the encryption key of all replicas")
                .env("SECRET_KEY", "the secret key of all replicas, which is long enough");
            houses.push(setup.start().await);
        }
        let replicas = Self { houses, postgres, redis, _place: place };
        replicas.hear_each_other().await;
        replicas
    }

    /// Waits until each process hears all others.
    pub async fn hear_each_other(&self) {
        for house in &self.houses {
            self.await_metric(house, "roundhouse_processes", self.houses.len()).await;
            self.await_metric(house, "roundhouse_redis_up", 1).await;
        }
    }

    /// Waits until a metric of a process has a value.
    pub async fn await_metric(&self, house: &House, name: &str, value: usize) {
        eventually(&format!("{name} is {value}"), async || (house.count(name).await == value).then_some(()))
            .await;
    }
}

/// A provider that says hello.
pub async fn hello() -> Fake {
    Fake::new(|seen| Dialect::answer(seen, &format!("answer {}", seen.index))).await
}

/// Completions that a provider was asked for; looks at its health are none.
pub fn completions(fake: &Fake) -> Vec<Seen> {
    fake.seen().into_iter().filter(|seen| seen.method == "POST").collect()
}

/// Settings with one provider of a model `m`.
pub fn one_provider(fake: &Fake) -> Value {
    json!({ "providers": [provider("up", "openai", &fake.url(), &["pk-1"], &["m"])] })
}

/// A chat completion of a process.
pub async fn ask(house: &House) -> roundhouse_tests::Answer {
    Dialect::Chat.ask(house.client(), KEY, "m", false).send().await
}

/// A wire to the host of a URL, and the URL over that wire.
async fn wired(url: &str) -> (Wire, String) {
    let (before, after) = url.rsplit_once('@').map_or_else(
        || {
            let (scheme, rest) = url.split_once("://").expect("a URL has a scheme");
            (format!("{scheme}://"), rest)
        },
        |(before, after)| (format!("{before}@"), after),
    );
    let (host, path) = after.split_once('/').expect("the URL has a path");
    let wire = Wire::to(host).await;
    let over = format!("{before}{}/{path}", wire.address());
    (wire, over)
}

/// Keeps what tests share in one Redis apart.
fn prefix() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    format!("test-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests have no configuration; the script that starts them sets this"
)]
fn redis_url() -> String {
    std::env::var(REDIS).unwrap_or_else(|_| {
        panic!(
            "{REDIS} is not set: run with ROUNDHOUSE_TEST_WITH_REDIS=1 tests/with-services.sh, or make test"
        );
    })
}
