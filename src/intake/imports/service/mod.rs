//! Taking a file in: read on a thread of its own, applied chunk by chunk, each one unit of work.

mod apply;
mod clients;
mod commit;
mod directory;
mod examples;
mod fault_kinds;
mod feed;
pub mod mappings;
mod of_row;
mod outcome;
mod plan;
mod progress;
mod rehearse;
mod rejections;
mod source;
mod upload;

use std::io::Read;
use std::time::Duration;

use serde_json::json;
use tokio::sync::mpsc;

pub use commit::{commit, undo};
pub use plan::KIND as PLAN_KIND;
pub use progress::Progress;
pub use rejections::{all_rejections, rejections};
pub use upload::{Inspection, Payload, TRIES as JOB_TRIES, digest, fits, part, take_up};

use self::directory::Directory;
use self::feed::{Chunk, Message};
use self::outcome::Applied;
use self::rehearse::Rehearsal;
use self::source::refuse_other_source;
use super::events::ImportChunkRead;
use super::model::{Column, Counts, FileFacts, Layout, Options, PendingRow, Rejection, Summary};
use super::rules::mapping::Mapping;
use super::{TOO_MANY_REJECTED, store};
use platform::bulk::NewPlan;
use platform::db::{Db, Uow};
use platform::kernel::error::Error;
use platform::kernel::event::Event;
use platform::kernel::ids::JobId;
use platform::kernel::principal::Caller;
use platform::worker;

/// So many wrong lines mean a wrong file.
const MOST_REJECTED: u64 = 100_000;
/// Names kept of columns that feed nothing.
const MOST_IGNORED: usize = 50;
/// Tries of a chunk that lost against another writer.
const TRIES: u32 = 6;

/// A chunk that was done.
#[derive(Debug, Default)]
pub struct Step {
    /// Its rows that were refused, in the order of their lines.
    pub rejected: Vec<Rejection>,
    /// Bytes of the file read so far.
    pub bytes: u64,
}

/// An import under way: call [`Import::step`] until it gives nothing, then [`Import::finish`].
///
/// It takes many units of work, one a chunk, so it holds what begins them (database and caller) and not one of them;
/// what it calls takes a unit of work or a read, as services do.
pub struct Import {
    db: Db,
    caller: Caller,
    options: Options,
    facts: FileFacts,
    job: Option<JobId>,
    messages: mpsc::Receiver<Message>,
    progress: Progress,
    /// Chunks done by an earlier run of the same job.
    skip: u64,
    layout: Option<Layout>,
    columns: Vec<Column>,
    directory: Directory,
    /// What a dry run remembers.
    rehearsal: Option<Rehearsal>,
    is_noted: bool,
}

impl Import {
    /// Starts to take in a file; refuses one whose columns do not fit, or whose bytes came under another name.
    pub async fn start(
        db: &Db,
        caller: Caller,
        options: Options,
        facts: FileFacts,
        input: impl Read + Send + 'static,
    ) -> Result<Self, Error> {
        let mapping = Mapping::new(options.kind, &options.declared)?;
        refuse_other_source(&mut db.read(&caller).await?, &options, &facts).await?;
        let encoding = upload::encoding(&options, &facts)?;
        let rehearsal = options.dry_run.then(|| Rehearsal::new(&options));
        Ok(Self {
            db: db.clone(),
            caller,
            messages: feed::start(input, &options, encoding, mapping, db.calendar().time_zone),
            options,
            facts,
            job: None,
            progress: Progress::default(),
            skip: 0,
            layout: None,
            columns: Vec::new(),
            directory: Directory::default(),
            rehearsal,
            is_noted: false,
        })
    }

    /// As the work of a job, which may have been begun before: what is done is not done again.
    #[must_use]
    pub fn of_job(mut self, job: JobId, done: Progress) -> Self {
        self.job = Some(job);
        if !self.options.dry_run {
            self.skip = done.chunks;
            self.progress = done;
        }
        self
    }

    /// Counts so far.
    pub fn counts(&self) -> &Counts {
        &self.progress.counts
    }

    /// Applies the next chunk; none at the end of the file.
    pub async fn step(&mut self) -> Result<Option<Step>, Error> {
        if self.progress.counts.rejected > MOST_REJECTED {
            return Err(Error::code(&TOO_MANY_REJECTED));
        }
        let chunk = match self.messages.recv().await {
            Some(Message::Chunk(chunk)) => chunk,
            Some(Message::End { layout, columns }) => {
                (self.layout, self.columns) = (Some(layout), columns);
                return Ok(None);
            }
            Some(Message::Failed(error)) => return Err(error),
            None => return Err(Error::internal("the reader of the file ended before the file")),
        };
        let bytes = chunk.bytes;
        if self.skip > 0 {
            self.skip -= 1;
            return Ok(Some(Step { rejected: Vec::new(), bytes }));
        }
        let applied = self.apply(chunk).await?;
        Ok(Some(Step { rejected: applied.rejected, bytes }))
    }

