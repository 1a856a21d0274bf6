//! Invented names, with the pinyin their user names are made of.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::draw;

const SURNAMES: [(&str, &str, f64); 30] = [
    ("王", "wang", 7.2),
    ("李", "li", 7.2),
    ("张", "zhang", 6.8),
    ("刘", "liu", 5.4),
    ("陈", "chen", 4.5),
    ("杨", "yang", 3.1),
    ("黄", "huang", 2.2),
    ("赵", "zhao", 2.2),
    ("吴", "wu", 2.0),
    ("周", "zhou", 1.9),
    ("徐", "xu", 1.6),
    ("孙", "sun", 1.5),
    ("马", "ma", 1.3),
    ("朱", "zhu", 1.3),
    ("胡", "hu", 1.2),
    ("郭", "guo", 1.2),
    ("何", "he", 1.1),
    ("林", "lin", 1.1),
    ("高", "gao", 1.0),
    ("罗", "luo", 0.9),
    ("郑", "zheng", 0.9),
    ("梁", "liang", 0.9),
    ("谢", "xie", 0.8),
    ("宋", "song", 0.8),
    ("唐", "tang", 0.7),
    ("许", "xu", 0.7),
    ("韩", "han", 0.7),
    ("冯", "feng", 0.6),
    ("邓", "deng", 0.6),
    ("欧阳", "ouyang", 0.1),
];

const GIVEN: [(&str, &str); 48] = [
    ("伟", "wei"),
    ("芳", "fang"),
    ("娜", "na"),
    ("敏", "min"),
    ("静", "jing"),
    ("丽", "li"),
    ("强", "qiang"),
    ("磊", "lei"),
    ("军", "jun"),
    ("洋", "yang"),
    ("勇", "yong"),
    ("艳", "yan"),
    ("杰", "jie"),
    ("娟", "juan"),
    ("涛", "tao"),
    ("明", "ming"),
    ("超", "chao"),
    ("秀", "xiu"),
    ("霞", "xia"),
    ("平", "ping"),
    ("刚", "gang"),
    ("桂", "gui"),
    ("英", "ying"),
    ("华", "hua"),
    ("建", "jian"),
    ("国", "guo"),
    ("志", "zhi"),
    ("文", "wen"),
    ("晓", "xiao"),
    ("雨", "yu"),
    ("子", "zi"),
    ("浩", "hao"),
    ("宇", "yu"),
    ("轩", "xuan"),
    ("欣", "xin"),
    ("怡", "yi"),
    ("佳", "jia"),
    ("梅", "mei"),
    ("琳", "lin"),
    ("峰", "feng"),
    ("鹏", "peng"),
    ("辉", "hui"),
    ("斌", "bin"),
    ("玲", "ling"),
    ("春", "chun"),
    ("雪", "xue"),
    ("思", "si"),
    ("晨", "chen"),
];

const FIRM_WORDS: [&str; 20] = [
    "恒远", "云帆", "鼎新", "澄湖", "青禾", "博川", "启明", "泰和", "景行", "朗星", "同舟", "嘉木", "凌峰", "安澜",
    "正源", "海岳", "拓新", "明德", "瑞丰", "远山",
];
const FIRM_TRADES: [&str; 10] = [
    "科技有限公司",
    "贸易有限公司",
    "投资管理有限公司",
    "机械制造有限公司",
    "医药有限公司",
    "物流有限公司",
    "新能源有限公司",
    "文化传媒有限公司",
    "农业发展有限公司",
    "电子股份有限公司",
];
const PRODUCT_KINDS: [&str; 4] = ["私募证券投资基金", "集合资产管理计划", "单一资产管理计划", "家族信托计划"];

/// A person's name and its pinyin, as `given.surname`.
pub(super) fn person(rng: &mut ChaCha8Rng) -> (String, String) {
    let surname = draw::weighted(rng, &SURNAMES.map(|(name, pinyin, weight)| ((name, pinyin), weight)));
    let count = if rng.random_bool(0.78) { 2 } else { 1 };
    let given: Vec<_> = (0..count).map(|_| *draw::one(rng, &GIVEN)).collect();
    let name = given.iter().fold(surname.0.to_owned(), |name, part| name + part.0);
    let pinyin = given.iter().fold(String::new(), |pinyin, part| pinyin + part.1);
    (name, format!("{pinyin}.{}", surname.1))
}

/// A company's name; the number keeps the invented ones apart from real ones and from each other.
pub(super) fn company(rng: &mut ChaCha8Rng, city: &str, index: u32) -> String {
    format!("{city}{}示例{index}{}", draw::one(rng, &FIRM_WORDS), draw::one(rng, &FIRM_TRADES))
}

/// The name of a product that is itself a client.
pub(super) fn product(rng: &mut ChaCha8Rng, index: u32) -> String {
    format!("{}示例{index}号{}", draw::one(rng, &FIRM_WORDS), draw::one(rng, &PRODUCT_KINDS))
}
