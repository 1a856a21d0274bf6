//! What happens to imports.

use super::model::{Counts, Kind};

platform::events! {
    ImportRead = "import.read" of "job" audited c1 "An imported file was read to its end" "导入文件已读完" {}
    ImportChunkRead = "import.chunk_read" of "job" audited c1 "A part of an imported file was read" "导入文件已读取一部分" {
        /// What the file holds.
        pub kind: Kind,
        /// Whether nothing was written.
        pub dry_run: bool,
        /// Rows of the part.
        pub counts: Counts,
    }
    ImportMappingCreated = "import_mapping.created" of "import_mapping" published c1 "An import mapping was saved"
        "导入映射已保存" {
        /// Its name.
        pub name: String,
        /// What the files hold.
        pub kind: Kind,
    }
    ImportMappingChanged = "import_mapping.changed" of "import_mapping" published c1 "An import mapping was changed"
        "导入映射已修改" {
        /// Its name.
        pub name: String,
        /// What the files hold.
        pub kind: Kind,
    }
    ImportMappingDeleted = "import_mapping.deleted" of "import_mapping" published c1 "An import mapping was deleted"
        "导入映射已删除" {
        /// Its name.
        pub name: String,
        /// What the files hold.
        pub kind: Kind,
    }
}
