use validator::Validate;

use super::*;
use crate::kernel::patch::Patch;

#[derive(Validate)]
#[validate(schema(function = in_order))]
struct Span {
    #[validate(custom(function = since_1970))]
    from: Option<NaiveDate>,
    #[validate(custom(function = since_1970))]
    to: Patch<NaiveDate>,
    #[validate(nested)]
    r#type: Patch<Secret>,
    #[validate(nested)]
    others: Vec<Secret>,
}

#[derive(Validate)]
struct Secret {
    #[validate(custom(function = never))]
    number: String,
}

fn never(_: &str) -> Result<(), ValidationError> {
    PATTERN.unless(false)
}

fn in_order(span: &Span) -> Result<(), ValidationError> {
    INVALID.unless_at(!matches!(span.to, Patch::Clear), &["from", "to"])
}

fn found(span: &Span) -> Vec<(String, &'static str)> {
    let errors = span.validate().expect_err("faults");
    faults(&errors).into_iter().map(|fault| (fault.pointer, fault.code)).collect()
}

fn at(pointer: &str, code: &'static str) -> (String, &'static str) {
    (pointer.to_owned(), code)
}

#[test]
fn faults_have_pointers_through_patches_lists_and_structs() {
    let early = "1969-12-31".parse().expect("a day");
    let secret = || Secret { number: "6222020200112233".to_owned() };
    let span = Span { from: Some(early), to: Patch::Set(early), r#type: Patch::Set(secret()), others: vec![secret()] };
    assert_eq!(
        found(&span),
        [
            at("/from", "too_early"),
            at("/others/0/number", "pattern"),
            at("/to", "too_early"),
            at("/type/number", "pattern")
        ]
    );
    let words = format!("{:?}", faults(&span.validate().expect_err("faults")));
    assert!(!words.contains("6222") && words.contains("不得早于 1970 年"), "{words}");
}

#[test]
fn a_rule_about_the_whole_names_its_members() {
    let span = Span { from: None, to: Patch::Clear, r#type: Patch::Keep, others: Vec::new() };
    assert_eq!(found(&span), [at("/from", "invalid"), at("/to", "invalid")]);
    assert!(Span { to: Patch::Keep, ..span }.validate().is_ok());
}

#[test]
fn bounds_stand_in_the_words() {
    let fault = MAX_LENGTH.with("/name", &[("limit", &200)]);
    assert_eq!((fault.message.en.as_str(), fault.message.zh.as_str()), ("At most 200 characters", "最多 200 个字符"));
}