    async fn apply(&mut self, chunk: Chunk) -> Result<Applied, Error> {
        if let Some(rehearsal) = &mut self.rehearsal {
            let applied = rehearsal.chunk(&self.db, &self.caller, &self.options, &mut self.directory, chunk).await?;
            let uow = self.db.begin(&self.caller).await?;
            return self.note(uow, applied).await;
        }
        let mut wait = Duration::from_millis(50);
        for _ in 1..TRIES {
            match self.apply_once(chunk.clone()).await {
                Err(Error::Refused(refusal)) if refusal.retry_after_s.is_some() => tokio::time::sleep(wait).await,
                outcome => return outcome,
            }
            wait *= 2;
        }
        self.apply_once(chunk).await
    }

    async fn apply_once(&mut self, chunk: Chunk) -> Result<Applied, Error> {
        let mut uow = self.db.begin(&self.caller).await?;
        let applied = apply::apply(&mut uow, &self.options, &mut self.directory, chunk).await?;
        self.note(uow, applied).await
    }

    /// Writes down how far the import is, in the unit of work that brought it there.
    async fn note(&mut self, mut uow: Uow, applied: Applied) -> Result<Applied, Error> {
        let mut progress = self.progress.clone();
        progress.chunks += 1;
        progress.counts.add(&applied.counts);
        PendingRow::name(&mut progress.pending_rows, &applied.pending);
        fault_kinds::add(&mut progress.faults, &applied.rejected);
        if let Some(job) = self.job {
            self.refuse_if_overtaken(&mut uow, job).await?;
            store::note_rejections(uow.conn(), job, &applied.rejected).await?;
            let shown = serde_json::to_value(&progress).map_err(Error::internal)?;
            worker::note_progress(uow.conn(), job, &shown).await?;
        }
        let notes_file = !self.is_noted && !self.options.dry_run && progress.counts.anything_applied();
        if notes_file {
            refuse_other_source(&mut uow, &self.options, &self.facts).await?;
            let (hash, now) = (source::bytes_of(&self.facts.sha256), uow.now());
            let bytes = i64::try_from(self.facts.bytes).unwrap_or(i64::MAX);
            store::note_file(uow.conn(), self.options.kind, &self.options.source, &hash, bytes, now).await?;
        }
        let Options { kind, dry_run, .. } = self.options;
        uow.record(Event::new(
            ImportChunkRead { kind, dry_run, counts: applied.counts.clone() },
            self.job.map(|job| job.0),
        ));
        uow.finish(()).await?;
        self.is_noted |= notes_file;
        self.progress = progress;
        Ok(applied)
    }

    /// A worker that lost its lease without noticing stops here.
    async fn refuse_if_overtaken(&self, uow: &mut Uow, job: JobId) -> Result<(), Error> {
        let found = worker::find(uow.conn(), job).await?.ok_or_else(Error::not_found)?;
        let kept: Progress = serde_json::from_value(found.progress).unwrap_or_default();
        let overtaken = !self.options.dry_run && kept.chunks != self.progress.chunks;
        if overtaken { Err(Error::internal("another worker goes on with this import")) } else { Ok(()) }
    }

    /// What a dry run would write, as a plan to be committed; none where there is nothing to be written.
    ///
    /// # Errors
    /// 422 `bulk_plan_too_large`.
    pub fn plan(&mut self) -> Result<Option<NewPlan>, Error> {
        let Some(rehearsal) = self.rehearsal.take() else { return Ok(None) };
        let FileFacts { sha256, .. } = &self.facts;
        let filter = json!({ "kind": self.options.kind, "source": self.options.source, "sha256": sha256 });
        rehearsal.draft.finish(&self.db, filter, sha256)
    }

    /// What came of the file.
    pub fn finish(self) -> (Progress, Summary) {
        let ignored = self.columns.iter().filter(|column| column.fields.is_empty());
        let summary = Summary {
            counts: self.progress.counts.clone(),
            ignored_columns: ignored.map(|column| column.column.clone()).take(MOST_IGNORED).collect(),
            layout: self.layout,
            columns: self.columns,
            faults: fault_kinds::most_frequent_first(self.progress.faults.clone()),
            source: self.options.source,
            sha256: self.facts.sha256,
            dry_run: self.options.dry_run,
            bulk_plan_id: None,
            no_bulk_plan: None,
            pending_rows: self.progress.pending_rows.clone(),
        };
        (self.progress, summary)
    }
}
