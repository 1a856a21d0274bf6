//! `clientele verify`

use std::process::ExitCode;
use std::time::Instant;

use clap::Args;
use uuid::Uuid;

use super::{Failure, boot};
use crate::app;
use book::clients;
use platform::config::Config;
use platform::db::{Lane, Read};
use platform::kernel::difference::Difference;
use platform::kernel::ids::ClientId;
use platform::kernel::principal::Caller;

/// Clients recomputed by one statement.
const CHUNK: u32 = 500;
/// Differences printed; the rest is counted.
const PRINTED: usize = 100;

/// Options of `verify`.
#[derive(Args)]
pub struct Verify {
    /// Only the client with this number
    #[arg(long, value_name = "NUMBER", conflicts_with = "client_id")]
    client_no: Option<String>,
    /// Only the client with this id
    #[arg(long, value_name = "UUID")]
    client_id: Option<Uuid>,
}

/// Recomputes what is kept from trades and balances; says equal, or names table, client and column and fails.
pub async fn run(config: &Config, verify: Verify) -> Result<ExitCode, Failure> {
    let booted = boot::boot(config, boot::COMMAND_CONNECTIONS).await?;
    let caller = Caller::system("command-line", "command-line");
    let began = Instant::now();
    let outcome = async {
        let mut read = booted.db.lane(Lane::Worker).read(&caller).await?;
        compare(&mut read, &verify).await
    };
    let outcome = outcome.await;
    booted.stop().await?;
    let (clients, differences) = outcome?;
    for difference in differences.iter().take(PRINTED) {
        println!("{}", line(difference));
    }
    if differences.is_empty() {
        println!("equal: {clients} clients recomputed in {:.1} s", began.elapsed().as_secs_f64());
        return Ok(ExitCode::SUCCESS);
    }
    println!("{} differences in {clients} clients", differences.len());
    Ok(ExitCode::FAILURE)
}

async fn compare(read: &mut Read, verify: &Verify) -> Result<(usize, Vec<Difference>), Failure> {
    let named = verify.client_no.is_some() || verify.client_id.is_some();
    let (mut clients, mut differences, mut after) = (0, Vec::new(), None);
    loop {
        let chunk = if named { one(read, verify).await? } else { clients::ids_after(read, after, CHUNK).await? };
        for recompute in app::SLICES.iter().filter_map(|slice| slice.verify) {
            differences.extend(recompute(read, &chunk).await?);
        }
        clients += chunk.len();
        after = chunk.last().copied();
        if named || after.is_none() {
            return Ok((clients, differences));
        }
    }
}

async fn one(read: &mut Read, verify: &Verify) -> Result<Vec<ClientId>, Failure> {
    let numbers: Vec<String> = verify.client_no.iter().cloned().collect();
    let ids: Vec<ClientId> = verify.client_id.iter().copied().map(ClientId).collect();
    let found = clients::resolve(read, &numbers, &ids).await?;
    let client = found.first().ok_or("there is no such client")?;
    Ok(vec![client.client_id])
}

fn line(difference: &Difference) -> String {
    let Difference { table, client_id, row, column, kept, derived } = difference;
    let value = |value: &Option<String>| value.as_deref().unwrap_or("nothing").to_owned();
    let row = if row.is_empty() { String::new() } else { format!(" {row}") };
    format!("{table} of client {client_id}{row}: {column} is {}, the record gives {}", value(kept), value(derived))
}
