//! Measures lists and sums over a million requests, on SQLite, or on the PostgreSQL whose address is given; then how long
//! writers wait while these requests are removed.
//!
//! `cargo run --release -p roundhouse-storage --example query_requests -- [postgres://…]`

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use roundhouse_domain::{
    AttemptRecord, Clock, Ids, KeyHash, NanoUsd, Outcome, RequestRecord, Timestamp, TokenUsage, UserId,
};
use roundhouse_storage::requests::{self, Filter};
use roundhouse_storage::usage::{self, Dimension, Query};
use roundhouse_storage::{Database, OpenOptions, StorageError};

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS: usize = 1_000_000;
/// The requests are spread over two days: one each 172 ms.
const STEP_MS: i64 = 172;
/// 2026-11-01T00:00:00Z.
const START_MS: i64 = 1_793_491_200_000;
const BATCH: usize = 2_000;
/// Requests that are removed in one transaction, as retention does.
const REMOVED_AT_ONCE: u64 = 1_000;
/// Requests of a small batch, and how often one is written.
const WRITTEN_AT_ONCE: usize = 20;
const WRITTEN_EVERY: Duration = Duration::from_millis(5);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let url = std::env::args().nth(1);
    let url = url.unwrap_or_else(|| format!("sqlite://{}", folder.path().join("requests.db").display()));
    let options = OpenOptions {
        url: url.into(),
        max_connections: 4,
        backup_dir: folder.path().join("backups"),
        clock: Clock::System,
    };
    let database = Database::open(&options).await?;
    let mut out = std::io::stdout();
    let begun = Instant::now();
    let mut fill = Fill::new();
    for start in (0..ROWS).step_by(BATCH) {
        let batch: Vec<_> = (start..start + BATCH).map(|number| fill.record(number)).collect();
        requests::insert_batch(&database, &batch).await?;
    }
    let rate = f64::from(u32::try_from(ROWS)?) / begun.elapsed().as_secs_f64();
    writeln!(out, "{rate:>7.0} rows/s written")?;
    lists(&database, &mut out).await?;
    sums(&database, &mut out).await?;
    removal(&database, &mut fill, &mut out).await?;
    database.close().await;
    Ok(())
}

async fn lists(database: &Database, out: &mut impl Write) -> Result<(), Box<dyn std::error::Error>> {
    let text = |text: &str| Some(text.to_owned());
    let time = |days: i64| Some(Timestamp::from_millis(START_MS + days * 86_400_000));
    for (name, filter) in [
        ("all", Filter::default()),
        ("an access key", Filter { access_key: text("team-7"), ..Filter::default() }),
        ("a rare model", Filter { model: text("rare"), ..Filter::default() }),
        ("a user", Filter { user: Some(user(3)), ..Filter::default() }),
        ("a provider key", Filter { provider_key: Some(KeyHash([9; 16])), ..Filter::default() }),
        ("a status class", Filter { status: Some((500, 599)), ..Filter::default() }),
        ("a status that never was", Filter { status: Some((418, 418)), ..Filter::default() }),
        (
            "two common things that never met",
            Filter { access_key: text("team-7"), model: text("model-3"), ..Filter::default() },
        ),
        ("an address", Filter { client_ip: text("10.0.0.77"), ..Filter::default() }),
        ("words in an error", Filter { error: text("number 999999"), ..Filter::default() }),
        ("words that nobody said", Filter { error: text("nobody said this"), ..Filter::default() }),
        ("a status of an attempt", Filter { attempt_status: Some(403), ..Filter::default() }),
        (
            "slow ones of one day",
            Filter { min_duration_ms: Some(59_000), from: time(0), to: time(1), ..Filter::default() },
        ),
    ] {
        let (times, found) =
            timed(async || Ok(requests::list(database.reader(), &filter, 50, None).await?.len())).await?;
        writeln!(out, "{times} list: {name} ({found} found)")?;
    }
    Ok(())
}

async fn sums(database: &Database, out: &mut impl Write) -> Result<(), Box<dyn std::error::Error>> {
    let at = |hours: i64| Timestamp::from_millis(START_MS + hours * 3_600_000);
    let base = Query { from: at(24), to: at(48), ..Query::default() };
    for (name, query) in [
        ("a day", base.clone()),
        ("a day by hours", Query { step_ms: Some(3_600_000), ..base.clone() }),
        ("a day by model", Query { group_by: vec![Dimension::Model], top: Some(10), ..base.clone() }),
        (
            "a day by user and model",
            Query { group_by: vec![Dimension::User, Dimension::Model], ..base.clone() },
        ),
        ("a day by provider key", Query { group_by: vec![Dimension::ProviderKey], ..base.clone() }),
        ("an hour by minutes", Query { from: at(47), step_ms: Some(60_000), ..base.clone() }),
    ] {
        let (times, found) = timed(async || Ok(usage::list(database.reader(), &query).await?.len())).await?;
        writeln!(out, "{times} sums: {name} ({found} lines)")?;
    }
    Ok(())
}

