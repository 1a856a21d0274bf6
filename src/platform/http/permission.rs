//! The closed set of permissions. Each is a type, so a handler names it in its signature and the document repeats it.

/// A permission as a type: `Actor<ClientsRead>` is a caller who holds it.
pub trait Permission: 'static {
    /// The name in tokens, in the document and in `x-permission`; empty for anyone signed in.
    const SCOPE: &'static str;
}

/// Anyone who is signed in.
pub struct SignedIn;

impl Permission for SignedIn {
    const SCOPE: &'static str = "";
}

macro_rules! permissions {
    ($($name:ident = $scope:literal, $meaning:literal;)*) => {
        $(#[doc = $meaning] pub struct $name;
        impl Permission for $name { const SCOPE: &'static str = $scope; })*

        /// Every permission and what it allows.
        pub const ALL: &[(&str, &str)] = &[$(($scope, $meaning)),*];
    };
}

permissions! {
    BalancesWrite = "balances:write", "Send balances in";
    BranchesRead = "branches:read", "See branches";
    BranchesWrite = "branches:write", "Create and change branches";
    ChurnRead = "churn:read", "See churn risks and alerts";
    ChurnWrite = "churn:write", "Take up and resolve churn alerts";
    ClientsRead = "clients:read", "See clients and their fund accounts, identifiers masked";
    ClientsReveal = "clients:reveal", "See a client's identifiers in the clear, for a stated purpose";
    ClientsWrite = "clients:write", "Create, change and close clients and fund accounts";
    ImportsWrite = "imports:write", "Import files";
    InteractionsRead = "interactions:read", "See contacts with clients";
    InteractionsWrite = "interactions:write", "Record contacts with clients";
    JobsRead = "jobs:read", "Follow background jobs";
    NeedsRead = "needs:read", "See trading profiles";
    OverviewRead = "overview:read", "See all about one client at once";
    ScoringWrite = "scoring:write", "Start scoring runs";
    StaffRead = "staff:read", "See staff";
    StaffWrite = "staff:write", "Create and change staff";
    TiersRead = "tiers:read", "See tiers and tier policies";
    TradesRead = "trades:read", "See trades";
    TradesWrite = "trades:write", "Send trades in";
    ValueRead = "value:read", "See value scores";
}
