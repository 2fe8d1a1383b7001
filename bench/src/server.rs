//! Servers as child processes: started, waited for, and stopped by their own ids.

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, io, thread};

use rustix::process::{Pid, Signal, kill_process};

use crate::answer;
use crate::watch::{self, Watch};

/// How long a server may take to stop before it is killed.
const GRACE: Duration = Duration::from_secs(5);
const LOG_TAIL_BYTES: usize = 2_000;

/// The ids of all children that run, so that they can be stopped from anywhere.
#[derive(Clone, Debug, Default)]
pub(crate) struct Children(Arc<Mutex<Vec<u32>>>);

impl Children {
    fn list(&self) -> MutexGuard<'_, Vec<u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Starts a child, known from its first moment.
    pub(crate) fn spawn(&self, command: &mut Command) -> io::Result<Child> {
        let mut list = self.list();
        let child = command.spawn().map_err(|error| {
            let program = command.get_program().to_string_lossy();
            io::Error::new(error.kind(), format!("{program} does not start: {error}"))
        })?;
        list.push(child.id());
        Ok(child)
    }

    /// Forgets a child that has ended.
    pub(crate) fn forget(&self, pid: u32) {
        self.list().retain(|known| *known != pid);
    }

    /// Stops all of them and lets no other begin until the guard is dropped.
    pub(crate) fn stop_all(&self) -> impl Drop {
        let list = self.list();
        for pid in &*list {
            signal(*pid, Signal::TERM);
        }
        let until = Instant::now() + GRACE;
        while Instant::now() < until && list.iter().any(|pid| watch::is_running(*pid)) {
            thread::sleep(Duration::from_millis(20));
        }
        for pid in list.iter().flat_map(|pid| watch::family(*pid)) {
            signal(pid, Signal::KILL);
        }
        list
    }
}

/// A server that runs.
#[derive(Debug)]
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    child: Child,
    children: Children,
    log: PathBuf,
}

impl Server {
    /// Starts one whose output goes to `log`.
    pub(crate) fn start(
        children: &Children,
        command: &mut Command,
        address: SocketAddr,
        log: &Path,
    ) -> io::Result<Self> {
        let output = File::create(log)?;
        let errors = output.try_clone()?;
        let child = children.spawn(command.stdin(Stdio::null()).stdout(output).stderr(errors))?;
        Ok(Self { address, child, children: children.clone(), log: log.to_owned() })
    }

    /// Asks every millisecond until `request` is answered with 200.
    ///
    /// # Errors
    /// It has ended, or does not answer in time; with the last of what it said.
    pub(crate) fn wait_until_serving(&mut self, request: &[u8], timeout: Duration) -> io::Result<()> {
        self.wait(timeout, |address| match answer::fetch(address, request)? {
            (200, _) => Ok(()),
            (status, content) => {
                Err(io::Error::other(format!("status {status}: {}", String::from_utf8_lossy(&content))))
            }
        })
    }

    /// Asks every millisecond until a connection is taken.
    ///
    /// # Errors
    /// As for [`Server::wait_until_serving`].
    pub(crate) fn wait_until_listening(&mut self, timeout: Duration) -> io::Result<()> {
        self.wait(timeout, |address| TcpStream::connect(address).map(drop))
    }

    fn wait(&mut self, timeout: Duration, ask: impl Fn(SocketAddr) -> io::Result<()>) -> io::Result<()> {
        let until = Instant::now() + timeout;
        loop {
            let Err(error) = ask(self.address) else { return Ok(()) };
            if let Some(status) = self.child.try_wait()? {
                return Err(self.failure(&format!("it ended with {status}")));
            }
            if Instant::now() > until {
                return Err(self.failure(&format!("it does not serve within {timeout:?}: {error}")));
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Its process and their children, pinned to `core`.
    pub(crate) fn watch(&self, core: usize) -> Watch {
        Watch::new(self.child.id(), core)
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    fn failure(&self, what: &str) -> io::Error {
        let log = fs::read(&self.log).unwrap_or_default();
        let tail = String::from_utf8_lossy(&log[log.len().saturating_sub(LOG_TAIL_BYTES)..]).into_owned();
        io::Error::other(format!("{what}; it said: {}", tail.trim()))
    }

    fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let family = watch::family(self.child.id());
        if !self.has_ended() {
            signal(self.child.id(), Signal::TERM);
        }
        let until = Instant::now() + GRACE;
        while !self.has_ended() && Instant::now() < until {
            thread::sleep(Duration::from_millis(2));
        }
        if !self.has_ended() {
            for pid in family {
                signal(pid, Signal::KILL);
            }
            let _ = self.child.wait();
        }
        self.children.forget(self.child.id());
    }
}

/// Loopback addresses that nobody listens at, none given twice; below the ports that connections take by themselves.
#[derive(Debug)]
pub(crate) struct Ports(std::ops::Range<u16>);

impl Ports {
    /// All of them, beginning somewhere else than another run at the same time.
    pub(crate) fn new() -> Self {
        let offset = u16::try_from(std::process::id() % 8_000).unwrap_or_default();
        Self(20_000 + offset..30_000)
    }

    /// The next one.
    pub(crate) fn next(&mut self) -> io::Result<SocketAddr> {
        let mut addresses = self.0.by_ref().map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let free = addresses.find(|address| TcpListener::bind(address).is_ok());
        free.ok_or_else(|| io::Error::other("no port is free between 20000 and 30000"))
    }
}

fn signal(pid: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(pid).ok().and_then(Pid::from_raw) {
        // One that has just ended needs no signal.
        let _ = kill_process(pid, signal);
    }
}
