//! Ctrl-C and SIGTERM: children stop first, the temporary folder goes, then the process.

use std::io;
use std::path::PathBuf;
use std::{fs, thread};

use tokio::signal::unix::{SignalKind, signal};

use crate::priority::Priority;
use crate::server::Children;

/// The exit status of a process that a signal ended (128 + SIGINT).
const INTERRUPTED: i32 = 130;

/// Watches for signals in a thread of its own.
pub(crate) fn stop_on_signal(children: Children, folder: PathBuf, priority: Priority) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let watch = move || {
        let waited = runtime.block_on(async {
            let (mut interrupt, mut terminate) =
                (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
            tokio::select! { _ = interrupt.recv() => {}, _ = terminate.recv() => {} }
            io::Result::Ok(())
        });
        if waited.is_ok() {
            let _stopped = children.stop_all();
            priority.restore();
            let _ = fs::remove_dir_all(folder);
            std::process::exit(INTERRUPTED);
        }
    };
    thread::Builder::new().name("signals".to_owned()).spawn(watch)?;
    Ok(())
}
