//! Making and listing people.

use std::process::ExitCode;

use base64::Engine as _;
use roundhouse_accounts::passwords;
use roundhouse_accounts::users::{self, Filter, NewUser};
use roundhouse_accounts::{Accounts, Authority, Role};
use roundhouse_domain::Secret;

use super::{Done, block_on};
use crate::cli::{SettingsArgs, UserCommand};
use crate::environment;
use crate::failure::{Failure, say};
use crate::wiring;

/// People listed at a time.
const PAGE: u64 = 500;

/// Runs `roundhouse user …`.
pub fn run(command: UserCommand) -> Done {
    match command {
        UserCommand::Create { email, name, password, administrator, settings } => {
            with(&settings, async |accounts| {
                let (password, told) = chosen(password)?;
                let role = if administrator { Role::Administrator } else { Role::Member };
                let new = NewUser { email, name, password, role, groups: Vec::new() };
                let user = users::create(accounts, Authority::Operator, &new).await?;
                say(format!("made {} ({})", user.email, user.role.as_str()));
                tell(told);
                Ok(())
            })
        }
        UserCommand::List { settings } => with(&settings, async |accounts| {
            let mut after = None;
            loop {
                let filter = Filter::default();
                let page = users::list(accounts, Authority::Operator, &filter, (PAGE, after)).await?;
                for user in &page {
                    say(format!("{}\t{}\t{}", user.email, user.role.as_str(), user.name));
                }
                after = page.last().map(|user| user.id);
                if (page.len() as u64) < PAGE {
                    return Ok(());
                }
            }
        }),
        UserCommand::ResetPassword { email, password, settings } => with(&settings, async |accounts| {
            let (password, told) = chosen(password)?;
            passwords::reset(accounts, Authority::Operator, &email, &password).await?;
            say(format!("{email} has a new password, and all sessions are ended"));
            tell(told);
            Ok(())
        }),
    }
}

fn with(settings: &SettingsArgs, work: impl AsyncFnOnce(&Accounts) -> Result<(), Failure>) -> Done {
    let config = environment::load(&environment::sources(settings, None))?;
    block_on(async {
        let ground = wiring::ground(&config).await?;
        let accounts = wiring::accounts(&ground, &config);
        let done = work(&accounts).await;
        ground.database.close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

fn tell(password: Option<String>) {
    if let Some(password) = password {
        say(format!("password: {password}"));
    }
}

/// The password that was given, or a random one and its text to tell.
fn chosen(given: Option<String>) -> Result<(Secret, Option<String>), Failure> {
    if let Some(password) = given {
        return Ok((Secret::new(password), None));
    }
    let mut random = [0; 18];
    getrandom::fill(&mut random)
        .map_err(|error| Failure::new(format!("no randomness for a password: {error}")))?;
    let password = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(random);
    Ok((Secret::new(password.clone()), Some(password)))
}
