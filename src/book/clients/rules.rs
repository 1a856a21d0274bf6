//! What is shown of an identifier to those who may not see it whole; what periods become.

pub mod documents;
pub mod periods;

/// Characters that stay hidden at least: fewer are soon guessed.
const HIDDEN: usize = 4;

/// The first and last characters, the rest stars; of short values fewer are shown, or none.
pub fn masked(value: &str, head: usize, tail: usize) -> String {
    let characters: Vec<char> = value.chars().collect();
    let Some(shown) = characters.len().checked_sub(HIDDEN) else { return "*".repeat(HIDDEN) };
    let tail = tail.min(shown);
    let head = head.min(shown - tail);
    let hidden = characters.len() - head - tail;
    let shown = |range: &[char]| range.iter().collect::<String>();
    format!("{}{}{}", shown(&characters[..head]), "*".repeat(hidden), shown(&characters[head + hidden..]))
}

/// `138****8000`
pub fn masked_phone(phone: &str) -> String {
    masked(phone, 3, 4)
}

/// `310**********1234`
pub fn masked_document(number: &str) -> String {
    masked(number, 3, 4)
}

/// `z***@example.com`
pub fn masked_email(email: &str) -> String {
    match email.split_once('@') {
        Some((local, domain)) => format!("{}***@{domain}", local.chars().next().unwrap_or('*')),
        None => masked(email, 1, 0),
    }
}

/// `上海市浦东新***`
pub fn masked_address(address: &str) -> String {
    let head: String = address.chars().take(6.min(address.chars().count() / 2)).collect();
    format!("{head}***")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_show_their_ends_only() {
        assert_eq!(masked_phone("13800138000"), "138****8000");
        assert_eq!(masked_document("310101199001011234"), "310***********1234");
        assert_eq!(masked_email("zhang@example.com"), "z***@example.com");
        assert_eq!(masked_address("上海市浦东新区世纪大道100号"), "上海市浦东新***");
        assert_eq!(masked("12", 3, 4), "****");
        assert_eq!(masked_phone("12345678"), "****5678");
        assert_eq!(masked_document("E123456"), "****456");
    }

    proptest::proptest! {
        #[test]
        fn no_identifier_is_shown_whole(value in "[^*\\pC]{1,40}") {
            proptest::prop_assert_ne!(&masked_phone(&value), &value.replace('*', "x"));
            proptest::prop_assert!(!masked_address(&value).contains(&value));
        }
    }
}
