//! The machine and the code that a page of figures is about.

use std::fs;
use std::process::Command;

use crate::contender;

/// What figures depend on, as lines of a list.
pub(crate) fn describe(contenders: &str) -> Vec<String> {
    let nginx = contender::nginx_version().unwrap_or_else(|_| "absent".to_owned());
    vec![
        format!("{} of commit {}", jiff::Timestamp::now().strftime("%Y-%m-%d"), commit()),
        format!("{}, {} cores, {} of memory", cpu_model(), cores(), memory()),
        format!("Linux {}", first_line("/proc/sys/kernel/osrelease")),
        format!("{contenders}; nginx {nginx}"),
    ]
}

fn commit() -> String {
    let hash = git(&["rev-parse", "--short=12", "HEAD"]).unwrap_or_else(|| "unknown".to_owned());
    let changed =
        git(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|changes| !changes.is_empty());
    if changed { hash + " with changes that are not committed" } else { hash }
}

fn git(arguments: &[&str]) -> Option<String> {
    let output =
        Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cpu_model() -> String {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = info.lines().find(|line| line.starts_with("model name")).and_then(|line| line.split_once(':'));
    name.map_or("unknown processor", |(_, name)| name.trim()).to_owned()
}

fn cores() -> usize {
    let info = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    info.lines().filter(|line| line.starts_with("processor")).count()
}

fn memory() -> String {
    let info = fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let kilobytes = info.split_whitespace().nth(1).and_then(|field| field.parse::<u64>().ok());
    kilobytes
        .map_or_else(|| "unknown size".to_owned(), |kilobytes| format!("{} GiB", kilobytes.div_ceil(1 << 20)))
}

fn first_line(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default().trim().to_owned()
}
