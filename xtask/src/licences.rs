//! Whose work is in the program: every crate that is linked into it, from the lock file.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io;
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::generate::root;

/// The package that becomes the program.
const PROGRAM: &str = "roundhouse";

/// What the program is released for; the list is the same wherever it is made.
const PLATFORMS: [&str; 2] = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu"];

/// What Cargo says of the workspace; the fields that matter here.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    repository: Option<String>,
    /// None for our own.
    source: Option<String>,
    targets: Vec<Target>,
}

#[derive(Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<Kind>,
}

#[derive(Deserialize)]
struct Kind {
    /// None for what is linked; `dev` and `build` else.
    kind: Option<String>,
}

#[derive(Serialize)]
struct LinkedCrate<'a> {
    name: &'a str,
    version: &'a str,
    licence: &'a str,
    repository: Option<&'a str>,
}

/// The list as JSON, one crate a line, by name and version.
pub(crate) fn list() -> io::Result<String> {
    let metadata = metadata()?;
    let mut lines = BTreeMap::new();
    for package in linked(&metadata).into_iter().filter(|package| package.source.is_some()) {
        let licence = package.license.as_deref().ok_or_else(|| {
            io::Error::other(format!("{} {} names no licence", package.name, package.version))
        })?;
        let Package { name, version, repository, .. } = package;
        let line = LinkedCrate { name, version, licence, repository: repository.as_deref() };
        lines.insert((name, version), serde_json::to_string(&line)?);
    }
    let lines: Vec<_> = lines.into_values().collect();
    Ok(format!("[\n{}\n]\n", lines.join(",\n")))
}

fn metadata() -> io::Result<Metadata> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--locked", "--format-version", "1"]).current_dir(root());
    for platform in PLATFORMS {
        command.args(["--filter-platform", platform]);
    }
    let output = command.output()?;
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// The packages that the program is linked from, itself among them; macros only run when it is built.
fn linked(metadata: &Metadata) -> Vec<&Package> {
    let packages: HashMap<&str, &Package> = metadata.packages.iter().map(|one| (&*one.id, one)).collect();
    let nodes: HashMap<&str, &Node> = metadata.resolve.nodes.iter().map(|one| (&*one.id, one)).collect();
    let program = metadata.packages.iter().filter(|package| package.name == PROGRAM);
    let mut waiting: Vec<&str> = program.map(|package| &*package.id).collect();
    let (mut seen, mut linked) = (BTreeSet::new(), Vec::new());
    while let Some(id) = waiting.pop() {
        let (Some(package), Some(node)) = (packages.get(id), nodes.get(id)) else { continue };
        let is_macro =
            package.targets.iter().flat_map(|target| &target.kind).any(|kind| kind == "proc-macro");
        if is_macro || !seen.insert(id) {
            continue;
        }
        linked.push(*package);
        let normal = |dependency: &&Dependency| dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
        waiting.extend(node.deps.iter().filter(normal).map(|dependency| &*dependency.pkg));
    }
    linked
}
