//! Staff, branches, sign-in, and what follows from them: who a token stands for, what they may do, whose clients they
//! see.
//!
//! Invariants: a session ends at its absolute end, when revoked, or when its owner's role, scope, branch, status or
//! password changes; a refresh token works once, and using it twice ends its session; the last active administrator
//! of the whole firm stays one; clients are looked after by advisors and branch managers.

mod authenticate;
mod events;
mod http;
mod model;
mod password;
mod rules;
mod service;
mod store;
mod token;

pub use authenticate::{Sessions, authenticate};
pub use model::{Branch, DataScope, NewBranch, NewStaff, Role, Staff, StaffStatus};
pub use service::{
    advisor_exists, anyone, branch_by_code, branch_ids, create_branch, create_first_administrator, create_staff,
    create_staff_together, existing_advisors, staff_by_username, staff_ids,
};
pub use token::{Tokens, new_signing_key};

use platform::kernel::error::{self, Code, Kind};
use platform::kernel::label::LabelSet;
use platform::slice::Slice;

/// What this slice brings into the house.
pub const SLICE: Slice = Slice {
    tags: &[
        ("access", "Signing in, and what the caller may do"),
        ("staff", "The people of the firm 员工"),
        ("branches", "The firm's tree of branches 分支机构"),
    ],
    routes: http::routes,
    events: &[events::EVENTS],
    codes: &[
        &BAD_CREDENTIALS,
        &BAD_REFRESH_TOKEN,
        &UNSUPPORTED_GRANT_TYPE,
        &USERNAME_TAKEN,
        &BRANCH_CODE_TAKEN,
        &UNKNOWN_BRANCH,
        &UNKNOWN_ADVISOR,
        &LAST_ADMINISTRATOR,
        &BEYOND_OWN_RIGHTS,
    ],
    faults: faults::FAULTS,
    labels: &[
        LabelSet::of::<Role>(&["staff.role"]),
        LabelSet::of::<DataScope>(&["staff.data_scope"]),
        LabelSet::of::<StaffStatus>(&["staff.status"]),
    ],
    constraints: &[
        ("staff_username_unique", &USERNAME_TAKEN),
        ("branch_code_unique", &BRANCH_CODE_TAKEN),
        ("branch_code_form", &error::INVALID),
        ("branch_name_not_blank", &error::INVALID),
        ("branch_parent_exists", &UNKNOWN_BRANCH),
        ("staff_name_not_blank", &error::INVALID),
        ("staff_branch_exists", &UNKNOWN_BRANCH),
    ],
    tables: &["branch", "staff", "session", "refresh_token"],
    views: &["branch_name"],
    ..Slice::named("firm/access")
};

/// What can be wrong with an input of this slice.
mod faults {
    platform::faults! {
        REQUIRED_FOR_GRANT = "required" "This member is required for this grant" "该授权方式缺少必填项";
        PASSWORD_LENGTH = "length" "8 to 128 characters" "长度应为 8 至 128 个字符";
        TOO_COMMON = "too_common" "This password is one of the first anybody would try" "该密码过于常见";
    }
}

static BAD_CREDENTIALS: Code =
    Code::new("bad_credentials", Kind::Unauthenticated, "User name or password is wrong", "用户名或密码错误");
static BAD_REFRESH_TOKEN: Code = Code::new(
    "bad_refresh_token",
    Kind::Unauthenticated,
    "This refresh token is used, expired or revoked: sign in again",
    "刷新令牌已使用、过期或被撤销，请重新登录",
);
static UNSUPPORTED_GRANT_TYPE: Code = Code::new(
    "unsupported_grant_type",
    Kind::Malformed,
    "Sign in with the grant password or refresh_token",
    "仅支持 password 与 refresh_token 授权方式",
);
static USERNAME_TAKEN: Code = Code::new("username_taken", Kind::Conflict, "This user name is taken", "用户名已被占用");
static BRANCH_CODE_TAKEN: Code =
    Code::new("branch_code_taken", Kind::Conflict, "This branch code is taken", "营业部编码已被占用");
/// A branch named in a request is not there or out of scope.
pub static UNKNOWN_BRANCH: Code = Code::new(
    "unknown_branch",
    Kind::Invalid,
    "There is no such branch within your scope",
    "在您的权限范围内没有该营业部",
);
/// An advisor named in a request is not there, not active, or of a role that looks after no clients.
pub static UNKNOWN_ADVISOR: Code = Code::new(
    "unknown_advisor",
    Kind::Invalid,
    "There is no such active advisor or branch manager",
    "没有该在职投资顾问或营业部负责人",
);
static LAST_ADMINISTRATOR: Code = Code::new(
    "last_administrator",
    Kind::Conflict,
    "The last active administrator of the whole firm stays one",
    "必须保留至少一名有效的全公司管理员",
);
static BEYOND_OWN_RIGHTS: Code =
    Code::new("beyond_own_rights", Kind::Forbidden, "Nobody grants more than they hold", "不能授予超出自身的权限");
