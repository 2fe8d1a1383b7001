//! 100,000 provider keys in one pool.

use std::io;
use std::time::{Duration, Instant};

use crate::answer;
use crate::contender::{Contender, Keys};
use crate::load::count;
use crate::load::requests::RequestLoad;
use crate::models::Model;
use crate::rows::throughput::cpu_us;
use crate::rows::{Bench, Plan};
use crate::server::Server;
use crate::stage::{START_TIMEOUT, Setup, Stage, chat, say};
use crate::table::{Section, Spread, Target, Unit};

const MANY: usize = 100_000;
/// Starts and measurements at the most.
const REPEATS: usize = 3;

/// A pool, and what was measured of it.
struct Pool {
    title: &'static str,
    setup: Setup<'static>,
    /// The server, or why there is none.
    server: io::Result<Server>,
    first_start_ms: Vec<f64>,
    start_ms: Vec<f64>,
    resident_bytes: Vec<f64>,
    cpu_us: Vec<f64>,
}

/// Measures Roundhouse with one key, with many, and with many of which one works.
pub(crate) fn measure(bench: &mut Bench) -> Section {
    let mut pools = [
        Pool::new("1 key", "keys-one", Keys::One),
        Pool::new("100,000 keys", "keys-many", Keys::Good(MANY)),
        Pool::new("100,000 keys, 99,999 refused", "keys-refused", Keys::LastGood(MANY)),
    ];
    for pool in &mut pools {
        say(pool.title);
        pool.server = pool.prepare(&mut bench.stage, bench.plan);
    }
    for _ in 0..bench.plan.repeats.min(REPEATS) {
        for pool in &mut pools {
            say(&format!("requests with {}", pool.title));
            pool.load(&bench.stage, bench.plan);
        }
    }
    section(&pools)
}

impl Pool {
    fn new(title: &'static str, name: &'static str, keys: Keys) -> Self {
        Self {
            title,
            setup: Setup { keys, ..Setup::of(Contender::Roundhouse, name) },
            server: Err(io::ErrorKind::NotConnected.into()),
            first_start_ms: Vec::new(),
            start_ms: Vec::new(),
            resident_bytes: Vec::new(),
            cpu_us: Vec::new(),
        }
    }

    /// Starts it for the first time, lets it set aside what is refused, and starts it again.
    fn prepare(&mut self, stage: &mut Stage, plan: Plan) -> io::Result<Server> {
        let begin = Instant::now();
        let (mut server, request) = stage.launch(self.setup)?;
        if matches!(self.setup.keys, Keys::LastGood(_)) {
            server.wait_until_listening(START_TIMEOUT)?;
            set_aside(&server, plan.set_aside)?;
        } else {
            server.wait_until_serving(&request, START_TIMEOUT)?;
            self.first_start_ms.push(begin.elapsed().as_secs_f64() * 1e3);
        }
        for _ in 0..plan.starts.min(REPEATS) {
            drop(server);
            let (begin, again) = (Instant::now(), stage.launch(self.setup)?);
            server = again.0;
            server.wait_until_serving(&again.1, START_TIMEOUT)?;
            self.start_ms.push(begin.elapsed().as_secs_f64() * 1e3);
        }
        Ok(server)
    }

    fn load(&mut self, stage: &Stage, plan: Plan) {
        let Ok(server) = &self.server else { return };
        let watch = server.watch(stage.options.server_core);
        let load = RequestLoad::saturating(server.address, chat(server.address, Model::Whole), plan.window);
        match load.run(Some(&watch)).and_then(|report| Ok((report, watch.resident_bytes()?))) {
            Ok((report, resident_bytes)) => {
                self.cpu_us.push(cpu_us(&report));
                self.resident_bytes.push(count(resident_bytes));
            }
            Err(error) => self.server = Err(error),
        }
    }
}

/// Sends requests until the pool has one key left, which may take so long.
fn set_aside(server: &Server, most: Duration) -> io::Result<()> {
    let until = Instant::now() + most;
    let load = RequestLoad {
        most_errors: u64::MAX,
        ..RequestLoad::saturating(
            server.address,
            chat(server.address, Model::Whole),
            Duration::from_millis(500),
        )
    };
    loop {
        load.run(None)?;
        let available = available_keys(server)?;
        if available <= 1 {
            return Ok(());
        }
        if Instant::now() > until {
            return Err(io::Error::other(format!("{available} keys still available after {most:?}")));
        }
    }
}

/// What `/health` says of the keys.
fn available_keys(server: &Server) -> io::Result<u64> {
    let request = format!("GET /health HTTP/1.1\r\nhost: {}\r\n\r\n", server.address);
    let (_, content) = answer::fetch(server.address, request.as_bytes())?;
    let health: serde_json::Value = serde_json::from_slice(&content)?;
    let available = health["key_stats"]["available"].as_u64();
    available.ok_or_else(|| io::Error::other("/health has no key_stats.available"))
}

fn section(pools: &[Pool]) -> Section {
    let mut section = Section {
        title: "100,000 provider keys in one pool",
        about: "Roundhouse alone, requests of 1 KB as above. The keys come from a file and are stored at the first start; \
            the others find them stored. Refused keys get a 401 from the mock and have been set aside before."
            .to_owned(),
        columns: [""].into_iter().chain(pools.iter().map(|pool| pool.title)).map(str::to_owned).collect(),
        rows: Vec::new(),
        notes: Vec::new(),
        targets: Vec::new(),
    };
    let mut row = |what: &str, unit: Unit, values: fn(&Pool) -> &Vec<f64>| {
        let cell =
            |pool: &Pool| Spread::of(values(pool).clone()).map_or_else(|| "–".to_owned(), |it| it.text(unit));
        section.rows.push([what.to_owned()].into_iter().chain(pools.iter().map(cell)).collect());
    };
    row("first start: first request served after", Unit::Millis, |pool| &pool.first_start_ms);
    row("start: first request served after", Unit::Millis, |pool| &pool.start_ms);
    row("resident memory after the load", Unit::Megabytes, |pool| &pool.resident_bytes);
    row("CPU per request", Unit::Micros, |pool| &pool.cpu_us);
    section.targets = targets(pools);
    for pool in pools {
        if let Err(error) = &pool.server {
            section.notes.push(format!("{}: failed: {error}", pool.title));
        }
    }
    section
}

fn targets(pools: &[Pool]) -> Vec<Target> {
    let median = |index: usize, values: fn(&Pool) -> &Vec<f64>| {
        Spread::of(values(pools.get(index)?).clone()).map(|spread| spread.median)
    };
    let cpu = |index| median(index, |pool| &pool.cpu_us);
    let grown = |index| cpu(index).zip(cpu(0)).map(|(many, one)| many / one);
    // Constant within what the machine's caches and moods make of a larger table.
    let constant = |index, title: &str| {
        let what = format!("{title}: CPU per request, next to 1 key");
        Target::at_most(what, 1.15, grown(index), |ratio| format!("{ratio:.2} ×"))
    };
    vec![
        Target::at_most("100,000 keys: start", 2_000.0, median(1, |pool| &pool.start_ms), |it| {
            Unit::Millis.text(it)
        }),
        Target::at_most(
            "100,000 keys: resident memory",
            200e6,
            median(1, |pool| &pool.resident_bytes),
            |it| Unit::Megabytes.text(it),
        ),
        constant(1, "100,000 keys"),
        constant(2, "100,000 keys, 99,999 refused"),
    ]
}
