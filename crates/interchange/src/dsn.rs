//! Addresses of databases, in the ways that gateways written in Go have them.

use roundhouse_domain::Secret;
use url::Url;

use crate::error::ReadError;

/// Where a database is.
#[derive(Clone, Debug)]
pub enum Dsn {
    /// A SQLite file.
    File(std::path::PathBuf),
    /// A server, as `postgres://…` or `mysql://…`.
    Server(Secret),
}

impl Dsn {
    /// Reads a path, a URL, or a DSN of Go's drivers: `user:password@tcp(host:3306)/name` and `host=… user=… dbname=…`.
    ///
    /// # Errors
    /// When it is none of them; the text does not repeat it.
    pub fn parse(text: &str) -> Result<Self, ReadError> {
        let text = text.trim();
        let server = |url: String| Ok(Self::Server(Secret::from(url)));
        if text.starts_with("postgres://")
            || text.starts_with("postgresql://")
            || text.starts_with("mysql://")
        {
            return server(text.to_owned());
        }
        if let Some(url) = mysql(text) {
            return server(url);
        }
        if text.contains("host=") && text.contains("dbname=") {
            return keywords(text).map_or_else(|| Err(malformed()), server);
        }
        let path = ["sqlite://", "sqlite:", "file:"].iter().find_map(|scheme| text.strip_prefix(scheme));
        let path = path.unwrap_or(text).split('?').next().unwrap_or_default();
        if path.is_empty() || path.contains("://") {
            return Err(malformed());
        }
        Ok(Self::File(path.into()))
    }
}

fn malformed() -> ReadError {
    ReadError::Database(
        "expected a SQLite file, or a DSN such as postgres://user:password@host/name or user:password@tcp(host:3306)/name".to_owned(),
    )
}

/// The DSN of go-sql-driver/mysql, as a URL.
fn mysql(text: &str) -> Option<String> {
    let (login, rest) = text.rsplit_once("@tcp(")?;
    let (host, rest) = rest.split_once(')')?;
    let name = rest.strip_prefix('/')?.split('?').next()?;
    let (user, password) = login.split_once(':').unwrap_or((login, ""));
    url("mysql", host, user, password, name)
}

/// Words of libpq, as a URL.
fn keywords(text: &str) -> Option<String> {
    let word = |name: &str| {
        let found = text.split_whitespace().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        found.map(|value| value.trim_matches('\''))
    };
    let port = word("port").unwrap_or("5432");
    let host = format!("{}:{port}", word("host")?);
    let plain = word("sslmode") == Some("disable");
    let url = url("postgres", &host, word("user")?, word("password").unwrap_or_default(), word("dbname")?)?;
    Some(if plain { format!("{url}?sslmode=disable") } else { url })
}

fn url(scheme: &str, host: &str, user: &str, password: &str, name: &str) -> Option<String> {
    let mut url = Url::parse(&format!("{scheme}://{host}/")).ok()?;
    url.set_username(user).ok()?;
    url.set_password(Some(password).filter(|password| !password.is_empty())).ok()?;
    url.set_path(name);
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_to_name_a_database_is_read() {
        for (text, expected) in [
            ("postgres://u:p@h/d", "postgres://u:p@h/d"),
            ("u:p@tcp(h:3306)/d?charset=utf8mb4&parseTime=True", "mysql://u:p@h:3306/d"),
            ("u:p@ss/w:d@tcp(127.0.0.1:3306)/d", "mysql://u:p%40ss%2Fw%3Ad@127.0.0.1:3306/d"),
            (
                "host=h user=u password=p dbname=d port=5433 sslmode=disable",
                "postgres://u:p@h:5433/d?sslmode=disable",
            ),
        ] {
            match Dsn::parse(text).unwrap() {
                Dsn::Server(url) => assert_eq!(url.expose(), expected),
                Dsn::File(path) => panic!("{text} is no file {}", path.display()),
            }
        }
        for (text, expected) in [
            ("./data/gpt-load.db", "./data/gpt-load.db"),
            ("one-api.db?_busy_timeout=5000", "one-api.db"),
            ("sqlite:///abs/x.db", "/abs/x.db"),
        ] {
            assert!(
                matches!(Dsn::parse(text), Ok(Dsn::File(path)) if path.as_os_str() == expected),
                "{text}"
            );
        }
        assert!(Dsn::parse("").is_err() && Dsn::parse("ftp://secret@x").is_err());
    }
}
