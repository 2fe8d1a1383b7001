//! Whole answers.

mod read;
mod write;

pub(crate) use read::read_answer;
pub(super) use read::{part, remaining};
pub(crate) use write::write_answer;
pub(super) use write::{id, own, shown};
