//! The command line.

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand, ValueEnum};
use roundhouse_interchange::Format;

use crate::failure;

/// Exit status for words that the command line does not know.
const BAD_USAGE: u8 = 2;

/// One door to every model: a gateway to language models with key pools, failover and limits.
#[derive(Parser)]
#[command(name = "roundhouse", version, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// Commands.
#[derive(Subcommand)]
pub enum Command {
    /// Serves the gateway and the management API.
    Serve(ServeArgs),
    /// Brings the database to this version's schema.
    Migrate(MigrateArgs),
    /// Exits with 0 when a running server is ready; for containers.
    Healthcheck(HealthcheckArgs),
    /// Looks at configuration files.
    Config {
        /// How.
        #[command(subcommand)]
        command: ConfigCommand,
    },
    /// Prints the OpenAPI document.
    Openapi,
    /// Makes and lists people.
    User {
        /// What.
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Copies the SQLite database while the server runs.
    Backup(BackupArgs),
    /// Puts a backup in the place of the SQLite database; what was there is kept.
    Restore(RestoreArgs),
    /// Seals everything under a new encryption key.
    RotateEncryptionKey(RotateArgs),
    /// Takes over a configuration from elsewhere: all of it, as one revision, or nothing.
    Import(ImportArgs),
    /// Gives away what is configured.
    Export(ExportArgs),
    /// Says what is wrong and what to do.
    Doctor(SettingsArgs),
}

/// Where settings come from.
#[derive(Args, Clone, Debug, Default)]
pub struct SettingsArgs {
    /// The configuration file [default: roundhouse.yaml, if it is there].
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder for everything that is kept [default: data].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Flags of `serve`.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// Address and port to listen on [default: 0.0.0.0:8080].
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
    /// Which part of the work this process does; can be given several times [default: all].
    #[arg(long, value_name = "ROLE")]
    pub role: Vec<Role>,
}

/// Parts of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// The data plane: /v1, /v1beta, /proxy.
    Gateway,
    /// The management API.
    App,
    /// Background work: model discovery, retention.
    Worker,
}

/// Flags of `migrate`.
#[derive(Args, Clone, Debug)]
pub struct MigrateArgs {
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
    /// Only says what would be done; exits with 1 when something would be.
    #[arg(long)]
    pub check: bool,
}

