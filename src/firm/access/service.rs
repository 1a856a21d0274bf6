//! Use cases of staff, branches and sessions.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::*;
use super::token::{ACCESS_TOKEN_SECONDS, Tokens};
use super::{
    BAD_CREDENTIALS, BAD_REFRESH_TOKEN, BEYOND_OWN_RIGHTS, LAST_ADMINISTRATOR, UNKNOWN_BRANCH, password, rules, store,
};
use crate::platform::db::{Db, Uow};
use crate::platform::kernel::error::{self, Error};
use crate::platform::kernel::event::Event;
use crate::platform::kernel::ids::{BranchId, SessionId, StaffId};
use crate::platform::kernel::principal::{Caller, Principal, Visibility};

/// A sign-in lasts this long, however often it is refreshed.
const SESSION_HOURS: i64 = 12;

/// What a sign-in or a refresh gives.
pub struct Grant {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// For the next refresh, once.
    pub refresh_token: String,
    /// Seconds the access token is good for.
    pub expires_in: i64,
    /// Permissions held.
    pub scopes: Vec<&'static str>,
}

/// Signs in with user name and password. An unknown user takes as long, and answers the same, as a wrong password.
pub async fn sign_in(
    db: &Db,
    caller: &Caller,
    tokens: &Tokens,
    username: &str,
    password: String,
) -> Result<Grant, Error> {
    let found = store::staff_and_hash(&mut *db.read().await?, username).await?;
    let hash = found.as_ref().map(|(_, hash, _)| hash.clone());
    let matches = password::matches(password, hash).await?;
    let Some((staff, _, version)) = found.filter(|(staff, ..)| matches && staff.status == StaffStatus::Active) else {
        metrics::counter!("sign_ins_refused_total").increment(1);
        return Err(Error::code(&BAD_CREDENTIALS));
    };
    let mut uow = db.begin(&as_staff(caller, &staff)).await?;
    let session_id: SessionId = uow.id();
    let (now, end) = (uow.now(), uow.now() + chrono::Duration::hours(SESSION_HOURS));
    store::insert_session(uow.conn(), session_id, staff.staff_id, version, now, end).await?;
    uow.record(Event::access("session.opened", "session", session_id.0));
    let grant = grant(&mut uow, tokens, &staff, session_id).await?;
    uow.finish_secret(grant).await
}

/// Trades a refresh token for a new pair. A token used twice was stolen or lost: its session ends.
pub async fn refresh(db: &Db, caller: &Caller, tokens: &Tokens, refresh_token: &str) -> Result<Grant, Error> {
    let mut uow = db.begin(caller).await?;
    let now = uow.now();
    let used = store::use_refresh_token(uow.conn(), &token_hash(refresh_token), now).await?;
    let Some((session_id, first_use)) = used else { return Err(Error::code(&BAD_REFRESH_TOKEN)) };
    if !first_use {
        store::revoke_session(uow.conn(), session_id, now).await?;
        uow.record(Event::access("session.refresh_token_reused", "session", session_id.0));
        uow.finish_secret(()).await?;
        return Err(Error::code(&BAD_REFRESH_TOKEN));
    }
    let standing = store::standing(uow.conn(), session_id, now).await?;
    let standing = standing.ok_or_else(|| Error::code(&BAD_REFRESH_TOKEN))?;
    uow.record(Event::access("session.refreshed", "session", session_id.0));
    let grant = grant(&mut uow, tokens, &standing.staff, session_id).await?;
    uow.finish_secret(grant).await
}

async fn grant(uow: &mut Uow, tokens: &Tokens, staff: &Staff, session_id: SessionId) -> Result<Grant, Error> {
    let refresh_token = new_refresh_token()?;
    let now = uow.now();
    store::insert_refresh_token(uow.conn(), &token_hash(&refresh_token), session_id, now).await?;
    let access_token = tokens.sign(staff.staff_id, session_id, now)?;
    let scopes = rules::permissions(staff.role).into_iter().collect();
    Ok(Grant { access_token, refresh_token, expires_in: ACCESS_TOKEN_SECONDS, scopes })
}

fn as_staff(caller: &Caller, staff: &Staff) -> Caller {
    let principal = Principal {
        name: format!("staff:{}", staff.staff_id),
        staff_id: Some(staff.staff_id),
        ..(*caller.principal).clone()
    };
    Caller { principal: principal.into(), ..caller.clone() }
}

fn new_refresh_token() -> Result<String, Error> {
    let mut bytes = [0u8; 32];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| Error::internal("no randomness"))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

fn token_hash(token: &str) -> Vec<u8> {
    aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, token.as_bytes()).as_ref().to_vec()
}

