//! What a run of the table stands on: a temporary folder, the mock, and contenders as they are needed.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use tempfile::TempDir;

use crate::contender::{self, Contender, Keys, Metering, Place};
use crate::models::Model;
use crate::priority::Priority;
use crate::process;
use crate::request::{self, Answer};
use crate::server::{Children, Ports, Server};
use crate::signals;

/// How long a server may take to serve.
pub(crate) const START_TIMEOUT: Duration = Duration::from_mins(1);

/// What to measure, and where.
#[derive(Args, Clone, Debug)]
pub(crate) struct Options {
    /// The Roundhouse binary; the one beside this program when absent.
    #[arg(long)]
    roundhouse: Option<PathBuf>,
    /// The core of the server that is measured.
    #[arg(long, default_value_t = 0)]
    pub(crate) server_core: usize,
    /// The core of mock and load.
    #[arg(long, default_value_t = 1)]
    pub(crate) load_core: usize,
}

impl Options {
    /// The Roundhouse binary.
    pub(crate) fn roundhouse(&self) -> io::Result<PathBuf> {
        let beside = std::env::current_exe()?.with_file_name("roundhouse");
        let path = self.roundhouse.as_ref().unwrap_or(&beside);
        // A path from the root, since servers run in folders of their own.
        fs::canonicalize(path).map_err(|_| {
            let path = path.display();
            io::Error::other(format!("{path} is missing; build it: cargo build --release -p roundhouse"))
        })
    }
}

/// The stage.
#[derive(Debug)]
pub(crate) struct Stage {
    /// The options of the run.
    pub(crate) options: Options,
    /// Where the mock is.
    pub(crate) mock: SocketAddr,
    /// How many files a process may open.
    pub(crate) file_limit: u64,
    folder: TempDir,
    children: Children,
    priority: Priority,
    ports: Ports,
    _mock: Server,
}

/// How a contender is to be started.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Setup<'a> {
    /// Who.
    pub(crate) contender: Contender,
    /// The name of its folder; the same name finds its data again.
    pub(crate) name: &'a str,
    /// Where its upstream is; the mock when absent.
    pub(crate) upstream: Option<SocketAddr>,
    /// Roundhouse's provider keys.
    pub(crate) keys: Keys,
    /// What Roundhouse counts.
    pub(crate) metering: Metering,
}

impl<'a> Setup<'a> {
    /// The ordinary one.
    pub(crate) const fn of(contender: Contender, name: &'a str) -> Self {
        Self { contender, name, upstream: None, keys: Keys::One, metering: Metering::Usual }
    }
}

impl Stage {
    /// Starts the mock, with this process and all that it starts on the load's core.
    pub(crate) fn new(options: Options) -> io::Result<Self> {
        process::pin_to(options.load_core).map_err(|_| {
            io::Error::other(format!("core {} is missing; two are needed", options.load_core))
        })?;
        process::sharpen_timers()?;
        let priority = Priority::raise();
        let file_limit = process::raise_file_limit();
        let (folder, children, mut ports) = (tempfile::tempdir()?, Children::default(), Ports::new());
        signals::stop_on_signal(children.clone(), folder.path().to_owned(), priority.clone())?;
        let address = ports.next()?;
        let mut command = contender::pinned(options.load_core, &std::env::current_exe()?);
        command.args(["mock", "--listen", &address.to_string()]);
        let mut mock = Server::start(&children, &mut command, address, &folder.path().join("mock.log"))?;
        mock.wait_until_serving(&chat(address, Model::Whole), START_TIMEOUT)?;
        Ok(Self { options, mock: address, file_limit, folder, children, priority, ports, _mock: mock })
    }

    /// Starts a contender and waits until it serves; with an upstream of its own, until it listens.
    pub(crate) fn start(&mut self, setup: Setup<'_>) -> io::Result<Server> {
        let (mut server, request) = self.launch(setup)?;
        match setup.upstream {
            Some(_) => server.wait_until_listening(START_TIMEOUT)?,
            None => server.wait_until_serving(&request, START_TIMEOUT)?,
        }
        Ok(server)
    }

    /// Starts a contender without waiting, and gives a request to try it with.
    pub(crate) fn launch(&mut self, setup: Setup<'_>) -> io::Result<(Server, Vec<u8>)> {
        let folder = self.folder.path().join(format!("{}-{}", setup.contender.slug(), setup.name));
        fs::create_dir_all(&folder)?;
        let place = Place {
            folder: &folder,
            address: self.ports.next()?,
            upstream: setup.upstream.unwrap_or(self.mock),
            core: self.options.server_core,
            roundhouse: &self.options.roundhouse()?,
            keys: setup.keys,
            metering: setup.metering,
        };
        let mut command = contender::command(setup.contender, &place)?;
        let server = Server::start(&self.children, &mut command, place.address, &folder.join("output.log"))?;
        Ok((server, chat(place.address, Model::Whole)))
    }

    /// An address for another upstream.
    pub(crate) fn free_address(&mut self) -> io::Result<SocketAddr> {
        self.ports.next()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.priority.restore();
    }
}

/// A small chat request.
pub(crate) fn chat(address: SocketAddr, model: Model) -> Vec<u8> {
    let answer = if model == Model::Whole { Answer::Whole } else { Answer::Events };
    request::chat(address, &model.public(), 1_000, answer)
}

/// Says what is being done, on standard error.
pub(crate) fn say(what: &str) {
    let _ = writeln!(io::stderr(), "bench: {what}");
}
