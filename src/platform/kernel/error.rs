//! Why something was refused: a code of the catalogue, faults with pointers, never a driver's text.

use super::decision::Text;

/// What kind of refusal it is; HTTP gives each kind its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request cannot be read.
    Malformed,
    /// Nobody is signed in, or the token is not good.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// Not there, or out of the caller's scope.
    NotFound,
    /// The path exists, the method does not.
    MethodNotAllowed,
    /// In conflict with what is there.
    Conflict,
    /// The version asked for is no longer the current one.
    PreconditionFailed,
    /// The body is larger than allowed.
    TooLarge,
    /// The body is of a type not taken here.
    UnsupportedMediaType,
    /// Readable, but against schema or rule.
    Invalid,
    /// `If-Match` is demanded here.
    PreconditionRequired,
    /// Too many requests.
    TooMany,
    /// Ours.
    Internal,
    /// Not now; try again.
    Unavailable,
}

/// One entry of the catalogue of problems: stable code, kind, title in two languages.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable, snake_case.
    pub code: &'static str,
    /// Decides the status.
    pub kind: Kind,
    /// English title.
    pub en: &'static str,
    /// Chinese title.
    pub zh: &'static str,
}

impl Code {
    /// An entry of the catalogue.
    pub const fn new(code: &'static str, kind: Kind, en: &'static str, zh: &'static str) -> Self {
        Self { code, kind, en, zh }
    }

    /// The same as a fault at a pointer, where a code of the catalogue concerns one field of an input.
    pub fn at(&self, pointer: impl Into<String>) -> Fault {
        Fault::new(pointer, self.code, self.en, self.zh)
    }
}

/// One fault of an input, by JSON pointer (body) or name (query, path, header). Never holds the rejected value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// RFC 6901 pointer into the body; `?name` for a query parameter, `{name}` for a path segment.
    pub pointer: String,
    /// Stable, snake_case.
    pub code: &'static str,
    /// What is wrong, in words.
    pub message: Text,
}

impl Fault {
    /// A fault at a pointer.
    pub fn new(pointer: impl Into<String>, code: &'static str, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: Text::new(en, zh) }
    }
}

/// An answer given before to the same idempotency key.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct KeptAnswer {
    /// HTTP status.
    pub status: u16,
    /// `Location`, if it had one.
    pub location: Option<String>,
    /// `ETag`, if it had one.
    pub etag: Option<String>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// Everything a use case may answer other than its result.
#[derive(Debug)]
pub enum Error {
    /// Refused, with a code of the catalogue.
    Refused(Box<Refusal>),
    /// The same request was answered before under the same key: that answer again.
    Answered(Box<KeptAnswer>),
    /// A fault of ours; the text goes to the log, never to the caller.
    Internal(Box<dyn std::error::Error + Send + Sync>),
}

/// The particulars of a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Entry of the catalogue.
    pub code: &'static Code,
    /// What to do about it, where the title does not say.
    pub detail: Option<Text>,
    /// Each fault of the input.
    pub faults: Vec<Fault>,
    /// Seconds after which trying again makes sense.
    pub retry_after_s: Option<u32>,
    /// `Allow`, for a method that is not there.
    pub allow: Option<String>,
}

impl Error {
    /// A refusal with nothing but its code.
    pub fn code(code: &'static Code) -> Self {
        Self::Refused(Box::new(Refusal { code, detail: None, faults: Vec::new(), retry_after_s: None, allow: None }))
    }

    /// A refusal that says what to do.
    pub fn detailed(code: &'static Code, en: impl Into<String>, zh: impl Into<String>) -> Self {
        Self::code(code).with(|refusal| refusal.detail = Some(Text::new(en, zh)))
    }

