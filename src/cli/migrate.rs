//! `clientele migrate`

use super::{Failure, boot};
use platform::config::Config;

/// Brings the schema up to date and says so.
pub async fn run(config: &Config) -> Result<(), Failure> {
    let booted = boot::boot(config, boot::COMMAND_CONNECTIONS).await?;
    println!("The schema is up to date.");
    booted.stop().await
}
