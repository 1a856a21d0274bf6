//! Every statement about clients and their fund accounts.

mod claims;
mod clients;
mod fund_accounts;
mod list;

pub use claims::{claim_documents, claim_numbers, move_document_claim, release_numbers};
pub use clients::{SealedClient, client, client_by_number, clients_in_sights, insert, references, set_tiers, update};
pub use fund_accounts::{fund_account, insert_fund_account, list_fund_accounts, update_fund_account};
pub use list::{count, list};
