//! The life cycle of a resource: a table of steps from which everything else follows – what a caller may do next, what
//! is refused and in which words, and what the random walk and the comparison with the database's CHECK try.
//!
//! A resource writes down its states and actions as [`Labelled`] enums and its steps as a constant:
//!
//! ```text
//! impl Lifecycle for DoorState {
//!     type Action = DoorAction;
//!     const STEPS: &'static [Step<Self, DoorAction>] = &[
//!         Step { action: DoorAction::Open, from: &[Self::Closed], to: Self::Open, by: By::Permission("doors:write") },
//!         Step { action: DoorAction::Expire, from: &[Self::Open], to: Self::Closed, by: By::System },
//!     ];
//! }
//! ```
//!
//! One action leads from one state to one state at most. `SLICE.lifecycles` names the table and column that keep the
//! state.

use serde::Serialize;
use utoipa::ToSchema;

use super::decision::Text;
use super::error::{self, Error};
use super::label::Labelled;
use super::principal::Principal;

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// Whoever holds this permission.
    Permission(&'static str),
    /// A job or another rule; nobody is offered it.
    System,
}

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Step<S: 'static, A: 'static> {
    /// What is done.
    pub action: A,
    /// The states it can be done in.
    pub from: &'static [S],
    /// The state it leads to.
    pub to: S,
    /// Who does it.
    pub by: By,
}

/// The states of a resource, with the steps between them.
pub trait Lifecycle: Labelled {
    /// What is done to the resource.
    type Action: Labelled;

    /// The table.
    const STEPS: &'static [Step<Self, Self::Action>];
}

/// An action that leads on from the resource's present state. (c1)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AllowedAction {
    /// Code of the action: the last segment of its path, with `_` for `-`; a step without a path is a change of the
    /// state.
    #[schema(example = "acknowledge")]
    pub action: &'static str,
    /// Why this caller cannot take it now: the permission that is missing, or the code of a rule. Null when nothing is
    /// in the way.
    #[schema(example = json!(null))]
    pub blocked_by: Option<&'static str>,
}

fn found<S: Lifecycle>(from: S, action: S::Action) -> Option<&'static Step<S, S::Action>> {
    S::STEPS.iter().find(|step| step.action == action && step.from.contains(&from))
}

/// The state an action leads to.
///
/// # Errors
/// 409 `illegal_transition` where the table has no such step, with the labels of state and action and of what is
/// possible.
pub fn step<S: Lifecycle>(from: S, action: S::Action) -> Result<S, Error> {
    found(from, action).map(|step| step.to).ok_or_else(|| refusal(from, action))
}

fn refusal<S: Lifecycle>(from: S, action: S::Action) -> Error {
    let possible: Vec<Text> =
        leaving(from).filter(|step| step.by != By::System).map(|step| step.action.label()).collect();
    let (state, wanted) = (from.label(), action.label());
    let listed = |pick: fn(&Text) -> &str, joint: &str| possible.iter().map(pick).collect::<Vec<_>>().join(joint);
    let (en, zh) = if possible.is_empty() {
        ("nothing can be done any more".to_owned(), "已不能再执行任何操作".to_owned())
    } else {
        let (en, zh) = (listed(|text| &text.en, ", "), listed(|text| &text.zh, "、"));
        (format!("possible now: {en}"), format!("当前可执行：{zh}"))
    };
    let en = format!("The state is “{}”, which does not allow “{}”; {en}.", state.en, wanted.en);
    Error::detailed(
        &error::ILLEGAL_TRANSITION,
        en,
        format!("当前状态为“{}”，不能执行“{}”；{zh}。", state.zh, wanted.zh),
    )
}

fn leaving<S: Lifecycle>(from: S) -> impl Iterator<Item = &'static Step<S, S::Action>> {
    S::STEPS.iter().filter(move |step| step.from.contains(&from))
}

/// Every action of people that leaves a state, and for each whether this caller lacks its permission.
pub fn allowed<S: Lifecycle>(from: S, principal: &Principal) -> Vec<AllowedAction> {
    leaving(from)
        .filter_map(|step| match step.by {
            By::Permission(permission) => Some(AllowedAction {
                action: step.action.code(),
                blocked_by: (!principal.scopes.contains(permission)).then_some(permission),
            }),
            By::System => None,
        })
        .collect()
}

/// Names the rule that is in the way of one action, unless a permission is already missing.
pub fn block<A: Labelled>(actions: &mut [AllowedAction], action: A, rule: &'static str) {
    for allowed in actions.iter_mut().filter(|allowed| allowed.action == action.code()) {
        allowed.blocked_by.get_or_insert(rule);
    }
}

/// A row of a life cycle's table in codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StepInfo {
    /// What is done.
    pub action: &'static str,
    /// The states it can be done in.
    pub from: Vec<&'static str>,
    /// The state it leads to.
    pub to: &'static str,
    /// The permission it takes; null when the system does it.
    pub permission: Option<&'static str>,
}

/// A life cycle as the manifest of a slice names it.
#[derive(Clone, Copy)]
pub struct LifecycleInfo {
    /// The set of states.
    pub name: &'static str,
    /// The table that keeps the state.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// Codes of all states.
    pub states: fn() -> Vec<&'static str>,
    /// Codes of all actions.
    pub actions: fn() -> Vec<&'static str>,
    /// The table of steps.
    pub steps: fn() -> Vec<StepInfo>,
    /// [`step`] by codes.
    pub step: fn(&str, &str) -> Result<&'static str, Error>,
}

impl LifecycleInfo {
    /// The life cycle `S`, kept in a column of a table.
    pub const fn of<S: Lifecycle>(table: &'static str, column: &'static str) -> Self {
        Self {
            name: S::NAME,
            table,
            column,
            states: codes::<S>,
            actions: codes::<S::Action>,
            steps: steps::<S>,
            step: step_by_code::<S>,
        }
    }
}

fn codes<L: Labelled>() -> Vec<&'static str> {
    L::ALL.iter().map(|value| value.code()).collect()
}

fn steps<S: Lifecycle>() -> Vec<StepInfo> {
    let info = |step: &Step<S, S::Action>| StepInfo {
        action: step.action.code(),
        from: step.from.iter().map(|from| from.code()).collect(),
        to: step.to.code(),
        permission: match step.by {
            By::Permission(permission) => Some(permission),
            By::System => None,
        },
    };
    S::STEPS.iter().map(info).collect()
}

fn step_by_code<S: Lifecycle>(from: &str, action: &str) -> Result<&'static str, Error> {
    match (S::from_code(from), S::Action::from_code(action)) {
        (Some(from), Some(action)) => step(from, action).map(S::code),
        _ => Err(Error::internal(format!("{} has no state {from} or no action {action}", S::NAME))),
    }
}

#[cfg(test)]
mod tests;
