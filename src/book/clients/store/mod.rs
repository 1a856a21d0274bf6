//! Every statement about clients.

mod assignments;
mod claims;
mod clients;
mod list;
mod periods;

pub use assignments::{Move, assign, history, move_advisors, reassignable};
pub use claims::{
    claim_documents, claim_numbers, continued, document_owner, document_owners, move_document_claim, release_numbers,
    take_over_document,
};
pub use clients::{
    SealedClient, SealedIdentity, client, client_by_number, clients_in_scopes, insert, references, set_tiers, update,
};
pub use list::{count, ids_after, list};
pub use periods::{holder, periods, place, replace_periods, scheduled};
