//! Answers, both ways; a stream is made of the same documents as a whole answer.

mod chars;
mod choice;
mod chunk;
mod citations;
mod document;
mod grounding;
mod logprobs;
mod partial;
mod read;
mod stream_reader;
mod stream_writer;
mod write;

pub(crate) use read::read_answer;
pub(crate) use stream_reader::StreamReader;
pub(crate) use stream_writer::StreamWriter;
pub(crate) use write::write_answer;