/// Ends a session: the caller's own.
pub async fn revoke(uow: &mut Uow, session_id: SessionId) -> Result<(), Error> {
    let now = uow.now();
    store::revoke_session(uow.conn(), session_id, now).await?;
    uow.record(Event::access("session.revoked", "session", session_id.0));
    Ok(())
}

/// Uses a refresh token up and tells whose session is to be revoked, if it is one of ours.
pub async fn use_up_for_revocation(uow: &mut Uow, refresh_token: &str) -> Result<Option<SessionId>, Error> {
    let now = uow.now();
    let used = store::use_refresh_token(uow.conn(), &token_hash(refresh_token), now).await?;
    Ok(used.map(|(session_id, _)| session_id))
}

/// Enters a member of staff. Nobody grants a wider scope than their own, or in a branch out of their sight.
pub async fn create_staff(uow: &mut Uow, new: NewStaff) -> Result<Staff, Error> {
    allowed(uow, &new).await?;
    let hash = password::hash(new.password.clone()).await?;
    insert_staff(uow, new, &hash).await
}

/// Enters people who begin with one and the same password, the first one's: hashing is slow, so it is done once.
pub async fn create_staff_together(uow: &mut Uow, team: Vec<NewStaff>) -> Result<Vec<Staff>, Error> {
    let Some(first) = team.first() else { return Ok(Vec::new()) };
    let hash = password::hash(first.password.clone()).await?;
    let mut entered = Vec::new();
    for new in team {
        allowed(uow, &new).await?;
        entered.push(insert_staff(uow, new, &hash).await?);
    }
    Ok(entered)
}

async fn allowed(uow: &mut Uow, new: &NewStaff) -> Result<(), Error> {
    if let Some(fault) = password::fault(&new.password, &new.username) {
        return Err(Error::fault(fault));
    }
    let data_scope = new.data_scope.unwrap_or_else(|| rules::usual_scope(new.role));
    within_own_rights(uow, &[(data_scope, new.branch_id)]).await
}

async fn insert_staff(uow: &mut Uow, new: NewStaff, hash: &str) -> Result<Staff, Error> {
    let staff = Staff {
        staff_id: uow.id(),
        username: new.username,
        name: new.name,
        role: new.role,
        data_scope: new.data_scope.unwrap_or_else(|| rules::usual_scope(new.role)),
        branch_id: new.branch_id,
        status: StaffStatus::Active,
        row_version: 1,
        created_at: uow.now(),
    };
    store::insert_staff(uow.conn(), &staff, hash).await?;
    uow.record(
        Event::new("staff.created", "staff", staff.staff_id.0)
            .data(json!({ "role": staff.role, "data_scope": staff.data_scope })),
    );
    Ok(staff)
}

/// The scope's breadth counts, not only who is in it today: a tree grows.
async fn within_own_rights(uow: &mut Uow, rights: &[(DataScope, BranchId)]) -> Result<(), Error> {
    let (sight, caller) = (uow.visibility(), uow.caller().principal.staff_id);
    let own = match caller.filter(|_| !sight.firm) {
        Some(id) => store::staff(uow.conn(), &Visibility::firm(), id).await?,
        None => None,
    };
    let within = |(scope, branch_id): &(DataScope, BranchId)| {
        own.as_ref().is_some_and(|own| *scope <= own.data_scope) && sight.branch_ids.contains(&branch_id.0)
    };
    if sight.firm || rights.iter().all(within) { Ok(()) } else { Err(Error::code(&BEYOND_OWN_RIGHTS)) }
}

