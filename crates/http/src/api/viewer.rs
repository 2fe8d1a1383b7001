//! Whose requests and usage somebody may see.

use roundhouse_accounts::Actor;
use roundhouse_control::requests::Viewer;
use roundhouse_domain::Permission;

use crate::problem::Problem;

/// Whose requests: everybody's for those who may read the log, else one's own.
pub fn requests_viewer(actor: &Actor) -> Result<Viewer, Problem> {
    viewer(actor, Permission::RequestsRead)
}

/// Whose usage: everybody's for those who may see it, else one's own.
pub fn usage_viewer(actor: &Actor) -> Result<Viewer, Problem> {
    viewer(actor, Permission::UsageRead)
}

fn viewer(actor: &Actor, all: Permission) -> Result<Viewer, Problem> {
    if actor.may(all) {
        return Ok(Viewer::All);
    }
    actor.require(Permission::UsageOwn)?;
    Ok(Viewer::Own(actor.user_id))
}
