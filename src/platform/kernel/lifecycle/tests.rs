use std::collections::BTreeSet;
use std::sync::Arc;

use super::*;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Door {
    Open,
    Closed,
    Walled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deal {
    Open,
    Close,
    Wall,
}

impl Labelled for Door {
    const NAME: &'static str = "door";
    const ALL: &'static [Self] = &[Self::Open, Self::Closed, Self::Walled];

    fn title() -> Text {
        Text::new("A door", "门")
    }

    fn code(self) -> &'static str {
        ["open", "closed", "walled"][self as usize]
    }

    fn label(self) -> Text {
        Text::new(["open", "closed", "walled up"][self as usize], ["开", "关", "封"][self as usize])
    }
}

impl Labelled for Deal {
    const NAME: &'static str = "door_action";
    const ALL: &'static [Self] = &[Self::Open, Self::Close, Self::Wall];

    fn title() -> Text {
        Text::new("What is done to a door", "对门的操作")
    }

    fn code(self) -> &'static str {
        ["open", "close", "wall"][self as usize]
    }

    fn label(self) -> Text {
        Text::new(["open", "close", "wall up"][self as usize], ["打开", "关上", "封上"][self as usize])
    }
}

impl Lifecycle for Door {
    type Action = Deal;
    const STEPS: &'static [Step<Self, Deal>] = &[
        Step { action: Deal::Open, from: &[Self::Closed], to: Self::Open, by: By::Permission("doors:write") },
        Step { action: Deal::Close, from: &[Self::Open], to: Self::Closed, by: By::Permission("doors:write") },
        Step { action: Deal::Wall, from: &[Self::Open, Self::Closed], to: Self::Walled, by: By::System },
    ];
}

#[test]
fn the_table_says_where_an_action_leads_and_what_is_refused() {
    assert_eq!(step(Door::Closed, Deal::Open).ok(), Some(Door::Open));
    assert_eq!(step(Door::Closed, Deal::Wall).ok(), Some(Door::Walled));
    let words = |from, action| match step::<Door>(from, action) {
        Err(Error::Refused(refusal)) => refusal.detail.clone().map(|text| (text.en, text.zh)),
        other => panic!("{other:?}"),
    };
    let texts = |en: &str, zh: &str| Some((en.to_owned(), zh.to_owned()));
    assert_eq!(
        words(Door::Open, Deal::Open),
        texts(
            "The state is “open”, which does not allow “open”; possible now: close.",
            "当前状态为“开”，不能执行“打开”；当前可执行：关上。"
        )
    );
    assert_eq!(
        words(Door::Walled, Deal::Close),
        texts(
            "The state is “walled up”, which does not allow “close”; nothing can be done any more.",
            "当前状态为“封”，不能执行“关上”；已不能再执行任何操作。"
        )
    );
}

#[test]
fn people_are_offered_what_leaves_the_state_and_told_what_is_in_the_way() {
    let mut porter = Principal::system("porter");
    let close = |blocked_by| vec![AllowedAction { action: "close", blocked_by }];
    assert_eq!(allowed(Door::Open, &porter), close(Some("doors:write")));
    porter.scopes = Arc::new(BTreeSet::from(["doors:write"]));
    let mut actions = allowed(Door::Open, &porter);
    assert_eq!(actions, close(None));
    block(&mut actions, Deal::Close, "somebody_inside");
    assert_eq!(actions, close(Some("somebody_inside")));
    assert_eq!(allowed(Door::Walled, &porter), []);
}
