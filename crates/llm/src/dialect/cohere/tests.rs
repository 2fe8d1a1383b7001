mod answers;
mod recorded;
mod requests;
mod streams;
