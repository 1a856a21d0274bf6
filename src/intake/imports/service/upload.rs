//! A file that came over HTTP: kept in the database with the job that will take it in.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};

use aws_lc_rs::digest::{Context, SHA256};
use encoding_rs::Encoding;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::source::refuse_other_source;
use crate::imports::faults;
use crate::imports::model::{FileFacts, Format, JOB_KIND, Options};
use crate::imports::reader::{self, Rows, Sniffer};
use crate::imports::rules::mapping::Mapping;
use crate::imports::{EMPTY_FILE, UNFIT_FILE, store};
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

/// Size, SHA-256 and encoding of a file whose bytes go by.
pub struct Inspection {
    sha256: Context,
    sniffer: Sniffer,
    bytes: u64,
}

impl Default for Inspection {
    fn default() -> Self {
        Self { sha256: Context::new(&SHA256), sniffer: Sniffer::default(), bytes: 0 }
    }
}

impl Inspection {
    /// The next bytes.
    pub fn update(&mut self, part: &[u8]) {
        self.sha256.update(part);
        self.sniffer.update(part);
        self.bytes += part.len() as u64;
    }

    /// How the file is written, as its first character says.
    pub fn format(&self) -> Format {
        if self.sniffer.begins_with_object() { Format::Ndjson } else { Format::Csv }
    }

    /// What the file is, and its hash once more in bytes.
    pub fn finish(self) -> (FileFacts, [u8; 32]) {
        let mut hash = [0; 32];
        hash.copy_from_slice(self.sha256.finish().as_ref());
        let sha256 = hash.iter().map(|byte| format!("{byte:02x}")).collect();
        (FileFacts { sha256, bytes: self.bytes, encoding: self.sniffer.finish().name().to_owned() }, hash)
    }
}

/// What a file is, read to its end, and how it seems to be written.
pub fn digest(mut input: impl Read) -> io::Result<(FileFacts, Format)> {
    let (mut inspection, mut part) = (Inspection::default(), vec![0; PART]);
    loop {
        match input.read(&mut part)? {
            0 => {
                let format = inspection.format();
                return Ok((inspection.finish().0, format));
            }
            read => inspection.update(&part[..read]),
        }
    }
}

/// The encoding of a file: as it was said, else as its bytes say.
pub fn encoding(options: &Options, facts: &FileFacts) -> Result<&'static Encoding, Error> {
    let label = options.declared.encoding.as_ref().unwrap_or(&facts.encoding);
    reader::by_label(label).ok_or_else(|| Error::fault(faults::NO_SUCH_ENCODING.at("?encoding")))
}

/// Refuses a file whose columns cannot feed its kind, while there is still somebody to tell.
pub fn fits(file: &mut File, options: &Options, facts: &FileFacts) -> Result<(), Error> {
    let mapping = Mapping::new(options.kind, &options.declared)?;
    let encoding = encoding(options, facts)?;
    if facts.bytes == 0 {
        return Err(Error::code(&EMPTY_FILE));
    }
    file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    refuse_workbook(&mut *file)?;
    file.seek(SeekFrom::Start(0)).map_err(Error::internal)?;
    Rows::open(&mut *file, options.format, encoding, options.declared.separator, &mapping).map(drop)
}

/// A workbook or a web page is not a table of text, whatever its name says.
fn refuse_workbook(input: impl Read) -> Result<(), Error> {
    let mut beginning = Vec::new();
    input.take(16).read_to_end(&mut beginning).map_err(Error::internal)?;
    const SIGNATURES: [&[u8]; 4] = [b"PK\x03\x04", b"\xD0\xCF\x11\xE0", b"<html", b"<!DOCTYPE"];
    if SIGNATURES.iter().any(|signature| beginning.starts_with(signature)) {
        return Err(Error::detailed(
            &UNFIT_FILE,
            "It is a workbook or a web page: save the sheet as CSV, and send that.",
            "该文件是工作簿或网页：请另存为 CSV 后再导入。",
        ));
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
