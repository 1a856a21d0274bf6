//! Numbers of documents and phones that pass every check and belong to nobody.

use chrono::{Datelike, NaiveDate};

/// An identity number (GB 11643): region 99, a serial in the rest of the region and the sequence, the date of birth.
pub(super) fn id_card(index: u32, born: NaiveDate) -> String {
    let (region, sequence) = (index / 1000 % 10_000, index % 1000);
    let date = format!("{:04}{:02}{:02}", born.year(), born.month(), born.day());
    let body = format!("99{region:04}{date}{sequence:03}");
    format!("{body}{}", id_card_check(&body))
}

/// The check character of 17 digits: ISO 7064 MOD 11-2.
fn id_card_check(body: &str) -> char {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from(b"10X98765432"[(sum % 11) as usize])
}

/// A unified social credit code (GB 32100) of region 990000 around an organisation code (GB 11714).
pub(super) fn social_credit_code(index: u32) -> String {
    let serial = format!("{:08}", index % 100_000_000);
    let body = format!("91990000{serial}{}", organisation_check(&serial));
    format!("{body}{}", social_credit_check(&body))
}

fn organisation_check(serial: &str) -> char {
    const WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = serial.bytes().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    char::from(b"0X987654321"[(sum % 11) as usize])
}

fn social_credit_check(body: &str) -> char {
    const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let value = |byte: u8| (0..).zip(ALPHABET).find(|(_, letter)| **letter == byte).map_or(0, |(value, _)| value);
    let mut weight = 1;
    let mut sum = 0;
    for byte in body.bytes() {
        sum += value(byte) * weight % 31;
        weight = weight * 3 % 31;
    }
    char::from(ALPHABET[(31 - sum as usize % 31) % 31])
}

/// The registration number of a product.
pub(super) fn product_registration(index: u32) -> String {
    format!("SZZ{index:06}")
}

/// A number of the range 140, which connects machines and never a person.
pub(super) fn phone(index: u32) -> String {
    format!("140{:08}", index % 100_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_characters_of_published_examples() {
        assert_eq!(id_card_check("11010519491231002"), 'X');
        assert_eq!(id_card_check("44052418800101001"), '4');
        assert_eq!(organisation_check("70846113"), '6');
        assert_eq!(social_credit_check("91350100M000100Y4"), '3');
        assert_eq!(social_credit_check("91440300708461136"), 'T');
    }

    #[test]
    fn numbers_have_their_shape() {
        let born = NaiveDate::default();
        assert_eq!(&id_card(1_234_567, born)[..17], "99123419700101567");
        assert_eq!(social_credit_code(7).len(), 18);
        assert_eq!(phone(42), "14000000042");
    }
}
