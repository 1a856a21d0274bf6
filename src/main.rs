//! The commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A missing .env is no fault; a broken one is said.
    if let Err(error) = dotenvy::dotenv()
        && !error.not_found()
    {
        eprintln!("error: .env cannot be read: {error}");
        return ExitCode::from(2);
    }
    clientele::cli::run()
}
