//! A real `roundhouse serve` in a process of its own, with a temporary folder for its data.

mod process;
mod setup;

use std::path::{Path, PathBuf};

use rustix::process::{Pid, Resource, Rlimit, Signal};
use serde_json::{Value, json};
use tempfile::TempDir;

use self::process::{Log, Process, limited};
pub use self::process::{binary, command};
pub use self::setup::{Setup, merge, provider, route};
use crate::client::{Answer, Ask, Client};
use crate::fake::Vacant;
use crate::wait::eventually;

/// The access key that servers of tests know, unless told otherwise.
pub const KEY: &str = "rh-the-access-key-of-tests";

/// Who administers servers of tests.
pub const EMAIL: &str = "admin@example.com";

/// With which password.
pub const PASSWORD: &str = "correct horse battery staple";

/// A running server.
#[derive(Debug)]
pub struct House {
    setup: Setup,
    folder: TempDir,
    /// Kept bound, so that nobody else gets the port before, between and after starts.
    port: Vacant,
    process: Option<Process>,
    log: Log,
    client: Client,
    token: Option<String>,
}

impl House {
    /// A server with the given settings; see [`Setup::new`].
    pub async fn start(config: Value) -> Self {
        Setup::new(&config).start().await
    }

    async fn open(setup: Setup) -> Self {
        let mut house = Self::prepare(setup);
        house.run().await;
        house
    }

    /// A server that is not started yet.
    pub fn prepare(setup: Setup) -> Self {
        let folder = tempfile::tempdir().expect("the temporary folder can be written");
        setup.write(folder.path());
        let port = Vacant::new();
        let client = Client::new(port.url());
        Self { setup, folder, port, process: None, log: Log::default(), client, token: None }
    }

    /// Starts the process and waits until it is ready.
    pub async fn run(&mut self) {
        self.spawn();
        eventually("the server is ready", async || {
            let ended = self.process.as_mut().and_then(Process::ended);
            assert!(ended.is_none(), "the server ended at once:\n{}", self.log.text());
            let open = self.client.get("/ready").try_open().await.ok()?;
            (open.status == 200).then_some(())
        })
        .await;
    }

    /// Starts the process and waits for its end, which is expected to come by itself; returns exit status and log.
    pub async fn run_to_end(&mut self) -> (Option<i32>, String) {
        self.spawn();
        let status = self.process.take().expect("it was started").wait().await;
        (status.code(), self.log.text())
    }

    fn spawn(&mut self) {
        assert!(self.process.is_none(), "the server runs already");
        self.client = Client::new(self.port.url());
        self.token = None;
        let mut command = match &self.setup.limits {
            Some(limits) => limited(self.folder.path(), limits),
            None => command(self.folder.path()),
        };
        command
            .arg("serve")
            .arg("--listen")
            .arg(format!("127.0.0.1:{}", self.port.port()))
            .args(&self.setup.arguments);
        command.envs(self.setup.environment.iter().map(|(name, value)| (name, value)));
        self.process = Some(Process::start(command, &self.log));
    }

    /// Asks it to stop and waits until it has; returns the exit status.
    pub async fn terminate(&mut self) -> Option<i32> {
        self.ask_to_stop();
        self.wait().await
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        self.process().signal(Signal::TERM);
    }

    /// Waits for an end that was asked for; returns the exit status.
    pub async fn wait(&mut self) -> Option<i32> {
        self.process.take().expect("the server runs").wait().await.code()
    }

    /// Ends it without a warning.
    pub async fn kill(&mut self) {
        self.process().signal(Signal::KILL);
        self.wait().await;
    }

    /// Ends it in good order and starts it again, on the same data.
    pub async fn restart(&mut self) {
        assert_eq!(self.terminate().await, Some(0), "{}", self.log());
        self.run().await;
    }

    fn process(&self) -> &Process {
        self.process.as_ref().expect("the server runs")
    }

