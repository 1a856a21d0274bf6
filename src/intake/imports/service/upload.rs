//! A file that came over HTTP: kept in the database with the job that will take it in.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use aws_lc_rs::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::source::refuse_other_source;
use crate::imports::model::{FileFacts, Format, JOB_KIND, Options};
use crate::imports::rules::columns::{Columns, Mapping};
use crate::imports::{EMPTY_FILE, reader, store};
use platform::db::{Db, Uow};
use platform::kernel::error::Error;
use platform::kernel::ids::{BranchId, JobId};
use platform::kernel::principal::Visibility;
use platform::worker::{self, NewJob};

/// Size of the parts an upload is kept in.
const PART: usize = 1 << 20;
/// Tries before an import is given up.
pub const TRIES: i32 = 8;

/// What the job of an import needs to know.
#[derive(Serialize, Deserialize)]
pub struct Payload {
    /// How the file is to be taken in.
    pub options: Options,
    /// What it is.
    pub facts: FileFacts,
    /// Whose clients the one who sent it may see: the job sees no others.
    #[serde(alias = "sight")]
    scope: Scope,
}

#[derive(Serialize, Deserialize)]
struct Scope {
    firm: bool,
    branch_ids: Vec<Uuid>,
    advisor_id: Option<Uuid>,
    home: BranchId,
}

impl Payload {
    /// The scope of the one who sent the file.
    pub fn visibility(&self) -> Visibility {
        let Scope { firm, branch_ids, advisor_id, .. } = &self.scope;
        Visibility { firm: *firm, branch_ids: branch_ids.clone(), advisor_id: *advisor_id }
    }

    /// Their home branch.
    pub fn home(&self) -> BranchId {
        self.scope.home
    }
}

/// Size and SHA-256 of a file, read to its end.
pub fn digest(mut input: impl Read) -> io::Result<FileFacts> {
    let (mut context, mut part, mut bytes) = (Context::new(&SHA256), vec![0; PART], 0);
    loop {
        match input.read(&mut part)? {
            0 => break,
            read => {
                context.update(&part[..read]);
                bytes += read as u64;
            }
        }
    }
    let sha256 = context.finish().as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(FileFacts { sha256, bytes })
}

/// Refuses a file whose columns cannot feed its kind, while there is still somebody to tell.
pub fn fits(file: &mut File, options: &Options) -> Result<(), Error> {
    let mapping = Mapping::new(options.kind, &options.map, &options.set)?;
    if file.metadata().map_err(Error::internal)?.len() == 0 {
        return Err(Error::code(&EMPTY_FILE));
    }
    if options.format == Format::Csv {
        file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
        Columns::of_header(&mapping, &reader::header(&mut *file)?.names)?;
    }
    Ok(())
}

/// Keeps a file and asks for the job that takes it in, all in one unit of work.
pub async fn take_up(uow: &mut Uow, options: Options, facts: FileFacts, file: File) -> Result<JobId, Error> {
    refuse_other_source(uow, &options, &facts).await?;
    let Visibility { firm, branch_ids, advisor_id } = uow.visibility();
    let home = uow.caller().principal.branch_id;
    let payload = Payload { options, facts, scope: Scope { firm, branch_ids, advisor_id, home } };
    let payload = serde_json::to_value(payload).map_err(Error::internal)?;
    let job_id = worker::enqueue(uow, NewJob::of(JOB_KIND, payload).tries(TRIES)).await?;
    let mut file = tokio::fs::File::from_std(file);
    tokio::io::AsyncSeekExt::rewind(&mut file).await.map_err(Error::internal)?;
    for sequence in 0.. {
        let mut part = Vec::with_capacity(PART);
        let mut limited = tokio::io::AsyncReadExt::take(&mut file, PART as u64);
        tokio::io::AsyncReadExt::read_to_end(&mut limited, &mut part).await.map_err(Error::internal)?;
        if part.is_empty() {
            break;
        }
        let sealed = uow.db().keyring().house().seal(&part_of(job_id, sequence), &part)?;
        store::insert_chunk(uow.conn(), job_id, sequence, &sealed).await?;
    }
    Ok(job_id)
}

/// A part of an upload, opened; none after the last.
pub async fn part(db: &Db, job_id: JobId, sequence: i32) -> Result<Option<Vec<u8>>, Error> {
    let sealed = store::chunk(&mut *db.connection().await?, job_id, sequence).await?;
    sealed.map(|sealed| db.keyring().house().open(&part_of(job_id, sequence), &sealed)).transpose()
}

/// What a sealed part is bound to: its place, so that none can stand for another.
fn part_of(job_id: JobId, sequence: i32) -> String {
    format!("import_chunk.sealed/{job_id}/{sequence}")
}
