#![no_main]
//! The configuration file.

use roundhouse_config::{Sources, load};

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let path = std::env::temp_dir().join(format!("roundhouse-fuzz-{}.yaml", std::process::id()));
    std::fs::write(&path, data).expect("the temporary folder can be written");
    let _ = load(&Sources { file: Some(path), ..Sources::default() });
});
