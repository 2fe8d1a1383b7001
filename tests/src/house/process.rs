//! The process itself: started, listened to, and ended.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::{Arc, Mutex};

use rustix::process::{Pid, Signal};
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// A running server, and what it wrote so far.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    readers: Vec<JoinHandle<()>>,
    log: Log,
}

/// What a server writes to its standard output and error.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().expect("readers do not panic")).into_owned()
    }
}

/// The binary beside the tests: `make test` builds it first.
pub fn binary() -> PathBuf {
    let own = std::env::current_exe().expect("a process knows its program");
    let folders = own.ancestors().skip(1).take(3);
    let found = folders.map(|folder| folder.join("roundhouse")).find(|path| path.is_file());
    found.expect("there is no roundhouse binary: run make test, or cargo build -p roundhouse first")
}

/// The binary in `folder`, with nothing in its environment but the path of programs.
pub fn command(folder: &Path) -> Command {
    prepared(Command::new(binary()), folder)
}

/// The same, started by a shell that first runs `limits`.
pub(super) fn limited(folder: &Path, limits: &str) -> Command {
    let mut command = Command::new("bash");
    command.arg("-c").arg(format!("{limits}; exec \"$0\" \"$@\"")).arg(binary());
    prepared(command, folder)
}

fn prepared(mut command: Command, folder: &Path) -> Command {
    let path = std::env::var_os("PATH").unwrap_or_else(|| OsString::from("/usr/bin:/bin"));
    command
        .env_clear()
        .env("PATH", path)
        .env("HOME", folder)
        .current_dir(folder)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

impl Process {
    pub(super) fn start(mut command: Command, log: &Log) -> Self {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary can be started");
        let outputs = (child.stdout.take().expect("it is piped"), child.stderr.take().expect("it is piped"));
        let readers =
            vec![tokio::spawn(copy(outputs.0, log.clone())), tokio::spawn(copy(outputs.1, log.clone()))];
        Self { child, readers, log: log.clone() }
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id().expect("the server runs")
    }

    pub(super) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.id()).ok().and_then(Pid::from_raw).expect("a process id");
        rustix::process::kill_process(id, signal).expect("the server runs");
    }

    /// The status it ended with; none while it runs.
    pub(super) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("children can be waited for")
    }

    /// Waits for its end, and for the last of its words.
    pub(super) async fn wait(mut self) -> ExitStatus {
        let ending = tokio::time::timeout(std::time::Duration::from_mins(1), self.child.wait()).await;
        let status = ending
            .unwrap_or_else(|_| panic!("the server does not end:\n{}", self.log.text()))
            .expect("an end");
        for reader in self.readers {
            reader.await.expect("readers do not panic");
        }
        status
    }
}

async fn copy(mut from: impl AsyncRead + Unpin, log: Log) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        log.0.lock().expect("readers do not panic").extend_from_slice(&buffer[..count]);
    }
}
