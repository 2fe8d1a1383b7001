//! The interface is built by npm (`make build`). Without it the crate builds all the same, and serves the API alone.

use std::path::Path;

fn main() {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/dist");
    println!("cargo::rerun-if-changed={}", built.display());
    if let Err(error) = std::fs::create_dir_all(&built) {
        println!("cargo::error={} cannot be made: {error}", built.display());
    }
}
