//! Which version rules.

use chrono::{DateTime, Utc};
use serde_json::Value;
use sqlx::PgConnection;

use super::super::events::PolicyActivated;
use super::super::kind::{self, Policy};
use super::super::model::Stored;
use super::super::store;
use super::record::record;
use crate::db::{Read, Uow};
use crate::kernel::error::Error;
use crate::kernel::ids::PolicyId;

/// What ruled at an instant.
///
/// # Errors
/// Internal when nothing did: a kind with a starting policy is never without one.
pub async fn at<P: Policy>(read: &mut Read, instant: DateTime<Utc>) -> Result<Stored<P>, Error> {
    stored(store::ruling(read.conn(), P::KIND, instant).await?)
}

/// What rules now.
pub async fn now<P: Policy>(read: &mut Read) -> Result<Stored<P>, Error> {
    let now = read.now();
    at(read, now).await
}

/// Everything that ruled, rules or will rule, oldest first, each with since when; none for what has ruled since ever.
pub async fn timeline<P: Policy>(read: &mut Read) -> Result<Vec<(Option<DateTime<Utc>>, Stored<P>)>, Error> {
    let versions = store::timeline(read.conn(), P::KIND).await?;
    let version = |(since, id, version, rules)| Ok((since, stored(Some((id, version, rules)))?));
    versions.into_iter().map(version).collect()
}

/// The version of that number, whatever rules now: what a decision was made by.
pub async fn numbered<P: Policy>(read: &mut Read, version: i32) -> Result<Stored<P>, Error> {
    stored(store::numbered(read.conn(), P::KIND, version).await?)
}

/// The version that is active, for what has a connection and no [`Read`] at hand.
pub async fn active_on<P: Policy>(conn: &mut PgConnection) -> Result<Stored<P>, Error> {
    stored(store::active(conn, P::KIND).await?)
}

fn stored<P: Policy>(found: Option<(PolicyId, i32, Value)>) -> Result<Stored<P>, Error> {
    let (policy_id, version, rules) =
        found.ok_or_else(|| Error::internal(format!("no {} policy is in force", P::KIND)))?;
    let mut rules: P = serde_json::from_value(rules).map_err(Error::internal)?;
    rules.numbered(version);
    Ok(Stored { policy_id, version, rules })
}

/// Sees to it that every kind with a starting policy has one.
pub async fn seed(uow: &mut Uow) -> Result<(), Error> {
    for kind in kind::all() {
        let Some(rules) = (kind.starting)(uow.db().currency()) else { continue };
        let (rules, id, now, by) = (rules?, uow.id::<PolicyId>(), uow.now(), uow.caller().principal.name.clone());
        if store::insert_first(uow.conn(), id, kind.kind, &rules, &by, now).await? {
            record(uow, PolicyActivated, id, kind.kind, 1);
        }
    }
    Ok(())
}
