//! Ids are types: a client's id is never taken for an alert's.

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
use utoipa::openapi::{RefOr, Schema};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let format = SchemaFormat::KnownFormat(KnownFormat::Uuid);
                ObjectBuilder::new().schema_type(Type::String).format(Some(format)).into()
            }
        }

        impl utoipa::ToSchema for $name {}
    )*

        /// The schema of every id, for whoever resolves references to them.
        pub fn schemas() -> Vec<(String, RefOr<Schema>)> {
            vec![$((stringify!($name).to_owned(), <$name as utoipa::PartialSchema>::schema())),*]
        }
    };
}

/// Calls a macro with every type of id: here with what makes them, in `db::types` with what keeps them.
macro_rules! each_id {
    ($callback:ident) => {
        $callback! {
            /// A client of the firm.
            ClientId;
            /// A period of a client at a branch, with an advisor.
            ClientAssignmentId;
            /// A member of staff.
            StaffId;
            /// A branch of the firm.
            BranchId;
            /// A session of a member of staff.
            SessionId;
            /// A client's fund account.
            FundAccountId;
            /// A contact with a client.
            InteractionId;
            /// A trade of a client.
            TradeId;
            /// A version of a policy of any kind.
            PolicyId;
            /// A change that waits for a second person.
            PendingChangeId;
            /// A stored decision about a client.
            DecisionId;
            /// A background job.
            JobId;
            /// A change of many, planned.
            BulkPlanId;
            /// A version of the tier policy.
            TierPolicyId;
            /// A period of a client in a tier.
            TierAssignmentId;
            /// A version of the value policy.
            ValuePolicyId;
            /// A version of the churn policy.
            ChurnPolicyId;
            /// A fitted churn model.
            ChurnModelId;
            /// A run that scored the book.
            ScoringRunId;
            /// A warning that a client may leave.
            ChurnAlertId;
        }
    };
}

pub(crate) use each_id;

each_id!(ids);

impl BranchId {
    /// The root of the tree, there from the start.
    pub const ROOT: Self = Self(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));
}
