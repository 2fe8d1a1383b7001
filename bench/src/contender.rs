//! Who is measured side by side.

mod nginx;
mod roundhouse;

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

pub(crate) use self::nginx::version as nginx_version;
pub(crate) use self::roundhouse::{Keys, Metering};

/// A server between load and mock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Contender {
    /// nginx as a plain reverse proxy.
    Nginx,
    /// A proxy of plain hyper.
    Hyper,
    /// Roundhouse.
    Roundhouse,
}

impl Contender {
    /// All of them, the measure first.
    pub(crate) const ALL: [Self; 3] = [Self::Nginx, Self::Hyper, Self::Roundhouse];

    /// Its name as part of a path.
    pub(crate) const fn slug(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Hyper => "hyper",
            Self::Roundhouse => "roundhouse",
        }
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nginx => "nginx",
            Self::Hyper => "hyper proxy",
            Self::Roundhouse => "Roundhouse",
        })
    }
}

/// Where a contender stands.
#[derive(Clone, Debug)]
pub(crate) struct Place<'a> {
    /// A folder of its own; what is there from before is used.
    pub(crate) folder: &'a Path,
    /// Where to listen.
    pub(crate) address: SocketAddr,
    /// The mock.
    pub(crate) upstream: SocketAddr,
    /// The core to stay on.
    pub(crate) core: usize,
    /// The Roundhouse binary.
    pub(crate) roundhouse: &'a Path,
    /// The provider keys that Roundhouse has.
    pub(crate) keys: Keys,
    /// What Roundhouse counts.
    pub(crate) metering: Metering,
}

/// The command that starts `contender`, with its configuration written.
pub(crate) fn command(contender: Contender, place: &Place<'_>) -> io::Result<Command> {
    match contender {
        Contender::Nginx => nginx::command(place),
        Contender::Roundhouse => roundhouse::command(place),
        Contender::Hyper => {
            let mut command = pinned(place.core, &std::env::current_exe()?);
            command.args(["proxy", "--listen", &place.address.to_string()]);
            command.args(["--upstream", &place.upstream.to_string()]);
            Ok(command)
        }
    }
}

/// A command that stays on one core; `taskset` becomes the program, so that the child's id is the program's.
pub(crate) fn pinned(core: usize, program: &Path) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(program);
    command
}
