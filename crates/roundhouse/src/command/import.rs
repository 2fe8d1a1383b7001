//! Taking over a configuration from elsewhere.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use roundhouse_control::export::outbound;
use roundhouse_control::import::{Import, Mode, Outcome, What};
use roundhouse_domain::{Author, Secret};
use roundhouse_interchange::{Dsn, Format, Imported, Options, Severity, Source, Variables};
use roundhouse_outbound::Guard;

use super::{Done, block_on};
use crate::cli::ImportArgs;
use crate::environment;
use crate::failure::{Failure, say};
use crate::wiring;

/// The most bytes of standard input.
const MAX_BYTES: u64 = 64 << 20;

/// Runs `roundhouse import FORMAT SOURCE`.
pub fn run(args: &ImportArgs) -> Done {
    let sources = environment::sources(&args.settings, None);
    let config = environment::load(&sources)?;
    let format = args.format;
    let options = options(args)?;
    let source = source(format, &args.source)?;
    block_on(async {
        // What is read from elsewhere must not depend on a database of ours that is away.
        let imported =
            roundhouse_interchange::read(format, source, &options, &outbound(Guard::none())?).await?;
        let ground = wiring::ground(&config).await?;
        let house = wiring::house(ground, config, sources)?;
        let done = take_over(&house.control, format, imported, args).await;
        house.control.database().clone().close().await;
        done.map(|()| ExitCode::SUCCESS)
    })
}

async fn take_over(
    control: &roundhouse_control::Control,
    format: Format,
    imported: Imported,
    args: &ImportArgs,
) -> Result<(), Failure> {
    control.start().await?;
    let mode = if args.replace { Mode::Replace } else { Mode::Merge };
    let import = Import { imported, mode, origin: format.to_string() };
    let author = Author::operator();
    let outcome = if args.dry_run {
        control.preview_import(&author, import).await?
    } else {
        control.import(&author, import).await?
    };
    tell(&outcome, args.dry_run);
    Ok(())
}

/// A database where the format has one, an address, standard input (`-`) or a file.
fn source(format: Format, text: &str) -> Result<Source, Failure> {
    let is_address = text.starts_with("http://") || text.starts_with("https://");
    if is_address {
        return Ok(Source::Url(text.to_owned()));
    }
    if text == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().take(MAX_BYTES + 1).read_to_end(&mut bytes)?;
        return Ok(Source::Bytes(bytes));
    }
    if matches!(format, Format::GptLoad | Format::OneApi | Format::NewApi) {
        return Ok(Source::Database(Dsn::parse(text)?));
    }
    let path = Path::new(text);
    let unreadable = |error: std::io::Error| Failure::new(format!("cannot read {}: {error}", path.display()));
    let mut bytes = Vec::new();
    std::fs::File::open(path)
        .map_err(unreadable)?
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    Ok(Source::Bytes(bytes))
}

/// Secrets come from files or the environment, since a command line can be seen by others.
fn options(args: &ImportArgs) -> Result<Options, Failure> {
    let variables = environment::variables();
    let variable = |name: &str| {
        variables.get(name).filter(|value| !value.is_empty()).map(|value| Secret::from(value.as_str()))
    };
    Ok(Options {
        encryption_key: secret(args.encryption_key_file.as_deref())?
            .or_else(|| variable("GPT_LOAD_ENCRYPTION_KEY")),
        auth_key: secret(args.auth_key_file.as_deref())?.or_else(|| variable("GPT_LOAD_AUTH_KEY")),
        passphrase: secret(args.passphrase_file.as_deref())?.or_else(|| variable("ROUNDHOUSE_PASSPHRASE")),
        without_secrets: args.without_secrets,
        provider: args.provider.clone(),
        variables: Variables(variables),
    })
}

/// The first line of a file.
pub(super) fn secret(path: Option<&Path>) -> Result<Option<Secret>, Failure> {
    let Some(path) = path else { return Ok(None) };
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::new(format!("cannot read {}: {error}", path.display())))?;
    let line = text.lines().next().unwrap_or_default().trim();
    if line.is_empty() {
        return Err(Failure::new(format!("{} is empty", path.display())));
    }
    Ok(Some(Secret::from(line)))
}

fn tell(outcome: &Outcome, dry_run: bool) {
    for object in outcome.objects.iter().filter(|object| object.what != What::Unchanged) {
        say(format!("{}\t{} {}", object.what.as_str(), object.kind.replace('_', " "), object.name));
    }
    let unchanged = outcome.objects.iter().filter(|object| object.what == What::Unchanged).count();
    if unchanged > 0 {
        say(format!("unchanged\t{unchanged}"));
    }
    for keys in &outcome.keys {
        say(format!("keys\t{}: {} new, {} known", keys.provider, keys.added, keys.known));
    }
    for fresh in &outcome.fresh_credentials {
        let text = fresh.secret.as_ref().map_or("made when it is imported", |secret| secret.expose());
        say(format!("credential\t{}: {text}", fresh.access_key));
    }
    for note in &outcome.notes {
        let word = match note.severity {
            Severity::Info => "note",
            Severity::Warning => "differs",
            Severity::Skipped => "left out",
        };
        say(format!("{word}\t{}: {}", note.place, note.message));
    }
    outcome.warnings.iter().for_each(|warning| say(format!("warning\t{warning}")));
    say(if dry_run { "nothing was changed: this was a dry run" } else { "imported" });
}
