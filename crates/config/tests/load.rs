//! Loads whole configurations and looks at the result, or at the text of every problem.

#[path = "load/catalogue.rs"]
mod catalogue;
#[cfg(test)]
#[path = "load/declared.rs"]
mod declared;
#[cfg(test)]
#[path = "load/environment.rs"]
mod environment;
#[path = "load/problems.rs"]
mod problems;
#[path = "load/properties.rs"]
mod properties;
#[cfg(test)]
#[path = "load/support.rs"]
mod support;
#[path = "load/yaml.rs"]
mod yaml;