/// Writes small batches by themselves, then while the million is removed.
async fn removal(
    database: &Database,
    fill: &mut Fill,
    out: &mut impl Write,
) -> Result<(), Box<dyn std::error::Error>> {
    let quiet = writes(database, fill, tokio::time::sleep(Duration::from_secs(10))).await?;
    writeln!(out, "{quiet} a write of {WRITTEN_AT_ONCE}, nothing else going on")?;
    let (begun, old) = (Instant::now(), fill.clock.now());
    let database_too = database.clone();
    let removing = tokio::spawn(async move {
        loop {
            let transaction = database_too.write().await?;
            let removed = requests::delete_before(&transaction, old, REMOVED_AT_ONCE).await?;
            transaction.commit().await?;
            if removed < REMOVED_AT_ONCE {
                return Ok::<_, StorageError>(begun.elapsed());
            }
        }
    });
    let mut took = Ok(Ok(Duration::ZERO));
    let beside = writes(database, fill, async { took = removing.await }).await?;
    let rate = f64::from(u32::try_from(ROWS)?) / took??.as_secs_f64();
    writeln!(out, "{beside} a write of {WRITTEN_AT_ONCE}, while {rate:.0} rows/s are removed")?;
    Ok(())
}

/// Writes small batches until something ends; how long they took.
async fn writes(
    database: &Database,
    fill: &mut Fill,
    until: impl Future<Output = ()>,
) -> Result<String, Box<dyn std::error::Error>> {
    let mut until = std::pin::pin!(until);
    let (mut times, mut number) = (Vec::new(), 1);
    loop {
        tokio::select! {
            () = &mut until => break,
            () = tokio::time::sleep(WRITTEN_EVERY) => {}
        }
        let batch: Vec<_> = (number..number + WRITTEN_AT_ONCE).map(|number| fill.record(number)).collect();
        number += WRITTEN_AT_ONCE;
        let begun = Instant::now();
        requests::insert_batch(database, &batch).await?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times.get(place(times.len(), share)).copied().unwrap_or_default();
    Ok(format!("{:>7.1} ms ({:.1} p99, {:>6.1} at the most)", at(0.5), at(0.99), at(1.0)))
}

/// The index of a quantile in so many sorted values.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a few thousand values"
)]
fn place(count: usize, share: f64) -> usize {
    (count.saturating_sub(1) as f64 * share) as usize
}

/// The median and the longest of some runs, after one that is not counted.
async fn timed(
    run: impl AsyncFn() -> Result<usize, Box<dyn std::error::Error>>,
) -> Result<(String, usize), Box<dyn std::error::Error>> {
    let found = run().await?;
    let mut times = Vec::new();
    for _ in 0..9 {
        let begun = Instant::now();
        run().await?;
        times.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    Ok((format!("{:>7.1} ms ({:>6.1} at the most)", times[4], times[8]), found))
}

fn user(number: u128) -> UserId {
    format!("00000000-0000-7000-8000-{number:012}")
        .parse()
        .unwrap_or_else(|_| Ids::random(Clock::System).next())
}

struct Fill {
    clock: Clock,
    ids: Ids,
    teams: Vec<Arc<str>>,
    models: Vec<Arc<str>>,
}

impl Fill {
    fn new() -> Self {
        let clock = Clock::frozen(START_MS);
        Self {
            ids: Ids::random(clock.clone()),
            clock,
            teams: (0..100).map(|number| format!("team-{number}").into()).collect(),
            models: (0..10).map(|number| format!("model-{number}").into()).collect(),
        }
    }

    /// Each team uses two models; one request of ten fails once before it is answered, one of a hundred in the end.
    fn record(&mut self, number: usize) -> RequestRecord {
        self.clock.advance(std::time::Duration::from_millis(STEP_MS.unsigned_abs()));
        let team = number * 37 % 100;
        let model =
            if number == 500_000 { "rare".into() } else { self.models[(team % 5) * 2 + number % 2].clone() };
        let has_failed = number.is_multiple_of(100);
        let key = KeyHash([u8::try_from(number * 13 % 250).unwrap_or(0); 16]);
        let attempt = |verdict: &'static str, status: u16, error: Option<Arc<str>>| AttemptRecord {
            provider: "openai".into(),
            model: model.clone(),
            key_hash: Some(key),
            status: Some(status),
            verdict: verdict.into(),
            error,
            started_ms: 0,
            first_byte_ms: Some(210),
            duration_ms: 850,
            cost: None,
        };
        let mut attempts = Vec::new();
        if number.is_multiple_of(10) {
            attempts.push(attempt(
                "rate_limited",
                429,
                Some(format!("slow down, request number {number}").into()),
            ));
        }
        attempts.push(if has_failed {
            attempt("provider_fault", 503, Some("the service is overloaded, try again later".into()))
        } else {
            attempt("ok", 200, None)
        });
        let rest = u32::try_from(number * 7_919 % 60_000).unwrap_or(0);
        RequestRecord {
            duration_ms: rest,
            first_byte_ms: Some(rest / 4),
            access_key: self.teams[team].clone(),
            user_id: Some(user(team as u128 / 4)),
            operation: "chat.completions".into(),
            model,
            stream: number.is_multiple_of(2),
            status: if has_failed { 503 } else { 200 },
            outcome: if has_failed { Outcome::Failed } else { Outcome::Ok },
            error: has_failed.then(|| "the service is overloaded, try again later".into()),
            usage: TokenUsage { input: 1_200, output: 340, cached: 1_024, ..TokenUsage::default() },
            cost: Some(NanoUsd(1_234_567)),
            client_ip: Some([10, 0, 0, u8::try_from(number % 250).unwrap_or(0)].into()),
            attempts,
            ..RequestRecord::new(self.ids.next(), self.clock.now())
        }
    }
}
