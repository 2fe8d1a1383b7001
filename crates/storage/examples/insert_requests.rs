//! Measures `requests::insert_batch` on a fresh SQLite file: rows a second and CPU time a row, by batch size.
//!
//! `cargo run --release -p roundhouse-storage --example insert_requests`

use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};

use roundhouse_domain::{AttemptRecord, Clock, Ids, KeyHash, Outcome, RequestRecord, TokenUsage};
use roundhouse_storage::{Database, OpenOptions, requests};

/// As in the server.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ROWS: usize = 200_000;
/// Each access key that is in use costs a page of the index in each batch.
const ACCESS_KEYS: [usize; 2] = [20, 200];

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let mut out = std::io::stdout();
    for (access_keys, batch) in
        ACCESS_KEYS.iter().flat_map(|keys| [(*keys, 500), (*keys, 1_000), (*keys, 2_000)])
    {
        let path = folder.path().join(format!("{access_keys}-{batch}.db"));
        let database = open(&path).await?;
        let records = records(access_keys);
        let (cpu, wall) = (cpu_time()?, Instant::now());
        for chunk in records.chunks(batch) {
            requests::insert_batch(&database, chunk).await?;
        }
        let (cpu, wall) = (cpu_time()?.saturating_sub(cpu), wall.elapsed());
        database.close().await;
        let rows = f64::from(u32::try_from(ROWS)?);
        writeln!(
            out,
            "{access_keys:>3} access keys, batch {batch:>5}: {:>7.0} rows/s, {:.2} us CPU a row, {:.0} bytes a row",
            rows / wall.as_secs_f64(),
            cpu.as_secs_f64() * 1e6 / rows,
            f64::from(u32::try_from(std::fs::metadata(&path)?.len())?) / rows,
        )?;
    }
    Ok(())
}

async fn open(path: &std::path::Path) -> Result<Database, Box<dyn std::error::Error>> {
    let options = OpenOptions {
        url: format!("sqlite://{}", path.display()).into(),
        max_connections: 2,
        backup_dir: path.with_extension("backups"),
        clock: Clock::System,
    };
    Ok(Database::open(&options).await?)
}

fn records(access_keys: usize) -> Vec<RequestRecord> {
    let ids = Ids::random(Clock::System);
    let names: Vec<Arc<str>> = (0..access_keys).map(|number| format!("team-{number}").into()).collect();
    let (model, upstream, provider) =
        (Arc::from("gpt-4o-mini"), Arc::from("gpt-4o-mini-2024-07-18"), Arc::from("openai"));
    let record = |number: usize| RequestRecord {
        duration_ms: 850,
        first_byte_ms: Some(210),
        access_key_id: Some(ids.next()),
        // A stride that is prime to the count: neighbours in time have different keys, as in life.
        access_key: Arc::clone(&names[number * 37 % access_keys]),
        operation: "chat.completions".into(),
        model: Arc::clone(&model),
        stream: number.is_multiple_of(2),
        status: 200,
        outcome: Outcome::Ok,
        usage: TokenUsage { input: 1_200, output: 340, cached: 1_024, ..TokenUsage::default() },
        client_ip: Some([10, 0, 0, 7].into()),
        attempts: vec![AttemptRecord {
            provider: Arc::clone(&provider),
            model: Arc::clone(&upstream),
            key_hash: Some(KeyHash([7; 16])),
            status: Some(200),
            verdict: "ok".into(),
            error: None,
            started_ms: 0,
            first_byte_ms: Some(210),
            duration_ms: 850,
            cost: None,
        }],
        ..RequestRecord::new(ids.next(), Clock::System.now())
    };
    (0..ROWS).map(record).collect()
}

/// Time that all threads of this process have spent, from the kernel (proc(5), `/proc/[pid]/stat`, fields 14 and 15 in
/// hundredths of a second).
fn cpu_time() -> Result<Duration, Box<dyn std::error::Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>).sum::<Result<u64, _>>()?;
    Ok(Duration::from_millis(ticks * 10))
}
