//! The same bytes under another name would be booked twice: their source must then be said.

use crate::imports::model::{FileFacts, Options};
use crate::imports::{SAME_FILE_OTHER_SOURCE, store};
use platform::db::Read;
use platform::kernel::error::Error;

/// Refuses bytes that came under another source, unless the source was said.
pub async fn refuse_other_source(read: &mut Read, options: &Options, facts: &FileFacts) -> Result<(), Error> {
    if options.source_is_explicit {
        return Ok(());
    }
    let hash = bytes_of(&facts.sha256);
    match store::other_source(read.conn(), options.kind, &hash, &options.source).await? {
        None => Ok(()),
        Some(known) => Err(Error::detailed(
            &SAME_FILE_OTHER_SOURCE,
            format!(
                "They came as {known}. Name the source of this file: {known} changes nothing, another one books its rows once more."
            ),
            format!("该文件曾以来源 {known} 导入。请明确指定来源 source：{known} 不会重复入账，其他来源将再次入账。"),
        )),
    }
}

/// The bytes of a hash in hex.
pub fn bytes_of(hex: &str) -> Vec<u8> {
    let pair = |at| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    (0..hex.len()).step_by(2).filter_map(pair).collect()
}
