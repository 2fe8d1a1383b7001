//! Going before other processes, so that a build on the machine disturbs less.

use std::fs;

use rustix::process::setpriority_process;

/// Enough for nine tenths of a core that a build wants as well.
const NICE: i32 = -10;
/// The nice value of a session as a whole (sched(7), autogroups): where there is one, a process's own counts only
/// within its session.
const AUTOGROUP: &str = "/proc/self/autogroup";

/// The session's nice value as it was, for the end.
#[derive(Clone, Debug)]
pub(crate) struct Priority {
    session: Option<String>,
}

impl Priority {
    /// Raises that of this process, of what it starts from now on, and of its session, as far as it may.
    pub(crate) fn raise() -> Self {
        let old = fs::read_to_string(AUTOGROUP).ok();
        let session = old.and_then(|text| Some(text.trim().rsplit_once(' ')?.1.to_owned()));
        let raised = setpriority_process(None, NICE).is_ok();
        let session = session.filter(|_| raised && fs::write(AUTOGROUP, NICE.to_string()).is_ok());
        Self { session }
    }

    /// Gives the session back what it had.
    pub(crate) fn restore(&self) {
        if let Some(nice) = &self.session {
            // The session is the caller's; when this fails it keeps a higher priority, which harms nothing.
            let _ = fs::write(AUTOGROUP, nice);
        }
    }
}
