//! What happens to decisions.

platform::events! {
    DecisionMade = "decision.made" of "decision" published c1 "Something was decided about a client on demand" "已按需作出客户决策" {
        /// The kind of decision.
        #[schema(example = "tier")]
        pub kind: String,
    }
}
