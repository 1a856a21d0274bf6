//! What happens to balances, beside the batches they come in.

use chrono::NaiveDate;

platform::events! {
    BalanceCorrected = "balance.corrected" of "balance" audited c1 "A balance was sent again with other amounts" "资产数据已更正" {
        /// The day it is of.
        pub trade_day: NaiveDate,
    }
}
