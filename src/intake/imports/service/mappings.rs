//! Use cases of mappings.

use crate::imports::events::{ImportMappingChanged, ImportMappingCreated, ImportMappingDeleted};
use crate::imports::faults;
use crate::imports::model::{Declared, ImportMapping, ImportMappingBody, ImportMappingFilter, ImportMappingKey, Kind};
use crate::imports::reader;
use crate::imports::rules::mapping::Mapping;
use crate::imports::store::mappings as store;
use crate::imports::{MAPPING_OF_ANOTHER_KIND, UNKNOWN_MAPPING};
use platform::db::{Read, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::lock::Lock;
use platform::kernel::page::{Page, PageRequest};

/// A page of mappings, by name.
pub async fn list(
    read: &mut Read,
    filter: &ImportMappingFilter,
    page: &PageRequest<ImportMappingKey>,
) -> Result<Page<ImportMapping, ImportMappingKey>, Error> {
    store::list(read.conn(), filter, page).await
}

/// One mapping.
pub async fn get(read: &mut Read, name: &str) -> Result<ImportMapping, Error> {
    store::find(read.conn(), name).await?.ok_or_else(Error::not_found)
}

/// What a mapping says, for an import of this kind, with what the import says itself: that goes first, field by field.
pub async fn declared(read: &mut Read, name: &str, kind: Kind, said: Declared) -> Result<Declared, Error> {
    let kept = store::find(read.conn(), name).await?.ok_or_else(|| Error::code(&UNKNOWN_MAPPING))?;
    if kept.mapping.kind != kind {
        return Err(Error::code(&MAPPING_OF_ANOTHER_KIND));
    }
    let Declared { map, set, values, encoding, separator } = kept.mapping.declared();
    let is_said = |field: &String| said.map.iter().chain(&said.set).any(|(known, _)| known == field);
    let rest = |pairs: Vec<(String, String)>| pairs.into_iter().filter(|(field, _)| !is_said(field));
    Ok(Declared {
        map: said.map.iter().cloned().chain(rest(map)).collect(),
        set: said.set.iter().cloned().chain(rest(set)).collect(),
        // Of two codes for a word the later stands.
        values: values.into_iter().chain(said.values).collect(),
        encoding: said.encoding.or(encoding),
        separator: said.separator.or(separator),
    })
}

/// Makes a mapping or replaces it; whether it was made.
pub async fn put(
    uow: &mut Uow,
    name: &str,
    body: ImportMappingBody,
    mut lock: Lock,
) -> Result<(ImportMapping, bool), Error> {
    if !is_name(name) {
        return Err(Error::fault(faults::MAPPING_NAME.at("/mapping_name")));
    }
    check(&body)?;
    loop {
        let before = store::find(uow.conn(), name).await?;
        let now = uow.now();
        let Some(before) = before else {
            lock.check_absent()?;
            let made = ImportMapping {
                name: name.to_owned(),
                mapping: body.clone(),
                created_at: now,
                updated_at: now,
                row_version: 1,
            };
            if store::insert(uow.conn(), &made).await? {
                let event = ImportMappingCreated { name: made.name.clone(), kind: made.mapping.kind };
                uow.record(Event::new(event, None));
                return Ok((made, true));
            }
            lock.overtaken()?;
            continue;
        };
        lock.check(before.row_version)?;
        if before.mapping == body {
            return Ok((before, false));
        }
        let mut after = ImportMapping { mapping: body.clone(), updated_at: now, ..before.clone() };
        if store::update(uow.conn(), &after).await? {
            after.row_version += 1;
            let event = ImportMappingChanged { name: after.name.clone(), kind: after.mapping.kind };
            uow.record(Event::new(event, None).change(&before, &after));
            return Ok((after, false));
        }
        lock.overtaken()?;
    }
}

/// Deletes a mapping.
pub async fn delete(uow: &mut Uow, name: &str, lock: Lock) -> Result<(), Error> {
    let before = get(uow, name).await?;
    lock.check(before.row_version)?;
    if store::delete(uow.conn(), name, before.row_version).await? {
        let event = ImportMappingDeleted { name: before.name, kind: before.mapping.kind };
        uow.record(Event::new(event, None));
    }
    Ok(())
}

/// As the database demands it.
fn is_name(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    (1..=64).contains(&name.len())
        && name.bytes().next().is_some_and(is_plain)
        && name.bytes().all(|byte| is_plain(byte) || b"_.-".contains(&byte))
}

/// Fields that are of its kind, an encoding that there is.
fn check(body: &ImportMappingBody) -> Result<(), Error> {
    Mapping::new(body.kind, &body.declared())?;
    match body.encoding.as_deref().map(reader::by_label) {
        Some(None) => Err(Error::fault(faults::NO_SUCH_ENCODING.at("/encoding"))),
        _ => Ok(()),
    }
}
