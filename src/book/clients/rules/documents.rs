//! What the number of an identity document says, and which kind of client has which kind of document.

use chrono::{Datelike, NaiveDate};

use super::super::model::{ClientKind, DocumentType};

/// Who is born earlier is on no card.
const FIRST_YEAR: i32 = 1800;

/// The provinces by the first two digits of their code (GB/T 2260), and where residents of elsewhere get cards alike.
const REGIONS: [(&str, &str, &str); 35] = [
    ("11", "Beijing", "北京市"),
    ("12", "Tianjin", "天津市"),
    ("13", "Hebei", "河北省"),
    ("14", "Shanxi", "山西省"),
    ("15", "Inner Mongolia", "内蒙古自治区"),
    ("21", "Liaoning", "辽宁省"),
    ("22", "Jilin", "吉林省"),
    ("23", "Heilongjiang", "黑龙江省"),
    ("31", "Shanghai", "上海市"),
    ("32", "Jiangsu", "江苏省"),
    ("33", "Zhejiang", "浙江省"),
    ("34", "Anhui", "安徽省"),
    ("35", "Fujian", "福建省"),
    ("36", "Jiangxi", "江西省"),
    ("37", "Shandong", "山东省"),
    ("41", "Henan", "河南省"),
    ("42", "Hubei", "湖北省"),
    ("43", "Hunan", "湖南省"),
    ("44", "Guangdong", "广东省"),
    ("45", "Guangxi", "广西壮族自治区"),
    ("46", "Hainan", "海南省"),
    ("50", "Chongqing", "重庆市"),
    ("51", "Sichuan", "四川省"),
    ("52", "Guizhou", "贵州省"),
    ("53", "Yunnan", "云南省"),
    ("54", "Tibet", "西藏自治区"),
    ("61", "Shaanxi", "陕西省"),
    ("62", "Gansu", "甘肃省"),
    ("63", "Qinghai", "青海省"),
    ("64", "Ningxia", "宁夏回族自治区"),
    ("65", "Xinjiang", "新疆维吾尔自治区"),
    ("71", "Taiwan", "台湾省"),
    ("81", "Hong Kong", "香港特别行政区"),
    ("82", "Macau", "澳门特别行政区"),
    ("83", "Taiwan (residence permit)", "台湾（居住证）"),
];

/// What the number of a resident identity card says (GB 11643-1999).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdCard {
    /// The code of the district where it was first issued, six digits.
    pub region_code: String,
    /// Its province, in English and in Chinese; none that there is.
    pub region: Option<(&'static str, &'static str)>,
    /// The day of birth; none that there is.
    pub birth_date: Option<NaiveDate>,
}

impl IdCard {
    /// Of a number with its check character (ISO 7064 MOD 11-2).
    pub fn read(number: &str) -> Option<Self> {
        if !has_check_character(number) {
            return None;
        }
        let region = REGIONS.iter().find(|(code, ..)| number.starts_with(code)).map(|(_, en, zh)| (*en, *zh));
        let birth_date = NaiveDate::parse_from_str(number.get(6..14)?, "%Y%m%d").ok();
        let birth_date = birth_date.filter(|day| day.year() >= FIRST_YEAR);
        Some(Self { region_code: number.get(..6)?.to_owned(), region, birth_date })
    }

    /// Full years on that day.
    pub fn age_on(&self, day: NaiveDate) -> Option<u32> {
        day.years_since(self.birth_date?)
    }
}

fn has_check_character(number: &str) -> bool {
    let characters: Vec<char> = number.to_uppercase().chars().collect();
    if characters.len() != 18 {
        return false;
    }
    let sum = characters.iter().enumerate().try_fold(0, |sum, (place, character)| {
        let value = if place == 17 && *character == 'X' { 10 } else { character.to_digit(10)? };
        // The weight of each place is 2^(17 - place) mod 11; the whole must leave 1.
        Some(sum + value * ((1 << (17 - place)) % 11))
    });
    sum.is_some_and(|sum| sum % 11 == 1)
}

/// Whether a unified social credit code has its check character (GB 32100-2015).
pub fn is_credit_code(number: &str) -> bool {
    const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let values: Option<Vec<usize>> = number.to_uppercase().chars().map(|character| ALPHABET.find(character)).collect();
    let Some(values) = values.filter(|values| values.len() == 18) else { return false };
    // The weight of each place is 3^place mod 31; with the check character the whole leaves nothing.
    let weighted = values.iter().scan(1, |weight, value| {
        let product = value * *weight;
        *weight = *weight * 3 % 31;
        Some(product)
    });
    let sum: usize = weighted.take(17).sum();
    (sum + values[17]).is_multiple_of(31)
}

/// Whether a client of that kind can have a document of that type.
pub fn fits(kind: ClientKind, document: DocumentType) -> bool {
    use DocumentType::{CreditCode, IdCard, Other, Passport, ProductRegistration, TravelPermit};
    match kind {
        ClientKind::Individual => matches!(document, IdCard | Passport | TravelPermit | Other),
        ClientKind::Institution => matches!(document, CreditCode | Other),
        ClientKind::Product => matches!(document, ProductRegistration | Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_says_where_and_when_its_holder_was_registered() {
        let card = IdCard::read("11010519491231002X").expect("the example of the standard");
        assert_eq!((card.region_code.as_str(), card.region), ("110105", Some(("Beijing", "北京市"))));
        let day = |text: &str| text.parse().expect("a day");
        assert_eq!(card.birth_date, Some(day("1949-12-31")));
        assert_eq!(card.age_on(day("2026-12-30")), Some(76));
        assert_eq!(card.age_on(day("2026-12-31")), Some(77));
        assert_eq!(card.age_on(day("1949-12-30")), None);
        assert!(IdCard::read("440524188001010014").is_some());
        assert!(IdCard::read("11010519491231002x").is_some());
        for wrong in ["110105194912310021", "1101051949123100", "١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", ""] {
            assert_eq!(IdCard::read(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_credit_code_has_its_check_character() {
        assert!(is_credit_code("91350100M000100Y43"), "the example of the standard");
        assert!(is_credit_code("91350100m000100y43"));
        assert!(!is_credit_code("91350100M000100Y44"));
        assert!(!is_credit_code("91350100M000100Y4"));
        assert!(!is_credit_code("9135010OM000100Y43"), "no letter O");
    }
}
