//! Which step of the ladder a model is.

use science::ladder::Step;

platform::labels! {
    ChurnModelKind = "churn_model_kind" "The step of the ladder that serves, the best that the book supports" "沉默预测所用模型（按数据所能支持的最优层级）" {
        Logistic = "logistic" "Logistic regression on the book's own past" "逻辑回归（以本机构历史数据训练）",
        MbgNbd = "mbg_nbd" "MBG/NBD: clients trade at a rate of their own until they leave" "MBG/NBD模型：客户按各自频率交易，直至离开",
        Nbd = "nbd" "NBD: clients trade at a rate of their own; the book shows none leaving" "NBD模型：客户按各自频率交易，数据未体现离开",
        Rhythm = "rhythm" "Own rhythm: each client's own gaps, for a small book" "自身节奏：以客户自身交易间隔推断，用于客户较少时",
    }
}

impl From<Step> for ChurnModelKind {
    fn from(step: Step) -> Self {
        match step {
            Step::Logistic => Self::Logistic,
            Step::MbgNbd => Self::MbgNbd,
            Step::Nbd => Self::Nbd,
            Step::Rhythm => Self::Rhythm,
        }
    }
}
