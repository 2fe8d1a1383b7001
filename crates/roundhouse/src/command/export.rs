//! Giving away what is configured.

use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::ExitCode;

use roundhouse_control::Control;
use roundhouse_control::export::{Dry, Pushed};
use roundhouse_domain::{Author, Secret};
use roundhouse_interchange::roundhouse::Form;
use roundhouse_interchange::{Format, Note, Variables};

use super::import::secret;
use super::{Done, block_on};
use crate::cli::ExportArgs;
use crate::environment;
use crate::failure::{Failure, say};
use crate::wiring;

/// Runs `roundhouse export FORMAT`.
pub fn run(args: &ExportArgs) -> Done {
    let sources = environment::sources(&args.settings, None);
    let config = environment::load(&sources)?;
    let format = args.format;
    block_on(async {
        let ground = wiring::ground(&config).await?;
        let house = wiring::house(ground, config, sources)?;
        let done = export(&house.control, format, args).await;
        house.control.database().clone().close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn export(control: &Control, format: Format, args: &ExportArgs) -> Result<(), Failure> {
    control.start().await?;
    let author = Author::operator();
    let dry = if args.dry_run { Dry::Run } else { Dry::No };
    match format {
        Format::GptLoad => tell(&control.push_gpt_load(&author, dry).await?, dry),
        Format::UniApi if args.push => tell(&control.push_uni_api(&author, dry).await?, dry),
        Format::UniApi => {
            let variables = Variables(environment::variables());
            let existing = args.out.as_deref().and_then(|path| std::fs::read(path).ok());
            let written = control.export_uni_api(&author, existing.as_deref(), &variables).await?;
            put(&written.text, &written.notes, args.out.as_deref())?;
        }
        Format::KeysTxt => {
            let provider =
                args.provider.as_deref().ok_or_else(|| Failure::new("name the provider with --provider"))?;
            let exported = control.export_keys(&author, provider).await?;
            put(&exported.text, &exported.notes, args.out.as_deref())?;
        }
        Format::Roundhouse => {
            let is_json =
                args.out.as_deref().is_some_and(|path| path.extension().is_some_and(|end| end == "json"));
            let form = if is_json { Form::Json } else { Form::Yaml };
            let passphrase = passphrase(args)?;
            let exported = control.export(&author, passphrase.as_ref(), form).await?;
            put(&exported.text, &exported.notes, args.out.as_deref())?;
        }
        other => {
            return Err(Failure::new(format!(
                "{other} is not written; use roundhouse, uni-api, gpt-load or keys.txt"
            )));
        }
    }
    Ok(())
}

fn passphrase(args: &ExportArgs) -> Result<Option<Secret>, Failure> {
    let named = secret(args.passphrase_file.as_deref())?;
    let variable =
        environment::variables().get("ROUNDHOUSE_PASSPHRASE").filter(|text| !text.is_empty()).cloned();
    Ok(named.or_else(|| variable.map(Secret::from)))
}

/// Writes to a file that only its owner can read, or to standard output; what is to say of it goes to standard error.
fn put(text: &str, notes: &[Note], path: Option<&Path>) -> Result<(), Failure> {
    for note in notes {
        crate::failure::print(&format!("{}: {}", note.place, note.message));
    }
    let Some(path) = path else {
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes())?;
        return Ok(());
    };
    let unwritable =
        |error: std::io::Error| Failure::new(format!("cannot write {}: {error}", path.display()));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let beside = path.with_file_name(format!(".{name}.new"));
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&beside)
        .map_err(unwritable)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(unwritable)?;
    std::fs::rename(&beside, path).map_err(unwritable)
}

fn tell(pushed: &Pushed, dry: Dry) {
    for step in &pushed.steps {
        say(step);
    }
    for note in &pushed.notes {
        say(format!("{}: {}", note.place, note.message));
    }
    say(match (pushed.steps.is_empty(), dry) {
        (true, _) => "nothing to do: it is as it should be",
        (false, Dry::Run) => "nothing was changed: this was a dry run",
        (false, Dry::No) => "done",
    });
}
