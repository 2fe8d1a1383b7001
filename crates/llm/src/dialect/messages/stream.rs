//! Streamed answers (<https://platform.claude.com/docs/en/build-with-claude/streaming>, 2026-11).

mod frames;
mod read;
mod wire;
mod write;

pub(crate) use read::StreamReader;
pub(crate) use write::StreamWriter;