    /// Changes an environment variable for the next start.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.setup = self.setup.clone().env(name, value);
    }

    /// The folder it runs in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of its data.
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Its address, such as `http://127.0.0.1:8080`.
    pub fn url(&self) -> String {
        self.port.url()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port.port()
    }

    /// All it wrote since the first start.
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// A client of it.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// A GET request with the access key of tests.
    pub fn get(&self, path: &str) -> Ask {
        self.client.get(path).bearer(KEY)
    }

    /// A POST request with the access key of tests.
    pub fn post(&self, path: &str) -> Ask {
        self.client.post(path).bearer(KEY)
    }

    /// A chat completion, with a text for an answer.
    pub async fn chat(&self, model: &str) -> Answer {
        crate::Dialect::Chat.ask(&self.client, KEY, model, false).send().await
    }

    /// Resident memory of the process, in bytes.
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process().id()))
            .expect("a process has a status");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a process has memory");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1_024
    }

    /// Lets the process write no file beyond so many bytes; none is as many as it was started with.
    pub fn limit_files(&self, bytes: Option<u64>) {
        let id = i32::try_from(self.process().id()).ok().and_then(Pid::from_raw);
        let now = rustix::process::getrlimit(Resource::Fsize);
        let limit = Rlimit { current: bytes.or(now.current), ..now };
        rustix::process::prlimit(id, Resource::Fsize, limit).expect("limits of a child can be set");
    }

    /// Its metrics, as text.
    pub async fn metrics(&self) -> String {
        self.client.get("/metrics").send().await.text().to_owned()
    }

    /// The value of one metric, with its labels as they are rendered; none where there is no such line.
    pub async fn metric(&self, name: &str) -> Option<f64> {
        let metrics = self.metrics().await;
        let value = metrics.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '))?;
        Some(value.parse().expect("a metric is a number"))
    }

    /// The value of a metric that counts; 0 where there is no such line.
    pub async fn count(&self, name: &str) -> usize {
        self.metric(name)
            .await
            .map_or(0, |count| format!("{count}").parse().expect("whole things are counted"))
    }

    /// How many keys of a provider are in a status.
    pub async fn keys(&self, provider: &str, status: &str) -> usize {
        let name = format!("roundhouse_provider_keys{{provider=\"{provider}\",status=\"{status}\"}}");
        self.count(&name).await
    }

    /// Waits until so many keys of a provider are in a status.
    pub async fn await_keys(&self, provider: &str, status: &str, count: usize) {
        let what = format!("{count} keys of {provider} are {status}");
        eventually(&what, async || (self.keys(provider, status).await == count).then_some(())).await;
    }

    /// Writes another configuration, with what [`Setup::new`] adds.
    pub fn configure(&mut self, config: &Value) {
        let Setup { config: whole, .. } = Setup::new(config);
        self.setup.config = whole;
        self.setup.write(self.folder.path());
    }

    /// Writes any text for a configuration.
    pub fn write_config(&self, text: &str) {
        setup::write_config(self.folder.path(), text);
    }

    /// Writes another configuration and waits until the server says that it was applied.
    pub async fn reconfigure(&mut self, config: &Value) {
        let before = self.reloads("applied").await;
        self.configure(config);
        eventually("the new configuration is applied", async || {
            (self.reloads("applied").await > before).then_some(())
        })
        .await;
    }

    /// How many configurations were `applied` or `refused`.
    pub async fn reloads(&self, result: &str) -> f64 {
        self.metric(&format!("roundhouse_config_reloads_total{{result=\"{result}\"}}"))
            .await
            .unwrap_or_default()
    }

    /// The token of an administrator.
    pub async fn administrator(&mut self) -> String {
        if self.token.is_none() {
            let login = json!({ "email": EMAIL, "password": PASSWORD });
            let answer = self.client.post("/api/v1/auth/login").json(&login).send().await;
            assert_eq!(answer.status, 200, "{}", answer.text());
            self.token = answer.json()["access_token"].as_str().map(str::to_owned);
        }
        self.token.clone().expect("a login gives a token")
    }

    /// A management request of an administrator.
    pub async fn manage(&mut self, method: &str, path: &str) -> Answer {
        let token = self.administrator().await;
        self.client.ask(method.parse().expect("a method"), path).bearer(&token).send().await
    }

    /// What the request log says of a request, as soon as it says anything.
    pub async fn logged(&mut self, id: &str) -> Value {
        let (token, path) = (self.administrator().await, format!("/api/v1/requests/{id}"));
        let client = self.client.clone();
        eventually(&format!("request {id} is in the log"), async || {
            let answer = client.get(&path).bearer(&token).send().await;
            (answer.status == 200).then(|| answer.json())
        })
        .await
    }

    /// The newest requests in the log that fit a query such as `model=m`.
    pub async fn requests(&mut self, query: &str) -> Vec<Value> {
        let answer = self.manage("GET", &format!("/api/v1/requests?limit=500&{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["items"].as_array().expect("a list").clone()
    }
}

/// The verdicts of a logged request's attempts.
pub fn verdicts(request: &Value) -> Vec<String> {
    let attempts = request["attempts"].as_array().expect("a logged request has attempts");
    attempts.iter().map(|attempt| attempt["verdict"].as_str().expect("a verdict").to_owned()).collect()
}

/// Who was asked in a logged request's attempts.
pub fn providers(request: &Value) -> Vec<String> {
    let attempts = request["attempts"].as_array().expect("a logged request has attempts");
    attempts.iter().map(|attempt| attempt["provider"].as_str().expect("a provider").to_owned()).collect()
}
