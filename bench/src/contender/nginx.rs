//! nginx as its manual would set it up for this: one worker, upstream connections kept, no access log.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, io};

use super::{Place, pinned};

/// Where distributions put it; `PATH` of an ordinary user often lacks the first.
const PROGRAMS: [&str; 3] = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"];

/// nginx's version.
///
/// # Errors
/// It is not installed.
pub(crate) fn version() -> io::Result<String> {
    let output = Command::new(program()?).arg("-v").output()?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    Ok(text.rsplit_once('/').map_or("?", |(_, version)| version).trim().to_owned())
}

fn program() -> io::Result<PathBuf> {
    let found = PROGRAMS.into_iter().map(PathBuf::from).find(|path| path.exists());
    found.ok_or_else(|| io::Error::other("nginx is not installed; install it: apt-get install nginx-light"))
}

pub(super) fn command(place: &Place<'_>) -> io::Result<Command> {
    let conf = place.folder.join("nginx.conf");
    fs::write(&conf, configuration(place.folder, place))?;
    let mut command = pinned(place.core, &program()?);
    command.arg("-p").arg(place.folder).arg("-c").arg(conf);
    Ok(command)
}

fn configuration(folder: &Path, Place { address, upstream, .. }: &Place<'_>) -> String {
    let folder = folder.display();
    format!(
        "daemon off;
user root;
worker_processes 1;
worker_rlimit_nofile 65536;
pid {folder}/nginx.pid;
error_log {folder}/error.log error;
events {{ worker_connections 32768; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    client_max_body_size 64m;
    client_body_buffer_size 1m;
    client_body_temp_path {folder}/client_body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream mock {{
        server {upstream};
        keepalive 128;
        keepalive_requests 1000000000;
    }}
    server {{
        listen {address} backlog=4096;
        location / {{
            proxy_pass http://mock;
            proxy_http_version 1.1;
            proxy_set_header Connection \"\";
            proxy_buffering off;
            proxy_read_timeout 600s;
        }}
    }}
}}
"
    )
}
