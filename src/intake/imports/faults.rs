//! What can be wrong with a file, its columns, and its lines.

platform::faults! {
    UTF8 = "utf8" "The line is not text in the encoding of the file" "该行不是文件编码下的文本";
    LINE_TOO_LONG = "line_too_long" "The line is longer than 64 KiB" "该行超过 64 KiB";
    JSON = "json" "The line is not a JSON object" "该行不是 JSON 对象";
    AFTER_QUOTE = "quotes" "Text follows a closing quote" "右引号之后还有内容";
    OPEN_QUOTE = "quotes" "A quote is opened and not closed" "引号未闭合";
    COLUMNS = "columns" "The line has {found} columns, the header {width}" "该行有 {found} 列，表头有 {width} 列";
    NO_SUCH_FIELD = "unknown" "Rows of {kind} have no field {field}; they have {known}"
        "{kind} 没有字段 {field}，可用字段：{known}";
    NO_SUCH_COLUMN = "unknown" "There is no column {column}; the file has {columns}"
        "没有列 {column}，文件中的列：{columns}";
    NAMED_TWICE = "repeated" "{field} is named twice" "{field} 重复出现";
    MAPPED_AND_SET = "repeated" "{field} is both mapped and set" "{field} 同时出现在 map 与 set 中";
    SAME_COLUMNS = "repeated" "Two columns are named {column}: give them names of their own"
        "有两列同名：{column}，请改名后重试";
    AMBIGUOUS_DATE = "ambiguous_date" "{text} reads as {one} or as {other}: write the date as YYYY-MM-DD"
        "{text} 可读作 {one} 或 {other}，请写成 YYYY-MM-DD";
    SHORTENED = "shortened_number" "{text} was shortened by a spreadsheet: write the number out, as text"
        "{text} 已被电子表格截短，请以文本格式完整填写";
    CODE_AS_NUMBER = "shortened_number" "{text} is a number with a point or an exponent: write codes as text"
        "{text} 含小数点或指数，编码请用文本";
    NO_SUCH_ENCODING = "unknown"
        "No such encoding; known are utf-8, gb18030, gbk, utf-16le, big5 and the others of WHATWG Encoding"
        "未知的编码；可用 utf-8、gb18030、gbk、utf-16le、big5 等";
    COLUMN_AND_SET = "repeated" "The file has a column {field}; a value can be set only where there is none"
        "文件已有列 {field}，不能再设定常量";
    MAPPING_NAME = "mapping_name"
        "A name is lower-case letters, digits, dots, dashes and underscores, a letter or digit first, at most 64"
        "名称由小写字母、数字、点、连字符和下划线组成，以字母或数字开头，最多 64 个字符";
    NOT_SCALAR = "type" "A member is neither text nor number" "字段应为文本或数字";
    REQUIRED = "required" "A value is needed here" "缺少必填值";
    NO_COLUMN = "required"
        "Nothing gives {any}: map {field}=<column> or set {field}=<value>; the file has the columns {columns}"
        "缺少 {any}：请用 map {field}=<列名> 指定列，或用 set {field}=<值> 设定；文件中的列：{columns}";
    UNREADABLE = "invalid" "The row cannot be read" "该行无法读取";
    NOT_REVERSIBLE = "not_reversible" "A reversal cannot be taken back" "冲正记录不能再撤销";
    THERE_ALREADY = "client_no_taken" "A client of this number is there already" "该客户号已存在";
    OTHER_NAME = "client_no_taken" "This client number belongs to a client of another name"
        "该客户号已属于另一名称的客户";
}
