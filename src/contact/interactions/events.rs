//! What happens to contacts with clients.

use super::model::{Channel, Outcome, Purpose};
use platform::kernel::ids::ChurnAlertId;

platform::events! {
    InteractionRecorded = "interaction.recorded" of "interaction" published c2 "A contact with a client was recorded" "沟通记录已登记" {
        /// How they met.
        pub channel: Channel,
        /// What for.
        pub purpose: Purpose,
        /// How it ended, as far as that is known.
        pub outcome: Option<Outcome>,
        /// The alert it answers. (c1)
        pub churn_alert_id: Option<ChurnAlertId>,
    }
    InteractionChanged = "interaction.changed" of "interaction" published c2 "A contact with a client became clearer" "沟通记录已补充" {
        /// How it ended, as far as that is known.
        pub outcome: Option<Outcome>,
    }
    InteractionBatchRecorded = "interaction.batch_recorded" of "interaction" audited c1
        "Contacts kept elsewhere before were entered" "历史沟通记录已批量登记" {
        /// How many.
        pub count: usize,
    }
}
