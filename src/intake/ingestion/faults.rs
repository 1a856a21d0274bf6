//! What can be wrong with a trade or a balance, and with a batch of them.

platform::faults! {
    REQUIRED = "required" "A value is required here, and blanks are none" "缺少必填值（空白不算）";
    NO_AMOUNT = "required" "Send amount, or quantity and price" "请提供 amount，或同时提供 quantity 与 price";
    UNKNOWN = "unknown" "There is no such member" "未知字段";
    NOT_TEXT = "type" "Send a text; numbers too are decimal strings" "应为文本；数值也应为十进制字符串";
    NOT_AN_ARRAY = "type" "Send an array of items" "应为条目数组";
    NOT_AN_OBJECT = "type" "An item is an object" "条目应为对象";
    NOT_AN_ID = "format" "Not an id (a UUID); numbers of the firm go into client_no"
        "不是合法的 ID（UUID）；公司客户号请填入 client_no";
    NOT_AN_INSTANT = "format" "Not an instant (as 2026-03-02T02:15:00Z)" "不是合法的时间（如 2026-03-02T02:15:00Z）";
    NOT_A_DAY = "format" "Not a date (as 2026-03-02)" "不是合法的日期（如 2026-03-02）";
    NOT_A_CURRENCY = "format" "Not the code of a currency in use (ISO 4217)"
        "不是现行币种代码（ISO 4217）";
    NOT_A_DECIMAL = "format" "Not a decimal number (as 1000.00)" "不是合法的数值（如 1000.00）";
    NOT_A_SIDE = "enum" "Not one of the listed sides" "不在买卖方向列表中";
    LENGTH = "length" "At most {limit} characters" "最多 {limit} 个字符";
    CONTROL_CHARACTER = "control_character" "Control characters cannot be kept here" "不允许包含控制字符";
    FUTURE = "future" "This lies in the future" "时间晚于当前";
    NEGATIVE = "negative" "Zero or more; a sale has its own side, a correction its own item" "不得为负数";
    NEGATIVE_DEBTS = "negative" "Debts are zero or more" "负债不得为负数";
    TOO_LARGE = "too_large" "At most 16 digits before the point" "小数点前最多 16 位";
    TOO_PRECISE = "too_precise" "At most 8 digits after the point" "小数点后最多 8 位";
    CLIENT_CLOSED = "client_closed" "The client was closed before that day" "该客户在此日之前已销户";
    ONE_CLIENT = "one_client" "Send either client_no or client_id" "请提供 client_no 或 client_id 其中之一";
    UNKNOWN_CLIENT = "unknown_client" "There is no such client within your scope" "在您的权限范围内没有该客户";
    NET_ABOVE_TOTAL = "net_above_total"
        "Net assets are what is left of the total after all debts, and never more than the total" "净资产不得大于总资产";
    NET_DISAGREES = "net_disagrees" "Not within a cent of total assets less liabilities"
        "净资产与总资产减负债之差超过一分";
    NO_MONEY_PER_UNIT = "required" "Send the amount: the price of this instrument is not money per unit"
        "请提供 amount：该品种的价格并非单位金额";
    AMOUNT_DISAGREES = "amount_disagrees" "The amount is {amount}, but quantity × price is {product}"
        "金额为 {amount}，而数量 × 价格为 {product}";
    AMOUNT_IS_TIMES = "amount_disagrees" "The amount {amount} is {times} times quantity × price, which is {product}"
        "金额 {amount} 是数量 × 价格（{product}）的 {times} 倍";
    AMOUNT_IS_PART = "amount_disagrees" "Quantity × price, which is {product}, is {times} times the amount {amount}"
        "数量 × 价格（{product}）是金额 {amount} 的 {times} 倍";
    AMOUNT_IS_OF_A_CONTRACT = "amount_disagrees"
        "The amount {amount} is quantity × price, which is {product}, times the contract's multiplier {times}"
        "金额 {amount} 等于数量 × 价格（{product}）乘以合约乘数 {times}";
    BEFORE_OPENING = "before_opening" "The client was opened after that day" "该客户在此日之后才开户";
    UNKNOWN_FUND_ACCOUNT = "unknown_fund_account" "The client has no fund account of this number"
        "该客户没有此资金账号";
    NOTHING_TRADED = "nothing_traded"
        "Quantity and amount are zero, as of a cancelled order: kept, but no activity"
        "数量与金额均为零（如已撤单）：已保存，但不计为交易活动";
    OTHER_CURRENCY = "other_currency" "Balances are kept in {currency}" "资产以 {currency} 记账";
}
