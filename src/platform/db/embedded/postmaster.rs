//! `postmaster.pid`, the file in which a running server says who and how it is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use nix::{sys::signal::kill, unistd::Pid};

use super::{EmbeddedError, error::At};

/// Names the socket; nobody else is in its directory.
pub(super) const PORT: u16 = 5432;

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Postmaster {
    pub(super) pid: u32,
    pub(super) port: u16,
    pub(super) socket_dir: PathBuf,
    pub(super) status: Status,
}

/// Line 8 of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    Ready,
    /// Starting, recovering or stopping.
    Busy,
}

/// `None` if no server runs or ran here. The file grows line by line, so lines may be missing at first.
pub(super) fn read(cluster: &Path) -> Result<Option<Postmaster>, EmbeddedError> {
    let path = cluster.join("postmaster.pid");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(parse(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).at(&path),
    }
}

pub(super) fn parse(text: &str) -> Option<Postmaster> {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    let line = |number: usize| lines.get(number - 1).copied().unwrap_or_default();
    Some(Postmaster {
        pid: line(1).parse().ok()?,
        port: line(4).parse().unwrap_or(PORT),
        socket_dir: PathBuf::from(line(5)),
        status: if line(8) == "ready" { Status::Ready } else { Status::Busy },
    })
}

/// Whether the process is a running PostgreSQL on this cluster. After a crash the number may belong to somebody else,
/// or to a process that has ended and that nobody has collected yet, as happens in containers.
pub(super) fn is_alive(pid: u32, cluster: &Path) -> bool {
    if cfg!(not(target_os = "linux")) {
        return exists(pid);
    }
    // "4711 (postgres) S 1 …"
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    let Some((command, state)) = stat.rsplit_once(") ") else { return false };
    let is_postgres = command.ends_with("(postgres") || command.ends_with("(postmaster");
    // It works inside its cluster. Where the system does not let us see that, its name must do.
    let elsewhere = matches!(
        (fs::read_link(format!("/proc/{pid}/cwd")), cluster.canonicalize()),
        (Ok(works_in), Ok(cluster)) if works_in != cluster
    );
    is_postgres && !state.starts_with(['Z', 'X']) && !elsewhere
}

fn exists(pid: u32) -> bool {
    pid.try_into().is_ok_and(|pid| kill(Pid::from_raw(pid), None) != Err(nix::errno::Errno::ESRCH))
}

/// Makes PostgreSQL see that the file is stale although its number is taken. The file must stay: from its other lines
/// PostgreSQL knows whether backends of the crashed server still use the shared memory. It never takes its own parent
/// for another server, and that is who we are going to be.
pub(super) fn disown(cluster: &Path, pid: u32) -> Result<(), EmbeddedError> {
    if !exists(pid) {
        return Ok(());
    }
    let path = cluster.join("postmaster.pid");
    let text = fs::read_to_string(&path).at(&path)?;
    let rest = text.split_once('\n').map_or("", |(_, rest)| rest);
    fs::write(&path, format!("{}\n{rest}", std::process::id())).at(&path)
}