    /// Readable, but against schema or rule: all faults at once.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self::code(&INVALID).with(|refusal| refusal.faults = faults)
    }

    /// One fault against a rule.
    pub fn fault(fault: Fault) -> Self {
        Self::invalid(vec![fault])
    }

    /// Not there, or out of scope: the two look the same.
    pub fn not_found() -> Self {
        Self::code(&NOT_FOUND)
    }

    /// Not now; try again after this many seconds.
    pub fn unavailable(retry_after_s: u32) -> Self {
        Self::code(&UNAVAILABLE).with(|refusal| refusal.retry_after_s = Some(retry_after_s))
    }

    /// A fault of ours.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into())
    }

    /// Adds particulars to a refusal; other errors stay as they are.
    #[must_use]
    pub fn with(mut self, change: impl FnOnce(&mut Refusal)) -> Self {
        if let Self::Refused(refusal) = &mut self {
            change(refusal);
        }
        self
    }

    /// Whether this is a refusal with that code.
    pub fn is(&self, code: &Code) -> bool {
        matches!(self, Self::Refused(refusal) if refusal.code == code)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => {
                write!(f, "{}", refusal.code.en)?;
                if let Some(detail) = &refusal.detail {
                    write!(f, ": {}", detail.en)?;
                }
                refusal.faults.iter().try_for_each(|fault| write!(f, "; {} {}", fault.pointer, fault.message.en))
            }
            Self::Answered(_) => write!(f, "answered before"),
            Self::Internal(source) => write!(f, "{source}"),
        }
    }
}

impl std::error::Error for Error {}

macro_rules! catalogue {
    ($($name:ident = $code:literal $kind:ident $en:literal $zh:literal;)*) => {
        $(#[doc = $en] pub static $name: Code = Code::new($code, Kind::$kind, $en, $zh);)*
        /// The codes of the house itself; slices add theirs.
        pub static CODES: &[&Code] = &[$(&$name),*];
    };
}

catalogue! {
    MALFORMED = "malformed" Malformed "The request cannot be read" "无法解析请求";
    UNAUTHENTICATED = "unauthenticated" Unauthenticated "Sign in first: the access token is missing or no longer good" "请先登录：访问令牌缺失或已失效";
    FORBIDDEN = "forbidden" Forbidden "Your role does not allow this" "您的角色无权执行此操作";
    NOT_FOUND = "not_found" NotFound "There is no such thing within your scope" "在您的权限范围内没有该对象";
    METHOD_NOT_ALLOWED = "method_not_allowed" MethodNotAllowed "This path does not take that method" "该路径不支持此方法";
    CONFLICT = "conflict" Conflict "In conflict with what is there" "与现有数据冲突";
    ILLEGAL_TRANSITION = "illegal_transition" Conflict "The state does not allow this step" "当前状态不允许此操作";
    KEY_IN_USE = "idempotency_key_in_use" Conflict "A request with this idempotency key is still running" "使用相同幂等键的请求仍在处理中";
    KEY_REUSED = "idempotency_key_reused" Invalid "This idempotency key was used for another request" "该幂等键已用于另一个请求";
    VERSION_MISMATCH = "version_mismatch" PreconditionFailed "It has changed since you read it: read it again" "数据已被更改，请重新读取";
    TOO_LARGE = "body_too_large" TooLarge "The body is larger than allowed here" "请求体超出允许的大小";
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type" UnsupportedMediaType "Content of this type is not taken here" "不支持该内容类型";
    INVALID = "invalid" Invalid "Some values are not as they must be" "部分取值不符合要求";
    INVALID_CURSOR = "invalid_cursor" Invalid "This cursor is not one of ours, or belongs to another filter" "游标无效或属于另一查询条件";
    VERSION_REQUIRED = "version_required" PreconditionRequired "Send If-Match with the ETag you read" "请在 If-Match 中携带读取到的 ETag";
    TOO_MANY = "too_many_requests" TooMany "Too many requests" "请求过于频繁";
    INTERNAL = "internal" Internal "Something failed on our side" "服务器内部错误";
    UNAVAILABLE = "unavailable" Unavailable "Not available just now: try again" "服务暂时不可用，请稍后重试";
    OUTCOME_UNKNOWN = "outcome_unknown" Unavailable "Whether this took effect is unknown: send it again with the same idempotency key" "结果未知：请使用相同的幂等键重试";
}
