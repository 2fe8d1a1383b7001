//! JSON schemas, made to fit what a provider takes of them.

mod adapt;
mod nullable;
mod openapi;
mod refs;
mod rules;
mod strict;

pub(crate) use adapt::adapt;
pub(crate) use openapi::from_openapi;
pub(crate) use rules::Rules;

#[cfg(test)]
mod tests;
