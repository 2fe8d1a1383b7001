//! What a process may use, and where it runs.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU64;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::thread::{CpuSet, sched_setaffinity, set_current_timer_slack};

/// Sockets that 10,000 streams through a gateway need, with room.
const FILES: u64 = 65_536;

/// Refuses an address of another machine: this harness loads nothing but itself.
pub(crate) fn loopback_only(address: SocketAddr) -> io::Result<()> {
    if address.ip().is_loopback() {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{address} is no loopback address; this harness works on this machine only"
    )))
}

/// Raises the limit of open files for this process and its children, as far as it may, and gives what it is then.
pub(crate) fn raise_file_limit() -> u64 {
    let old = getrlimit(Resource::Nofile);
    let enough = |limit: Option<u64>| limit.is_none_or(|limit| limit >= FILES);
    if !enough(old.current) {
        let hard = if enough(old.maximum) { old.maximum } else { Some(FILES) };
        let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(FILES), maximum: hard });
        if raised.is_err() {
            let _ = setrlimit(Resource::Nofile, Rlimit { current: old.maximum, maximum: old.maximum });
        }
    }
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Makes timeouts of this thread exact to the microsecond instead of fifty.
pub(crate) fn sharpen_timers() -> io::Result<()> {
    Ok(set_current_timer_slack(NonZeroU64::new(1_000))?)
}

/// Keeps this thread, and what it starts, on one core.
pub(crate) fn pin_to(core: usize) -> io::Result<()> {
    let mut cores = CpuSet::new();
    cores.set(core);
    Ok(sched_setaffinity(None, &cores)?)
}
