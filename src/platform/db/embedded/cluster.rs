//! The cluster on disk, made once. It is made under another name and renamed when whole, so one that a crash left half
//! made is never mistaken for a database.

use std::{
    fs::{self, File},
    io,
    path::Path,
};

use super::{
    EmbeddedError,
    account::Account,
    connect::NAME,
    error::{At, tail},
    launch::command,
    layout::{CLUSTER, Durability},
    locate::{Binaries, leading_number},
};

/// How the names of unfinished clusters begin.
const PARTIAL: &str = "postgres.partial-";

/// The major version that made the cluster; `None` if there is none yet.
pub(super) fn version(home: &Path) -> Result<Option<u32>, EmbeddedError> {
    let path = home.join(CLUSTER).join("PG_VERSION");
    match fs::read_to_string(&path) {
        Ok(text) => Ok(leading_number(&text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).at(&path),
    }
}

/// Makes the cluster and removes what earlier attempts left.
pub(super) fn create(
    home: &Path,
    binaries: &Binaries,
    account: Option<Account>,
    durability: Durability,
) -> Result<(), EmbeddedError> {
    remove_unfinished(home)?;
    let partial = tempfile::Builder::new().prefix(PARTIAL).tempdir_in(home).at(home)?;
    Account::give(account, partial.path())?;
    let mut initdb = command(&binaries.initdb, account);
    initdb
        .arg("--pgdata")
        .arg(partial.path())
        // Only who may enter the socket's directory can connect at all.
        .args(["--username", NAME, "--auth-local=trust", "--auth-host=reject"])
        // Sorts the same on every machine, and still knows letters: with plain C, Chinese names have no trigrams.
        .args(["--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions"]);
    if durability == Durability::Throwaway {
        initdb.arg("--no-sync");
    }
    let output =
        initdb.output().map_err(|source| EmbeddedError::Program { program: binaries.initdb.clone(), source })?;
    if !output.status.success() {
        let tail = tail(&[output.stdout, output.stderr].concat());
        return Err(EmbeddedError::Initdb { home: home.to_owned(), tail });
    }
    let done = home.join(CLUSTER);
    fs::rename(partial.path(), &done).at(&done)?;
    let _gone_from_there = partial.keep();
    File::open(home).and_then(|dir| dir.sync_all()).at(home)
}

fn remove_unfinished(home: &Path) -> Result<(), EmbeddedError> {
    for entry in fs::read_dir(home).at(home)?.flatten() {
        if entry.file_name().to_string_lossy().starts_with(PARTIAL)
            && let Err(error) = fs::remove_dir_all(entry.path())
        {
            tracing::warn!(path = %entry.path().display(), %error, "an unfinished database could not be removed");
        }
    }
    Ok(())
}
