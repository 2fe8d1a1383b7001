//! The parts of the page that are written by hand.

/// What stands before the tables.
pub(super) const HEAD: &str = "<!-- Made by `cargo xtask generate` from the doc comments of crates/config and crates/domain. Do not edit. -->

# Configuration

Settings come from `roundhouse.yaml` (or the file that `--config` or `ROUNDHOUSE_CONFIG` names), then from environment
variables, then from flags; later ones win. Everything has a default. `roundhouse config check FILE` names every problem
with its line; `roundhouse config schema` prints a JSON Schema for editors.

- Unknown fields are refused, with the nearest known name.
- In texts, `${VAR}` becomes the environment variable, `${VAR:-default}` the default when it is unset or empty, and `$$`
  a dollar sign. A variable that is not set and has no default is a problem.
- Fields that end in `_file` read a secret or keys from a file. A relative path starts at the configuration file's folder,
  or at the working folder when it comes from a variable. All other relative paths start at the working folder.
- A length of time is a number with `ms`, `s`, `m`, `h` or `d`, or a number of seconds.
- Lists in environment variables are separated by commas, or are JSON. An empty variable counts as not set.
- Providers, pools, routes and access keys are declared in the file. A changed file is applied at once, without a restart.

## Top level
";

/// The table of names that set no single field, and the head of the one of those that do.
pub(super) const OTHER_VARIABLES: &str = "
## Other environment variables

Variables that declare something, or set it in another form:

| Variable | Meaning |
|---|---|
| `ROUNDHOUSE_CONFIG` | The configuration file |
| `ROUNDHOUSE_ACCESS_KEY` | An access key named `environment` for all models |
| `OPENAI_API_KEY`, `OPENAI_BASE_URL` | A provider `openai`; several keys are separated by commas |
| `MEGALLM_BASE_URL`, `MEGALLM_TIMEOUT`, `KEY_FILE_PATH` | A provider `megallm` with the keys of that file, or of `keys.txt` in the data folder |
| `LLM_API_URL`, `LLM_MODEL`, `LLM_API_KEY` | A provider `default` |
| `HOST`, `PORT` | The two halves of `server.listen`; `HOST` only when it is an IP address or `localhost` |
| `METRICS_PORT` | The port of `server.metrics_listen` |
| `DEBUG` | `true` sets `log.level` to `debug` |
| `MAX_KEY_RETRIES`, `MEGALLM_MAX_RETRIES` | Their product is `gateway.max_attempts` |

Other names of single fields, which the field's own variable beats:

| Variable | Field |
|---|---|
";