/// Changes a member of staff over `version` (any version when none is named). A change of rights or password ends their sessions.
pub async fn change_staff(
    uow: &mut Uow,
    id: StaffId,
    change: StaffChange,
    version: Option<i64>,
) -> Result<Staff, Error> {
    let sight = uow.visibility();
    let before = store::staff(uow.conn(), &sight, id).await?.ok_or_else(Error::not_found)?;
    let version = version.unwrap_or(before.row_version);
    let after = Staff {
        name: change.name.unwrap_or_else(|| before.name.clone()),
        role: change.role.unwrap_or(before.role),
        data_scope: change.data_scope.unwrap_or(before.data_scope),
        branch_id: change.branch_id.unwrap_or(before.branch_id),
        status: change.status.unwrap_or(before.status),
        ..before.clone()
    };
    within_own_rights(uow, &[(before.data_scope, before.branch_id), (after.data_scope, after.branch_id)]).await?;
    if let Some(fault) = change.password.as_deref().and_then(|new| password::fault(new, &before.username)) {
        return Err(Error::fault(fault));
    }
    if change.password.is_none() && after == before {
        return if version == before.row_version { Ok(before) } else { Err(Error::code(&error::VERSION_MISMATCH)) };
    }
    if rules::administers_firm(&before)
        && !rules::administers_firm(&after)
        && store::other_firm_administrators(uow.conn(), id).await? == 0
    {
        return Err(Error::code(&LAST_ADMINISTRATOR));
    }
    let hash = match change.password {
        Some(new) => Some(password::hash(new).await?),
        None => None,
    };
    let rights = |s: &Staff| (s.role, s.data_scope, s.branch_id, s.status);
    let reauthorise = hash.is_some() || rights(&before) != rights(&after);
    if !store::update_staff(uow.conn(), &after, hash.as_deref(), reauthorise, version).await? {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    let data = json!({ "role": after.role, "data_scope": after.data_scope, "status": after.status, "password": hash.is_some() });
    uow.record(Event::new("staff.changed", "staff", id.0).data(data));
    Ok(Staff { row_version: version + 1, ..after })
}

/// The first administrator of an empty database; `None` when someone works here already.
pub async fn create_first_administrator(uow: &mut Uow, username: &str, password: &str) -> Result<Option<Staff>, Error> {
    if store::anyone(uow.conn()).await? {
        return Ok(None);
    }
    let new = NewStaff {
        username: username.to_owned(),
        name: username.to_owned(),
        role: Role::Administrator,
        data_scope: None,
        branch_id: BranchId::ROOT,
        password: password.to_owned(),
    };
    create_staff(uow, new).await.map(Some)
}

/// Enters a branch below another that is in sight.
pub async fn create_branch(uow: &mut Uow, new: NewBranch) -> Result<Branch, Error> {
    if !in_sight(&uow.visibility(), new.parent_id) {
        return Err(Error::code(&UNKNOWN_BRANCH));
    }
    let branch = Branch {
        branch_id: uow.id(),
        parent_id: Some(new.parent_id),
        code: new.code,
        name: new.name,
        row_version: 1,
        created_at: uow.now(),
    };
    if !store::insert_branch(uow.conn(), &branch).await? {
        return Err(Error::code(&UNKNOWN_BRANCH));
    }
    uow.record(Event::new("branch.created", "branch", branch.branch_id.0).data(json!({ "parent_id": new.parent_id })));
    Ok(branch)
}

fn in_sight(sight: &Visibility, id: BranchId) -> bool {
    sight.firm || sight.branch_ids.contains(&id.0)
}

/// Renames a branch in sight over `version` (any version when none is named).
pub async fn change_branch(
    uow: &mut Uow,
    id: BranchId,
    name: Option<String>,
    code: Option<String>,
    version: Option<i64>,
) -> Result<Branch, Error> {
    // Everybody reads the whole tree; changing is for those who see what is in the branch.
    let found = if in_sight(&uow.visibility(), id) { store::branch(uow.conn(), id).await? } else { None };
    let before = found.ok_or_else(Error::not_found)?;
    let version = version.unwrap_or(before.row_version);
    let after = Branch {
        name: name.unwrap_or_else(|| before.name.clone()),
        code: code.unwrap_or_else(|| before.code.clone()),
        ..before.clone()
    };
    if after == before {
        return if version == before.row_version { Ok(before) } else { Err(Error::code(&error::VERSION_MISMATCH)) };
    }
    if !store::update_branch(uow.conn(), &after, version).await? {
        return Err(Error::code(&error::VERSION_MISMATCH));
    }
    uow.record(Event::new("branch.changed", "branch", id.0));
    Ok(Branch { row_version: version + 1, ..after })
}

/// Whether this person may be named as a client's advisor by someone with that sight.
pub async fn advisor_exists(conn: &mut PgConnection, sight: &Visibility, id: StaffId) -> Result<bool, Error> {
    let found = store::staff(conn, sight, id).await?;
    Ok(found.is_some_and(|staff| staff.status == StaffStatus::Active && rules::advises(staff.role)))
}

/// A branch by its code.
pub async fn branch_by_code(conn: &mut PgConnection, code: &str) -> Result<Option<Branch>, Error> {
    store::branch_by_code(conn, code).await
}

/// A member of staff by user name.
pub async fn staff_by_username(conn: &mut PgConnection, username: &str) -> Result<Option<Staff>, Error> {
    Ok(store::staff_and_hash(conn, username).await?.map(|(staff, ..)| staff))
}

/// A branch and all below it.
pub async fn visibility_branches(conn: &mut PgConnection, id: BranchId) -> Result<Vec<Uuid>, Error> {
    store::tree_below(conn, id).await
}

/// Whether anyone works here yet.
pub async fn anyone(conn: &mut PgConnection) -> Result<bool, Error> {
    store::anyone(conn).await
}
