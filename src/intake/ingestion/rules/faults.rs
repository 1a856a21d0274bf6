//! What can be wrong with an item, in words.

use platform::kernel::error::Fault;
use platform::kernel::money::Currency;

/// A value that must be there. Blanks are none: a file cannot tell them from an empty cell.
pub fn missing(pointer: &str) -> Fault {
    Fault::new(pointer, "required", "A value is required here, and blanks are none", "缺少必填值（空白不算）")
}

/// A member no item has.
pub fn unknown(pointer: &str) -> Fault {
    Fault::new(pointer, "unknown", "There is no such member", "未知字段")
}

/// A member that is not text.
pub fn not_text(pointer: &str) -> Fault {
    Fault::new(pointer, "type", "Send a text; numbers too are decimal strings", "应为文本；数值也应为十进制字符串")
}

/// A text that cannot be read as what it stands for.
pub fn impossible(pointer: &str, code: &'static str, en: &str, zh: &str) -> Fault {
    Fault::new(pointer, code, en, zh)
}

/// Of a day after the client closed.
pub fn client_closed(pointer: &str) -> Fault {
    Fault::new(pointer, "client_closed", "The client was closed before that day", "该客户在此日之前已销户")
}

/// Neither `client_id` nor `client_no`, or both.
pub fn one_client() -> Fault {
    Fault::new(
        "/client_no",
        "one_client",
        "Send either client_no or client_id",
        "请提供 client_no 或 client_id 其中之一",
    )
}

/// No such client in the caller's scope.
pub fn unknown_client(pointer: &str) -> Fault {
    Fault::new(pointer, "unknown_client", "There is no such client within your scope", "在您的权限范围内没有该客户")
}

pub fn length(pointer: &str, most: usize) -> Fault {
    Fault::new(pointer, "length", format!("At most {most} characters"), format!("最多 {most} 个字符"))
}

pub fn control_character(pointer: &str) -> Fault {
    Fault::new(pointer, "control_character", "Control characters cannot be kept here", "不允许包含控制字符")
}

pub fn future(pointer: &str) -> Fault {
    Fault::new(pointer, "future", "This lies in the future", "时间晚于当前")
}

pub fn too_early(pointer: &str) -> Fault {
    Fault::new(pointer, "too_early", "Not before 1970", "不得早于 1970 年")
}

pub fn negative(pointer: &str) -> Fault {
    Fault::new(pointer, "negative", "Zero or more; a sale has its own side, a correction its own item", "不得为负数")
}

pub fn too_large(pointer: &str) -> Fault {
    Fault::new(pointer, "too_large", "At most 16 digits before the point", "小数点前最多 16 位")
}

pub fn too_precise(pointer: &str) -> Fault {
    Fault::new(pointer, "too_precise", "At most 8 digits after the point", "小数点后最多 8 位")
}

pub fn negative_debts() -> Fault {
    Fault::new("/liabilities", "negative", "Debts are zero or more", "负债不得为负数")
}

pub fn net_above_total() -> Fault {
    let en = "Net assets are what is left of the total after all debts, and never more than the total";
    Fault::new("/net_assets", "net_above_total", en, "净资产不得大于总资产")
}

pub fn net_disagrees() -> Fault {
    let en = "Not within a cent of total assets less liabilities";
    Fault::new("/net_assets", "net_disagrees", en, "净资产与总资产减负债之差超过一分")
}

pub fn no_amount() -> Fault {
    Fault::new(
        "/amount",
        "required",
        "Send amount, or quantity and price",
        "请提供 amount，或同时提供 quantity 与 price",
    )
}

pub fn amount_disagrees() -> Fault {
    let en =
        "Neither within a cent nor within 0.01 % of quantity × price; leave out a price that is not money per unit";
    Fault::new("/amount", "amount_disagrees", en, "与 quantity × price 不符；若价格并非单位金额，请省略 price")
}

pub fn other_currency(book: &Currency) -> Fault {
    let (en, zh) = (format!("Balances are kept in {book}"), format!("资产以 {book} 记账"));
    Fault::new("/currency", "other_currency", en, zh)
}