/// Flags of `healthcheck`.
#[derive(Args, Clone, Debug)]
pub struct HealthcheckArgs {
    /// The address to ask [default: /ready of the configured listener on this machine].
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Ways to look at configuration files.
#[derive(Subcommand)]
pub enum ConfigCommand {
    /// Tells every problem of a file at once; exits with 1 when there is one.
    Check {
        /// The file.
        file: PathBuf,
    },
    /// Prints the JSON Schema of configuration files.
    Schema,
}

/// What can be done about people.
#[derive(Subcommand)]
pub enum UserCommand {
    /// Makes a person; without --password a random one is printed once.
    Create {
        /// E-mail address to log in with.
        email: String,
        /// Name to show.
        #[arg(long, default_value = "")]
        name: String,
        /// Password; it can be seen by others on this machine while the command runs.
        #[arg(long)]
        password: Option<String>,
        /// Makes an administrator.
        #[arg(long)]
        administrator: bool,
        /// Where settings come from.
        #[command(flatten)]
        settings: SettingsArgs,
    },
    /// Lists people.
    List {
        /// Where settings come from.
        #[command(flatten)]
        settings: SettingsArgs,
    },
    /// Sets a new password and ends all sessions; without --password a random one is printed once.
    ResetPassword {
        /// E-mail address.
        email: String,
        /// Password; it can be seen by others on this machine while the command runs.
        #[arg(long)]
        password: Option<String>,
        /// Where settings come from.
        #[command(flatten)]
        settings: SettingsArgs,
    },
}

/// Flags of `backup`.
#[derive(Args, Clone, Debug)]
pub struct BackupArgs {
    /// The file to write; it must not exist yet [default: a dated file in the data folder's `backups`].
    #[arg(long, value_name = "FILE")]
    pub to: Option<PathBuf>,
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Flags of `restore`.
#[derive(Args, Clone, Debug)]
pub struct RestoreArgs {
    /// The file that `backup` wrote.
    pub file: PathBuf,
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Flags of `rotate-encryption-key`.
#[derive(Args, Clone, Debug)]
pub struct RotateArgs {
    /// A file with the new key, where the key is configured and not in the data folder [env: `NEW_ENCRYPTION_KEY`].
    #[arg(long, value_name = "FILE")]
    pub new_key_file: Option<PathBuf>,
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Flags of `import`.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// roundhouse, gpt-load, uni-api, uni-load, uni-load-improved, keys.txt, litellm, one-api or new-api.
    #[arg(value_name = "FORMAT", value_parser = Format::from_str)]
    pub format: Format,
    /// A file, `-` for standard input, a database (SQLite file or DSN), or the address of a gpt-load.
    pub source: String,
    /// Only says what would be done.
    #[arg(long)]
    pub dry_run: bool,
    /// Removes what is configured and not in the import; credentials stay.
    #[arg(long)]
    pub replace: bool,
    /// The provider that the keys of keys.txt are for.
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// A file with the `ENCRYPTION_KEY` that gpt-load ran with [env: `GPT_LOAD_ENCRYPTION_KEY`].
    #[arg(long, value_name = "FILE")]
    pub encryption_key_file: Option<PathBuf>,
    /// A file with the `AUTH_KEY` of a gpt-load that is read by its address [env: `GPT_LOAD_AUTH_KEY`].
    #[arg(long, value_name = "FILE")]
    pub auth_key_file: Option<PathBuf>,
    /// A file with the passphrase of an export [env: `ROUNDHOUSE_PASSPHRASE`].
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Leaves the sealed secrets of an export out.
    #[arg(long)]
    pub without_secrets: bool,
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Flags of `export`.
#[derive(Args, Clone, Debug)]
pub struct ExportArgs {
    /// roundhouse, uni-api, keys.txt, or gpt-load, which is written through its interface.
    #[arg(value_name = "FORMAT", value_parser = Format::from_str)]
    pub format: Format,
    /// The file to write; a uni-api file that is there keeps what is not ours [default: standard output].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// A file with a passphrase: secrets are exported too, sealed with it [env: `ROUNDHOUSE_PASSPHRASE`].
    #[arg(long, value_name = "FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// The provider whose keys are wanted, for keys.txt.
    #[arg(long, value_name = "NAME")]
    pub provider: Option<String>,
    /// Writes to the uni-api of the settings (`export.uni_api`) instead of a file.
    #[arg(long)]
    pub push: bool,
    /// Only says what would be written to another gateway.
    #[arg(long)]
    pub dry_run: bool,
    /// Where settings come from.
    #[command(flatten)]
    pub settings: SettingsArgs,
}

/// Tells what is wrong with a command line, in one line; help and version are no mistakes.
pub fn explain(error: &clap::Error) -> ExitCode {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    ) {
        // A closed pipe is the reader's choice.
        let _ = error.print();
        return if error.use_stderr() { ExitCode::from(BAD_USAGE) } else { ExitCode::SUCCESS };
    }
    let text = error.render().to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let first = lines.first().map_or("bad usage", |line| line.trim_start_matches("error: "));
    let named = lines.iter().skip(1).take_while(|line| line.starts_with('<') || line.starts_with("--"));
    let named: Vec<&str> = named.copied().collect();
    let tip = lines.iter().find_map(|line| line.strip_prefix("tip: "));
    let tip = tip.map_or_else(|| "see `roundhouse --help`".to_owned(), str::to_owned);
    failure::print(&format!("{first} {}; {tip}", named.join(" ")).replace(" ;", ";"));
    ExitCode::from(BAD_USAGE)
}
