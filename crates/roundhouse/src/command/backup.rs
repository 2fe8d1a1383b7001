//! Copying the database.

use std::process::ExitCode;

use super::{Done, block_on};
use crate::cli::BackupArgs;
use crate::environment;
use crate::failure::{Failure, say};
use crate::wiring;

/// Runs `roundhouse backup`.
pub fn run(args: &BackupArgs) -> Done {
    let config = environment::load(&environment::sources(&args.settings, None))?;
    block_on(async {
        let ground = wiring::ground(&config).await?;
        let stamp = ground.clock.now().to_string().replace(':', "");
        let path = args
            .to
            .clone()
            .unwrap_or_else(|| config.data_dir.join("backups").join(format!("roundhouse-{stamp}.db")));
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::new(format!("cannot make the folder {}: {error}", folder.display()))
            })?;
        }
        ground.database.backup_to(&path).await?;
        ground.database.close().await;
        say(path.display());
        Ok(ExitCode::SUCCESS)
    })
}
