//! What is wrong with a client, under the names that a file has for things.

use platform::kernel::error::Fault;

/// A fault of the client that a row is, at the field of the row.
pub fn of_row(mut fault: Fault) -> Fault {
    if let Some(part) = fault.pointer.strip_prefix("/document/") {
        fault.pointer = format!("/document_{part}");
    }
    if fault.pointer.is_empty() {
        let pointer = match fault.code {
            "client_no_taken" => "/client_no",
            "document_taken" => "/document_number",
            "unknown_branch" => "/branch_code",
            "unknown_advisor" => "/advisor",
            _ => "",
        };
        pointer.clone_into(&mut fault.pointer);
    }
    fault
}
