//! Sealing everything under a new encryption key.

use std::process::ExitCode;

use roundhouse_domain::Secret;
use roundhouse_storage::MasterKey;
use roundhouse_storage::sealing::Resealed;

use super::{Done, block_on, import};
use crate::cli::RotateArgs;
use crate::environment;
use crate::failure::{Failure, say};
use crate::lock::Lock;
use crate::wiring;

/// Where the new key may stand, for installations whose key is in the environment.
const VARIABLE: &str = "NEW_ENCRYPTION_KEY";

/// Characters of a key at least.
const SHORTEST: usize = 16;

/// Runs `roundhouse rotate-encryption-key`.
pub fn run(args: &RotateArgs) -> Done {
    let config = environment::load(&environment::sources(&args.settings, None))?;
    let named = import::secret(args.new_key_file.as_deref())?;
    let variable = environment::variables().remove(VARIABLE).map(Secret::from);
    let given = named.or(variable);
    if given.as_ref().is_some_and(|key| key.expose().trim().len() < SHORTEST) {
        return Err(Failure::new(format!("the new key must have at least {SHORTEST} characters")));
    }
    if given.is_none() && config.security.encryption_key.is_some() {
        return Err(Failure::new(format!(
            "the encryption key is configured: say the new one in {VARIABLE}, or in a file with --new-key-file"
        )));
    }
    let _alone = Lock::alone(&config.data_dir)?;
    block_on(async {
        let ground = wiring::ground(&config).await?;
        let (next, is_in_file) = match &given {
            Some(text) => (MasterKey::from_text(text), false),
            None => (MasterKey::draft(&config.data_dir)?, true),
        };
        let resealed = ground.master.rotate(&ground.database, &next).await;
        ground.database.close().await;
        let Resealed { done, unopenable } = resealed?;
        if is_in_file {
            let old = MasterKey::promote_draft(&config.data_dir)?;
            say(format!(
                "the new key is in encryption.key; the old one, which backups made until now need, is in {}",
                old.display()
            ));
        } else {
            say(
                "set ROUNDHOUSE_ENCRYPTION_KEY to the new key for every server before the next start; keep the old one for backups made until now",
            );
        }
        say(format!("{done} secrets are sealed anew"));
        if config.security.secret_key.is_none() {
            say("everybody logs in again");
        }
        if unopenable > 0 {
            say(format!(
                "{unopenable} secrets did not open under the old key either and are left as they are"
            ));
        }
        Ok(ExitCode::SUCCESS)
    })
}
