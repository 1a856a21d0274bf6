//! Branches, staff and clients to work with.

use std::sync::atomic::{AtomicU32, Ordering};

use clientele::firm::access::{DataScope, Role};
use clientele::platform::kernel::ids::{BranchId, ClientId, SessionId, StaffId};
use serde_json::{Value, json};
use uuid::{NoContext, Timestamp, Uuid};

use super::app::{PASSWORD, TestApp};
use super::client::Client;

static NUMBER: AtomicU32 = AtomicU32::new(1);

/// A number no other call in this process gets.
pub fn unique() -> u32 {
    NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// Where random tests begin; `TEST_SEED` repeats one, and each prints its own.
pub fn seed() -> u64 {
    std::env::var("TEST_SEED").map_or(20_260_302, |text| text.parse().unwrap())
}

impl TestApp {
    /// `admin`, who may do everything everywhere.
    pub async fn admin(&self) -> Client {
        let id = sqlx::query_scalar("SELECT staff_id FROM staff WHERE username = 'admin'");
        let id: Uuid = id.fetch_one(&mut *self.db.connection().await.unwrap()).await.unwrap();
        self.signed_in(StaffId(id)).await
    }

    /// A new member of staff, signed in.
    pub async fn client_as(&self, role: Role, scope: DataScope, branch: BranchId) -> Client {
        let staff_id = self.staff(role, scope, branch).await;
        self.signed_in(staff_id).await
    }

    /// A new member of staff whose password is [`PASSWORD`]. Hashing is meant to be slow, so they share `admin`'s hash.
    pub async fn staff(&self, role: Role, scope: DataScope, branch: BranchId) -> StaffId {
        let staff_id = StaffId(self.id());
        sqlx::query(
            "INSERT INTO staff (staff_id, username, name, role, data_scope, branch_id, password_hash, created_at)
             SELECT $1, $2, $3, $4, $5, $6, password_hash, $7 FROM staff WHERE username = 'admin'",
        )
        .bind(staff_id)
        .bind(format!("staff.{}", unique()))
        .bind(format!("{role:?} of {scope:?}"))
        .bind(role)
        .bind(scope)
        .bind(branch)
        .bind(self.clock.now())
        .execute(&mut *self.db.connection().await.unwrap())
        .await
        .unwrap();
        staff_id
    }

    /// A session as a sign-in opens it, and an access token for it, without the work on the password.
    pub async fn signed_in(&self, staff_id: StaffId) -> Client {
        let (session_id, now) = (SessionId(self.id()), self.clock.now());
        sqlx::query(
            "INSERT INTO session (session_id, staff_id, authorisation_version, created_at, expires_at)
             SELECT $1, staff_id, authorisation_version, $3, $4 FROM staff WHERE staff_id = $2",
        )
        .bind(session_id)
        .bind(staff_id)
        .bind(now)
        .bind(now + chrono::Duration::hours(12))
        .execute(&mut *self.db.connection().await.unwrap())
        .await
        .unwrap();
        let token = self.state.tokens.sign(staff_id, session_id, now).unwrap();
        Client { staff_id: Some(staff_id), ..Client::new(self, Some(token)) }
    }

    /// Signs in as people do: the answer of the token endpoint.
    pub async fn sign_in(&self, username: &str) -> Value {
        let body = json!({ "grant_type": "password", "username": username, "password": PASSWORD });
        self.anonymous().post("/v1/auth/token").json(body).send().await.is(200).json
    }

    /// A branch below another.
    pub async fn branch(&self, code: &str, parent: BranchId) -> BranchId {
        let body = json!({ "parent_id": parent, "code": code, "name": format!("{code}营业部") });
        let made = self.admin().await.post("/v1/branches").json(body).send().await.is(201);
        BranchId(made.text_of("branch_id").parse().unwrap())
    }

    /// An individual client of a branch and, if given, an advisor, entered over the API.
    pub async fn client(&self, branch: BranchId, advisor: Option<StaffId>) -> ClientId {
        let number = format!("C{:06}", unique());
        let body = json!({ "client_no": number, "name": "李娜", "kind": "individual", "branch_id": branch, "advisor_id": advisor });
        let made = self.admin().await.post("/v1/clients").json(body).send().await.is(201);
        ClientId(made.text_of("client_id").parse().unwrap())
    }

    /// A new id of this instant.
    pub fn id(&self) -> Uuid {
        let now = self.clock.now();
        let seconds = u64::try_from(now.timestamp()).unwrap();
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, now.timestamp_subsec_nanos()))
    }
}
