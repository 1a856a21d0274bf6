//! Why an item of a plan was left as it is.

crate::faults! {
    CHANGED_SINCE = "changed_since" "It has changed since the plan was made or committed" "计划生成或提交后已发生变更";
    OUT_OF_SCOPE = "out_of_scope" "It is not in the scope of whoever asked for it" "不在操作人的数据范围内";
}
