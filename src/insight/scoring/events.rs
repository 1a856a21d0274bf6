//! What happens to models and runs.

use chrono::NaiveDate;

use super::model::AlertCounts;

platform::events! {
    ScoringRunCompleted = "scoring_run.completed" of "scoring_run" published c1 "The book was scored" "评分批次已完成" {
        /// The day that was scored.
        pub as_of: NaiveDate,
        /// Days looked ahead.
        pub horizon_days: u32,
        /// What became of alerts.
        pub alerts: AlertCounts,
    }
    ChurnModelFitted = "churn_model.fitted" of "churn_model" published c1 "A churn model was fitted" "流失模型已拟合" {
        /// Its version.
        pub version: i32,
        /// The last day it knows.
        pub cutoff: NaiveDate,
        /// Why it has no parameters, where it has none.
        pub code: Option<String>,
    }
}
