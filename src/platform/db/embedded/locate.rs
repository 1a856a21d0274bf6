//! Where PostgreSQL's programs are on this machine.

use std::{
    collections::HashSet,
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::EmbeddedError;

/// The oldest major version that is tested.
pub(super) const OLDEST: u32 = 15;

/// Directories of which distributions keep one per version: parent, how the entry begins, what follows inside.
const PER_VERSION: [(&str, &str, &str); 8] = [
    ("/usr/lib/postgresql", "", "bin"),                          // Debian, Ubuntu
    ("/usr", "pgsql-", "bin"),                                   // Fedora and RHEL, packages of the PostgreSQL project
    ("/usr/libexec", "postgresql", ""),                          // Alpine
    ("/usr/lib", "postgresql", "bin"),                           // openSUSE
    ("/opt/homebrew/opt", "postgresql", "bin"),                  // Homebrew on Apple silicon
    ("/usr/local/opt", "postgresql", "bin"),                     // Homebrew on Intel
    ("/home/linuxbrew/.linuxbrew/opt", "postgresql", "bin"),     // Homebrew on Linux
    ("/Applications/Postgres.app/Contents/Versions", "", "bin"), // Postgres.app
];

/// The programs of one installation.
#[derive(Clone, Debug)]
pub(super) struct Binaries {
    pub(super) initdb: PathBuf,
    pub(super) postgres: PathBuf,
}

/// The programs to use: exactly the version that made the cluster if there is one, else the first that is new enough.
/// `PG_BINDIR`, when set, is the only place looked at.
pub(super) fn locate(cluster: Option<u32>) -> Result<Binaries, EmbeddedError> {
    match env::var_os("PG_BINDIR").filter(|dir| !dir.is_empty()) {
        Some(dir) => first_fit([PathBuf::from(dir)].into_iter(), cluster, "PG_BINDIR"),
        None => {
            let places = on_path(env::var_os("PATH").unwrap_or_default()).chain(per_version());
            first_fit(places.chain(std::iter::once_with(from_pg_config).flatten()), cluster, "PATH, the usual places")
        }
    }
}

pub(super) fn first_fit(
    places: impl Iterator<Item = PathBuf>,
    cluster: Option<u32>,
    looked_in: &str,
) -> Result<Binaries, EmbeddedError> {
    let mut seen = HashSet::new();
    let mut unfit = Vec::new();
    for dir in places.filter(|dir| seen.insert(dir.clone())) {
        let binaries = Binaries { initdb: dir.join("initdb"), postgres: dir.join("postgres") };
        match major_version(&binaries) {
            Some(major) if cluster.map_or(major >= OLDEST, |wanted| major == wanted) => return Ok(binaries),
            Some(major) => unfit.push(format!("{major} in {}", dir.display())),
            None if looked_in == "PG_BINDIR" => unfit.push(format!("no usable programs in {}", dir.display())),
            None => {}
        }
    }
    Err(EmbeddedError::NotFound {
        wanted: cluster.map_or(format!("{OLDEST} or newer"), |made_by| {
            format!("{made_by}, the version that made the data directory")
        }),
        found: format!("{looked_in}: {}", if unfit.is_empty() { "nothing found".into() } else { unfit.join(", ") }),
    })
}

/// `None` unless both programs are there and run.
fn major_version(binaries: &Binaries) -> Option<u32> {
    if !binaries.initdb.is_file() || !binaries.postgres.is_file() {
        return None;
    }
    let output = Command::new(&binaries.postgres).arg("--version").output().ok()?;
    // "postgres (PostgreSQL) 15.8 (Debian …)", "postgres (PostgreSQL) 18beta1"
    leading_number(String::from_utf8_lossy(&output.stdout).split_once("(PostgreSQL) ")?.1)
}

/// Links on the PATH are followed to the real installation first: PostgreSQL finds its own files beside its programs.
fn on_path(path: OsString) -> impl Iterator<Item = PathBuf> {
    let dirs: Vec<PathBuf> = env::split_paths(&path).collect();
    dirs.into_iter().filter_map(|dir| Some(dir.join("postgres").canonicalize().ok()?.parent()?.to_owned()))
}

/// Newest first within each place.
fn per_version() -> impl Iterator<Item = PathBuf> {
    PER_VERSION.into_iter().flat_map(|(parent, prefix, inside)| {
        let mut found: Vec<(u32, PathBuf)> = fs::read_dir(parent)
            .into_iter()
            .flatten()
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name();
                let version = name.to_str()?.strip_prefix(prefix)?.trim_start_matches('@').to_owned();
                // Homebrew's plain "postgresql" has no number.
                Some((leading_number(&version).unwrap_or_default(), Path::new(parent).join(name).join(inside)))
            })
            .collect();
        found.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
        found.into_iter().map(|(_, dir)| dir)
    })
}

fn from_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

pub(super) fn leading_number(text: &str) -> Option<u32> {
    text.split(|character: char| !character.is_ascii_digit()).next()?.parse().ok()
}
