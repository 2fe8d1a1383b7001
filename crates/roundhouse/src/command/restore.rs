//! Putting a backup in the place of the database.

use std::process::ExitCode;

use roundhouse_domain::Clock;
use roundhouse_storage::MasterKey;
use roundhouse_storage::database::restore;

use super::{Done, block_on};
use crate::cli::RestoreArgs;
use crate::environment;
use crate::failure::say;
use crate::lock::Lock;
use crate::wiring;

/// Runs `roundhouse restore FILE`.
pub fn run(args: &RestoreArgs) -> Done {
    let config = environment::load(&environment::sources(&args.settings, None))?;
    let _alone = Lock::alone(&config.data_dir)?;
    let master = MasterKey::load_or_create(config.security.encryption_key.as_ref(), &config.data_dir)?;
    let stamp = Clock::System.now().to_string().replace(':', "");
    let aside = config.data_dir.join("backups").join(format!("replaced-{stamp}"));
    block_on(async {
        let pending = restore(&wiring::open_options(&config), &master, &args.file, &aside).await?;
        say(format!("{} is in place", args.file.display()));
        if aside.exists() {
            say(format!("what was there before is in {}", aside.display()));
        }
        if pending > 0 {
            say(format!("the next start makes {pending} schema changes"));
        }
        Ok(ExitCode::SUCCESS)
    })
}
