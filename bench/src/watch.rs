//! What processes use, from `/proc`.

use std::time::Duration;
use std::{fs, io};

use rustix::param::clock_ticks_per_second;

/// A server's processes, and the core they are pinned to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Watch {
    pid: u32,
    core: usize,
}

/// Readings at one moment.
#[derive(Clone, Copy, Debug)]
struct Reading {
    processes: Duration,
    core: CoreTime,
}

/// How a core spent its time since the machine started.
#[derive(Clone, Copy, Debug)]
struct CoreTime {
    all: Duration,
    idle: Duration,
    interrupts: Duration,
}

/// A window of time being watched.
#[derive(Debug)]
pub(crate) struct Window {
    pids: Vec<u32>,
    core: usize,
    begin: Reading,
}

/// What was used within a window.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Used {
    /// CPU time of the processes.
    pub(crate) cpu: Duration,
    /// Share of the core's time in which it had something to do.
    pub(crate) core_busy: f64,
    /// Share of the core's time that other processes took.
    pub(crate) others: f64,
}

impl Watch {
    /// Watches `pid` and its children.
    pub(crate) const fn new(pid: u32, core: usize) -> Self {
        Self { pid, core }
    }

    /// Begins a window, with the children there are now.
    pub(crate) fn begin(&self) -> io::Result<Window> {
        let pids = family(self.pid);
        Ok(Window { begin: read(&pids, self.core)?, pids, core: self.core })
    }

    /// Resident bytes of all the processes; pages they share count for each.
    pub(crate) fn resident_bytes(&self) -> io::Result<u64> {
        family(self.pid).into_iter().map(resident_bytes).sum()
    }
}

fn read(pids: &[u32], core: usize) -> io::Result<Reading> {
    let processes = pids.iter().map(|pid| cpu_time(*pid)).sum::<io::Result<Duration>>()?;
    Ok(Reading { processes, core: core_time(core)? })
}

impl Window {
    /// Ends it.
    pub(crate) fn end(self) -> io::Result<Used> {
        let (begin, end) = (self.begin, read(&self.pids, self.core)?);
        let cpu = end.processes.saturating_sub(begin.processes);
        let all = end.core.all.saturating_sub(begin.core.all);
        let idle = end.core.idle.saturating_sub(begin.core.idle);
        let interrupts = end.core.interrupts.saturating_sub(begin.core.interrupts);
        let share = |part: Duration| part.as_secs_f64() / all.as_secs_f64().max(f64::MIN_POSITIVE);
        let others = share(all.saturating_sub(idle + interrupts + cpu));
        Ok(Used { cpu, core_busy: share(all.saturating_sub(idle)), others })
    }
}

/// A process and its children, children's children included.
pub(crate) fn family(pid: u32) -> Vec<u32> {
    let mut pids = vec![pid];
    let mut at = 0;
    while let Some(pid) = pids.get(at) {
        let listed = fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default();
        pids.extend(listed.split_whitespace().filter_map(|child| child.parse::<u32>().ok()));
        at += 1;
    }
    pids
}

/// True while a process exists and has not ended.
pub(crate) fn is_running(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    stat.rsplit_once(')').is_some_and(|(_, fields)| !fields.trim_start().starts_with('Z'))
}

/// User and system time of all threads (proc(5), fields 14 and 15 of `stat`).
fn cpu_time(pid: u32) -> io::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit_once(')').map_or("", |(_, fields)| fields);
    let mut times = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
    match (times.next(), times.next()) {
        (Some(Ok(user)), Some(Ok(system))) => Ok(ticks(user + system)),
        _ => Err(unreadable("/proc/PID/stat")),
    }
}

fn resident_bytes(pid: u32) -> io::Result<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.map(|kilobytes| kilobytes << 10).ok_or_else(|| unreadable("/proc/PID/status"))
}

/// Times of one core (proc(5): user, nice, system, idle, iowait, irq, softirq, steal).
fn core_time(core: usize) -> io::Result<CoreTime> {
    let stat = fs::read_to_string("/proc/stat")?;
    let name = format!("cpu{core} ");
    let line = stat.lines().find_map(|line| line.strip_prefix(name.as_str()));
    let times: Vec<u64> =
        line.unwrap_or("").split_whitespace().filter_map(|field| field.parse().ok()).collect();
    let [user, nice, system, idle, iowait, irq, softirq, steal, ..] = times[..] else {
        return Err(unreadable("/proc/stat"));
    };
    let all = user + nice + system + idle + iowait + irq + softirq + steal;
    Ok(CoreTime { all: ticks(all), idle: ticks(idle + iowait), interrupts: ticks(irq + softirq) })
}

fn ticks(ticks: u64) -> Duration {
    Duration::from_nanos(ticks * 1_000_000_000 / clock_ticks_per_second().max(1))
}

fn unreadable(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what} is not as expected"))
}
