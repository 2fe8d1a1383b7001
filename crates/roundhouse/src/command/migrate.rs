//! Bringing the database to this version's schema.

use std::process::ExitCode;

use roundhouse_storage::Database;

use super::{Done, block_on};
use crate::cli::MigrateArgs;
use crate::environment;
use crate::failure::say;
use crate::wiring;

/// Runs `roundhouse migrate`.
pub fn run(args: &MigrateArgs) -> Done {
    let config = environment::load(&environment::sources(&args.settings, None))?;
    block_on(async {
        if args.check {
            let status = Database::check(&wiring::open_options(&config)).await?;
            status.pending.iter().for_each(|migration| say(format!("pending: {migration}")));
            return Ok(if status.pending.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        wiring::ground(&config).await?.database.close().await;
        say("the database is up to date");
        Ok(ExitCode::SUCCESS)
    })
}
