//! Who runs PostgreSQL, and which directories that account can reach. PostgreSQL refuses to run as root.

use std::{
    collections::hash_map::DefaultHasher,
    env, fs,
    hash::{Hash, Hasher},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown, symlink},
    path::{Path, PathBuf},
};

use nix::unistd::{User, geteuid};

use super::{EmbeddedError, error::At, layout::CLUSTER, postmaster::PORT};

/// Where the cluster goes when root's data directory lies inside a directory that only root may enter.
const COMMON_HOME: &str = "/var/lib/clientele";
/// The longest path of a socket, on Linux and (shorter by four) on macOS.
const SOCKET_PATH: usize = if cfg!(target_os = "linux") { 107 } else { 103 };

/// The account that runs PostgreSQL in place of root.
#[derive(Clone, Copy, Debug)]
pub(super) struct Account {
    pub(super) uid: u32,
    pub(super) gid: u32,
}

impl Account {
    /// Hands a directory or file over to the account.
    pub(super) fn give(account: Option<Self>, path: &Path) -> Result<(), EmbeddedError> {
        account.map_or(Ok(()), |account| chown(path, Some(account.uid), Some(account.gid)).at(path))
    }

    fn may_enter(self, dir: &Path) -> bool {
        fs::metadata(dir).is_ok_and(|found| {
            let bit = match () {
                () if found.uid() == self.uid => 0o100,
                () if found.gid() == self.gid => 0o010,
                () => 0o001,
            };
            found.mode() & bit != 0
        })
    }
}

/// The account to run as (`None`: ourselves) and the directory that holds the cluster: the data directory, unless that
/// is out of the account's reach.
pub(super) fn settle(data_dir: &Path) -> Result<(Option<Account>, PathBuf), EmbeddedError> {
    if !geteuid().is_root() {
        return Ok((None, data_dir.to_owned()));
    }
    let account = choose(&data_dir.join(CLUSTER))?;
    // The data directory is ours to open for passing through; its parents are not.
    let mode = fs::metadata(data_dir).at(data_dir)?.mode();
    fs::set_permissions(data_dir, fs::Permissions::from_mode(mode | 0o001)).at(data_dir)?;
    let home = home(data_dir, account)?;
    Ok((Some(account), home))
}

/// The owner of the cluster if there is one, so that a user `postgres` that appears later changes nothing.
fn choose(cluster: &Path) -> Result<Account, EmbeddedError> {
    if let Ok(found) = fs::metadata(cluster)
        && found.uid() != 0
    {
        return Ok(Account { uid: found.uid(), gid: found.gid() });
    }
    ["postgres", "nobody"]
        .into_iter()
        .find_map(|name| User::from_name(name).ok().flatten())
        .map(|user| Account { uid: user.uid.as_raw(), gid: user.gid.as_raw() })
        .ok_or(EmbeddedError::NoAccount)
}

fn reaches(account: Account, dir: &Path) -> bool {
    dir.ancestors().all(|ancestor| account.may_enter(ancestor))
}

/// The data directory itself, or where its link `postgres` points. Each data directory has a home of its own, with a
/// random name: the data of a removed directory must not come back under a new one of the same path.
fn home(data_dir: &Path, account: Account) -> Result<PathBuf, EmbeddedError> {
    let cluster = data_dir.join(CLUSTER);
    if let Some(home) = fs::read_link(&cluster).ok().as_deref().and_then(Path::parent) {
        return Ok(home.to_owned());
    }
    if cluster.exists() || reaches(account, data_dir) {
        return Ok(data_dir.to_owned());
    }
    let common = Path::new(COMMON_HOME);
    fs::create_dir_all(common).at(common)?;
    let within_reach = fs::Permissions::from_mode(0o711);
    let home = tempfile::Builder::new().prefix("home-").permissions(within_reach).tempdir_in(common).at(common)?.keep();
    symlink(home.join(CLUSTER), &cluster).at(&cluster)?;
    tracing::warn!(home = %home.display(), "only root may enter the data directory: PostgreSQL keeps its files elsewhere");
    Ok(home)
}

/// A private directory for the socket: in the home, or under the temporary directory if that path is too long.
pub(super) fn socket_dir(home: &Path, account: Option<Account>) -> Result<PathBuf, EmbeddedError> {
    let mut dir = home.join("socket");
    if !fits(&dir) {
        let mut hasher = DefaultHasher::new();
        home.hash(&mut hasher);
        dir = env::temp_dir().join(format!("clientele-{:016x}", hasher.finish()));
    }
    if !fits(&dir) || account.is_some_and(|account| !dir.parent().is_some_and(|parent| reaches(account, parent))) {
        return Err(EmbeddedError::Socket { path: dir });
    }
    // Anybody may write to the temporary directory: accept what is there only if it is a directory of our own.
    let ours = [geteuid().as_raw(), account.map_or(geteuid().as_raw(), |account| account.uid)];
    match fs::DirBuilder::new().mode(0o700).create(&dir) {
        Err(_) if fs::symlink_metadata(&dir).is_ok_and(|found| found.is_dir() && ours.contains(&found.uid())) => {}
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            return Err(EmbeddedError::Socket { path: dir });
        }
        made => made.at(&dir)?,
    }
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o700)).at(&dir)?;
    Account::give(account, &dir)?;
    Ok(dir)
}

fn fits(dir: &Path) -> bool {
    dir.join(format!(".s.PGSQL.{PORT}")).as_os_str().len() <= SOCKET_PATH
}
