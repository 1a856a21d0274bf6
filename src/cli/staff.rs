//! `clientele staff`

use std::io::{BufRead, IsTerminal, Write};
use std::os::fd::AsFd;

use clap::{Args, Subcommand};
use nix::sys::termios::{LocalFlags, SetArg, tcgetattr, tcsetattr};
use secrecy::{ExposeSecret, SecretString};

use super::{Failure, boot};
use firm::access::{self, DataScope, NewStaff, Role};
use platform::config::Config;
use platform::kernel::principal::Caller;

/// What to do with staff.
#[derive(Subcommand)]
pub enum Staff {
    /// Enter a member of staff
    Create(Create),
}

/// Options of `staff create`.
#[derive(Args)]
pub struct Create {
    /// Unique name to sign in with: lower-case letters, digits, `.`, `_`, `-`
    #[arg(long)]
    username: String,
    /// Name of the person
    #[arg(long)]
    name: String,
    /// What they do; decides what they may do
    #[arg(long, value_enum)]
    role: Role,
    /// Whose clients they see [default: what is usual for the role]
    #[arg(long, value_enum)]
    data_scope: Option<DataScope>,
    /// Code of their branch
    #[arg(long, value_name = "CODE", default_value = "HQ")]
    branch: String,
    /// 8 to 128 characters; asked for, or read from standard input, when absent
    #[arg(long, env = "STAFF_PASSWORD", hide_env_values = true)]
    password: Option<SecretString>,
}

/// Does it.
pub async fn run(config: &Config, staff: Staff) -> Result<(), Failure> {
    let Staff::Create(create) = staff;
    let password = match create.password {
        Some(password) => password,
        None => ask_password(&create.username)?,
    };
    let good = |name: &str| {
        (3..=32).contains(&name.len())
            && !name.starts_with(['.', '_', '-'])
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b))
    };
    if !good(&create.username) {
        return Err(
            "a user name has 3 to 32 lower-case letters, digits, `.`, `_`, `-`, and begins with a letter or digit"
                .into(),
        );
    }
    let booted = boot::boot(config, boot::COMMAND_CONNECTIONS).await?;
    let made = async {
        let mut uow = booted.db.begin(&Caller::system("command-line", "command-line")).await?;
        let branch = access::branch_by_code(&mut uow, &create.branch).await?;
        let branch = branch.ok_or_else(|| format!("there is no branch with the code {}", create.branch))?;
        let new = NewStaff {
            username: create.username,
            name: create.name,
            role: create.role,
            data_scope: create.data_scope,
            branch_id: branch.branch_id,
            password: password.expose_secret().to_owned(),
        };
        let staff = access::create_staff(&mut uow, new).await?;
        uow.finish(()).await?;
        Ok::<_, Failure>(staff)
    };
    let made = made.await;
    booted.stop().await?;
    let staff = made?;
    println!("{} may sign in ({})", staff.username, staff.staff_id);
    Ok(())
}

/// From the terminal without showing it, or the first line of standard input.
fn ask_password(username: &str) -> Result<SecretString, Failure> {
    let stdin = std::io::stdin();
    let hidden = if stdin.is_terminal() {
        eprint!("Password for {username}: ");
        std::io::stderr().flush()?;
        let shown = tcgetattr(stdin.as_fd())?;
        let mut quiet = shown.clone();
        quiet.local_flags.remove(LocalFlags::ECHO);
        tcsetattr(stdin.as_fd(), SetArg::TCSAFLUSH, &quiet)?;
        Some(shown)
    } else {
        None
    };
    let mut line = String::new();
    let read = stdin.lock().read_line(&mut line);
    if let Some(shown) = hidden {
        tcsetattr(stdin.as_fd(), SetArg::TCSAFLUSH, &shown)?;
        eprintln!();
    }
    read?;
    let password = line.trim_end_matches(['\r', '\n']);
    if password.is_empty() {
        return Err("a password is needed: --password, STAFF_PASSWORD, or standard input".into());
    }
    Ok(password.to_owned().into())
}
