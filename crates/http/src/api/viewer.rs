//! Whose requests and usage somebody may see.

use roundhouse_accounts::{Actor, Role};
use roundhouse_control::requests::Viewer;

/// Whose requests.
pub fn requests_viewer(actor: &Actor) -> Viewer {
    viewer(actor, may_read_all(actor))
}

/// Whose usage.
pub fn usage_viewer(actor: &Actor) -> Viewer {
    viewer(actor, may_read_all(actor))
}

fn may_read_all(actor: &Actor) -> bool {
    actor.role == Role::Administrator
}

fn viewer(actor: &Actor, may_read_all: bool) -> Viewer {
    if may_read_all { Viewer::All } else { Viewer::Own(actor.user_id) }
}
