//! One way to read every format.

use std::io::Write as _;
use std::path::Path;

use roundhouse_domain::Secret;
use roundhouse_outbound::Outbound;

use crate::configuration::Imported;
use crate::dsn::Dsn;
use crate::error::ReadError;
use crate::format::Format;
use crate::note::Notes;
use crate::remote::Remote;
use crate::roundhouse::Secrets;
use crate::text::MAX_BYTES;
use crate::variables::Variables;
use crate::{gpt_load, keys_txt, lite_llm, one_api, roundhouse, uni_api, uni_load, uni_load_improved};

/// Where a configuration is.
#[derive(Clone, Debug)]
pub enum Source {
    /// In these bytes: the content of a file, also of a SQLite database.
    Bytes(Vec<u8>),
    /// In a database.
    Database(Dsn),
    /// Behind another gateway's interface.
    Url(String),
}

/// What it takes to read some of the formats.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The `ENCRYPTION_KEY` that gpt-load ran with.
    pub encryption_key: Option<Secret>,
    /// The key that administers another gateway.
    pub auth_key: Option<Secret>,
    /// The passphrase that secrets are sealed with.
    pub passphrase: Option<Secret>,
    /// Whether sealed secrets are left out.
    pub without_secrets: bool,
    /// The provider that bare keys are for.
    pub provider: Option<String>,
    /// Environment variables that files may name.
    pub variables: Variables,
}

/// Reads a source of a format. `outbound` makes the calls that some sources need.
pub async fn read(
    format: Format,
    source: Source,
    options: &Options,
    outbound: &Outbound,
) -> Result<Imported, ReadError> {
    match (format, source) {
        (Format::GptLoad, Source::Url(url)) => {
            let key = options
                .auth_key
                .clone()
                .ok_or_else(|| needs("auth_key", "give the AUTH_KEY of the gpt-load"))?;
            let remote = Remote::new(outbound.clone(), &url, key)?;
            Ok(gpt_load::read(gpt_load::read_live(&remote).await?))
        }
        (_, Source::Url(_)) => {
            Err(needs("source", "only gpt-load is read from an address: give a file or a database"))
        }
        (Format::GptLoad, Source::Database(dsn)) => gpt_load_database(&dsn, options).await,
        (Format::OneApi | Format::NewApi, Source::Database(dsn)) => one_api_database(&dsn).await,
        (Format::GptLoad | Format::OneApi | Format::NewApi, Source::Bytes(bytes)) => {
            let file = database_file(&bytes)?;
            let dsn = Dsn::File(file.path().to_owned());
            if format == Format::GptLoad {
                gpt_load_database(&dsn, options).await
            } else {
                one_api_database(&dsn).await
            }
        }
        (format, Source::Database(Dsn::File(path))) => {
            from_bytes(format, &file(&path)?, options, outbound).await
        }
        (_, Source::Database(Dsn::Server(_))) => {
            Err(needs("source", "this format is read from a file, not from a database server"))
        }
        (format, Source::Bytes(bytes)) => from_bytes(format, &bytes, options, outbound).await,
    }
}

async fn from_bytes(
    format: Format,
    bytes: &[u8],
    options: &Options,
    outbound: &Outbound,
) -> Result<Imported, ReadError> {
    match format {
        Format::Roundhouse => {
            let secrets = if options.without_secrets {
                Secrets::LeaveOut
            } else {
                Secrets::Open(options.passphrase.as_ref())
            };
            roundhouse::read(bytes, secrets)
        }
        Format::UniApi => uni_api::read(bytes, &options.variables),
        Format::LiteLlm => lite_llm::read(bytes, &options.variables),
        Format::UniLoad => uni_load::read(bytes, outbound).await,
        Format::UniLoadImproved => uni_load_improved::read(bytes, &options.variables),
        Format::KeysTxt => {
            let provider = options.provider.as_deref();
            keys_txt::read(
                bytes,
                provider.ok_or_else(|| needs("provider", "name the provider that the keys are for"))?,
            )
        }
        Format::GptLoad | Format::OneApi | Format::NewApi => {
            Err(needs("source", "this format is read from a database"))
        }
    }
}

async fn gpt_load_database(dsn: &Dsn, options: &Options) -> Result<Imported, ReadError> {
    let mut notes = Notes::default();
    let gateway = gpt_load::read_database(dsn, options.encryption_key.as_ref(), &mut notes).await?;
    let mut imported = gpt_load::read(gateway);
    imported.notes.extend(notes.finish());
    Ok(imported)
}

async fn one_api_database(dsn: &Dsn) -> Result<Imported, ReadError> {
    Ok(one_api::read(&one_api::read_database(dsn).await?))
}

/// A database that was sent, as a file that goes away with the value.
fn database_file(bytes: &[u8]) -> Result<tempfile::NamedTempFile, ReadError> {
    // sqlite.org/fileformat2.html, section 1.3.
    if !bytes.starts_with(b"SQLite format 3\0") {
        return Err(ReadError::Database("it is no SQLite database".to_owned()));
    }
    let unwritable = |_| ReadError::Database("there is no room for a copy of it".to_owned());
    let mut file = tempfile::NamedTempFile::new().map_err(unwritable)?;
    file.write_all(bytes).map_err(unwritable)?;
    Ok(file)
}

fn file(path: &Path) -> Result<Vec<u8>, ReadError> {
    use std::io::Read as _;
    let unreadable = |error: std::io::Error| {
        ReadError::shape(path.display().to_string(), format!("cannot be read: {error}"))
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > MAX_BYTES { Err(ReadError::TooLarge(MAX_BYTES)) } else { Ok(bytes) }
}

fn needs(place: &str, message: &str) -> ReadError {
    ReadError::shape(place, message)
}
